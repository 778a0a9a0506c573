package org.rotunda.media.router;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the highest epoch that was seen for each room. A new owner of a room has a higher epoch, so commands with a
 * lower epoch come from a replaced owner and are refused. After a room's last transport was closed, its epoch is kept
 * for ten minutes, because a replaced owner could come back and open the room again. Owned by one event loop.
 */
final class RoomEpochs {
    /** The time for which the epoch of an empty room is kept. The cluster stops a replaced owner within this time. */
    static final long EMPTY_KEPT_NANOS = 600_000_000_000L;

    /**
     * The maximum number of empty rooms whose epoch is kept. The limit suffices if 25 rooms end in each second of the
     * ten minutes for which an epoch is kept. Each room takes some 150 bytes. At the limit, the room with the oldest
     * last command is forgotten.
     */
    static final int EMPTY_MAX = 16_384;

    private record Empty(long epoch, long sinceNanos) {}

    private final Map<String, Long> open = new HashMap<>();
    // The rooms are in the order of their last commands.
    private final LinkedHashMap<String, Empty> empty = new LinkedHashMap<>();

    /**
     * Returns whether to carry out a command with this epoch. Returns false if the room has a higher epoch. If the
     * command has a higher epoch, it becomes the room's epoch.
     */
    boolean admits(String roomSid, long epoch, long nowNanos) {
        Long ofOpen = open.get(roomSid);
        if (ofOpen != null) {
            if (epoch > ofOpen) {
                open.put(roomSid, epoch);
            }
            return epoch >= ofOpen;
        }
        forgetOld(nowNanos);
        Empty remembered = empty.remove(roomSid);
        long highest = remembered == null ? epoch : Math.max(epoch, remembered.epoch);
        remember(roomSid, highest, nowNanos);
        return epoch >= highest;
    }

    /** Notes that the room now has a transport here. Called after {@link #admits}. */
    void onOpened(String roomSid) {
        Empty remembered = empty.remove(roomSid);
        if (remembered != null) {
            open.put(roomSid, remembered.epoch);
        }
    }

    /** Notes that the room's last transport here was closed. */
    void onEmpty(String roomSid, long nowNanos) {
        Long epoch = open.remove(roomSid);
        if (epoch != null) {
            forgetOld(nowNanos);
            remember(roomSid, epoch, nowNanos);
        }
    }

    /** Returns the number of empty rooms whose epoch is kept. */
    int emptyCount() {
        return empty.size();
    }

    private void remember(String roomSid, long epoch, long nowNanos) {
        if (empty.size() >= EMPTY_MAX) {
            Iterator<String> oldest = empty.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        empty.put(roomSid, new Empty(epoch, nowNanos));
    }

    private void forgetOld(long nowNanos) {
        Iterator<Empty> oldest = empty.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().sinceNanos >= EMPTY_KEPT_NANOS) {
            oldest.remove();
        }
    }
}
