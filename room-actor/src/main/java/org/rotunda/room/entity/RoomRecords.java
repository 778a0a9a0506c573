package org.rotunda.room.entity;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomView;

/**
 * The tables of rooms and participants, to which each room writes what a caller must find at once. The caller is
 * answered after the write. The projection writes everything else, and repairs what is not written here. Safe to call
 * from any thread.
 */
@FunctionalInterface
public interface RoomRecords {

    /**
     * Writes the room's row unless the table already has a later row of this room.
     *
     * @param eventNumber the sequence number of the room's last event
     */
    CompletionStage<Done> record(RoomView room, long eventNumber);

    /** Replaces the identity in the participant's row by its SID. Without a row, nothing changes. */
    default CompletionStage<Done> anonymize(ParticipantSid participant, Instant at) {
        return CompletableFuture.completedFuture(Done.getInstance());
    }
}
