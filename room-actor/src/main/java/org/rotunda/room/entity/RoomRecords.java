package org.rotunda.room.entity;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.rotunda.room.protocol.RoomView;

/**
 * The table of rooms, to which each room writes its own row. A caller who creates or completes a room is answered after
 * this write, and so finds the row at once. Safe to call from any thread.
 */
@FunctionalInterface
public interface RoomRecords {

    /**
     * Writes the row unless the table already has a later row of this room.
     *
     * @param eventNumber the sequence number of the room's last event
     */
    CompletionStage<Done> record(RoomView room, long eventNumber);
}
