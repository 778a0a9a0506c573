package org.rotunda.room.entity;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.rotunda.room.protocol.RoomView;

/**
 * The table to which a room writes its own row, so that the caller who created or completed the room finds the row.
 * Safe to call from any thread.
 */
@FunctionalInterface
public interface RoomRecords {

    /**
     * Writes the row unless the table already has a later row of this room.
     *
     * @param eventNumber sequence number of the room's last event
     */
    CompletionStage<Done> record(RoomView room, long eventNumber);
}
