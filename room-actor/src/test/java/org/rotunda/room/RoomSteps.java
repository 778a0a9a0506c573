package org.rotunda.room;

import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.ROOM;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.RoomEvent.ParticipantConnected;
import org.rotunda.room.RoomEvent.RoomCreated;
import org.rotunda.room.RoomEvent.RoomHosted;
import org.rotunda.room.RoomEvent.TrackPublished;
import org.rotunda.room.participant.Publication;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Brings a room, step by step, to where a test begins. */
final class RoomSteps {
    static final String NODE = "media-1";

    private final Random random = new Random(7);
    private OpenRoom room;

    private RoomSteps(RoomProperties properties) {
        RoomCreated created = new RoomCreated(ROOM, ACCOUNT, "daily", properties, START);
        room = OpenRoom.created(created);
        happens(new RoomHosted(1, START));
    }

    static RoomSteps room(RoomProperties properties) {
        return new RoomSteps(properties);
    }

    OpenRoom state() {
        return room;
    }

    /** Somebody connects, on a connection named like the identity. */
    ParticipantSid joins(String identity, Instant at) {
        return joins(identity, true, at);
    }

    ParticipantSid joins(String identity, boolean automaticSubscription, Instant at) {
        ParticipantSid sid = ParticipantSid.random(random);
        happens(new ParticipantConnected(
                sid,
                identity,
                "hash-" + identity,
                automaticSubscription,
                Map.of(),
                new Placement(NODE, identity),
                1,
                at));
        return sid;
    }

    TrackSid publishes(ParticipantSid participant, String clientTrackId, TrackKind kind) {
        TrackSid sid = TrackSid.random(random);
        Publication publication =
                new Publication(sid, clientTrackId, kind, "name-" + clientTrackId, true, TrackPriority.STANDARD);
        happens(new TrackPublished(participant, publication, START));
        return sid;
    }

    void happens(RoomEvent event) {
        room = (OpenRoom) room.apply(event);
    }
}
