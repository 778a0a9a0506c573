package org.rotunda.room;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomSid;

/**
 * Remembers the accounts of the rooms that this process has seen most recently. A room never changes its account, so an
 * entry is never wrong. When many clients resume at once, each room is looked up in the database once and not once for
 * each client. Safe to use from any thread.
 */
final class KnownRooms {
    /** The maximum number of rooms that are remembered. An entry takes about 300 bytes. */
    static final int ROOMS_MAX = 10_000;

    private final Map<RoomSid, AccountSid> accounts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RoomSid, AccountSid> eldest) {
            return size() > ROOMS_MAX;
        }
    };

    synchronized void put(RoomSid room, AccountSid account) {
        accounts.put(room, account);
    }

    synchronized Optional<AccountSid> accountOf(RoomSid room) {
        return Optional.ofNullable(accounts.get(room));
    }
}
