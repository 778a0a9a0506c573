package org.rotunda.room.name;

import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomSid;

/** Releases the names of rooms that are over. Safe to call from any thread. A repeated release does no harm. */
@FunctionalInterface
public interface RoomNames {
    void release(AccountSid account, String uniqueName, RoomSid room);
}
