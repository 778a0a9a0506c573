package org.rotunda.room.name;

import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomSid;

/** Gives a room's name back. Safe to call from any thread; repeats do no harm. */
@FunctionalInterface
public interface RoomNames {
    void release(AccountSid account, String uniqueName, RoomSid owner);
}
