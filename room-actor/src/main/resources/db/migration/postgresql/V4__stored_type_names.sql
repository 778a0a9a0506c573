-- Stored rows name their types by names of our own, not by Java classes, which may be renamed and moved (StoredTypes). The rows of
-- builds before this version are rewritten: serializer 33 was Pekko's Jackson CBOR, 8202 is ours; the bytes are the same.

UPDATE "event_journal" SET "event_ser_id" = 8202, "event_ser_manifest" = CASE "event_ser_manifest"
        WHEN 'org.rotunda.room.RoomEvent$RoomCreated' THEN 'room-created'
        WHEN 'org.rotunda.room.RoomEvent$RoomHosted' THEN 'room-hosted'
        WHEN 'org.rotunda.room.RoomEvent$ParticipantConnected' THEN 'participant-connected'
        WHEN 'org.rotunda.room.RoomEvent$TrackPublished' THEN 'track-published'
        WHEN 'org.rotunda.room.RoomEvent$TrackRefused' THEN 'track-refused'
        WHEN 'org.rotunda.room.RoomEvent$TrackChanged' THEN 'track-changed'
        WHEN 'org.rotunda.room.RoomEvent$TrackUnpublished' THEN 'track-unpublished'
        WHEN 'org.rotunda.room.RoomEvent$ParticipantRevised' THEN 'participant-revised'
        WHEN 'org.rotunda.room.RoomEvent$SessionSuspended' THEN 'session-suspended'
        WHEN 'org.rotunda.room.RoomEvent$SessionResumed' THEN 'session-resumed'
        WHEN 'org.rotunda.room.RoomEvent$ParticipantMoved' THEN 'participant-moved'
        WHEN 'org.rotunda.room.RoomEvent$ParticipantDisconnected' THEN 'participant-disconnected'
        WHEN 'org.rotunda.room.RoomEvent$RoomCompleted' THEN 'room-completed'
    END
WHERE "event_ser_id" = 33 AND "event_ser_manifest" LIKE 'org.rotunda.room.RoomEvent$%';

UPDATE "snapshot" SET "snapshot_ser_id" = 8202, "snapshot_ser_manifest" = CASE "snapshot_ser_manifest"
        WHEN 'org.rotunda.room.RoomState$Empty' THEN 'room-empty'
        WHEN 'org.rotunda.room.OpenRoom' THEN 'room-open'
        WHEN 'org.rotunda.room.RoomState$Completed' THEN 'room-over'
    END
WHERE "snapshot_ser_id" = 33 AND "snapshot_ser_manifest" IN ('org.rotunda.room.RoomState$Empty', 'org.rotunda.room.OpenRoom', 'org.rotunda.room.RoomState$Completed');

UPDATE "durable_state" SET "state_serial_id" = 8202, "state_serial_manifest" = CASE "state_serial_manifest"
        WHEN 'org.rotunda.room.RoomName$Free' THEN 'name-free'
        WHEN 'org.rotunda.room.RoomName$Held' THEN 'name-held'
    END
WHERE "state_serial_id" = 33 AND "state_serial_manifest" IN ('org.rotunda.room.RoomName$Free', 'org.rotunda.room.RoomName$Held');
