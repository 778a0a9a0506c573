package org.rotunda.room.name;

import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomSid;

/** Releases the names of rooms that are over. Safe to call from any thread. A repeated release does no harm. */
@FunctionalInterface
public interface RoomNames {
    void release(AccountSid account, String uniqueName, RoomSid room);

    /**
     * Tidies up a name whose stored state is older than any room can be. If the room that has the name is over, or was
     * never created, the name is released. The row of a name that is free then is deleted.
     *
     * @param entityId the id of the name's entity
     */
    default void tidy(String entityId) {}
}
