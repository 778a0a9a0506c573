package org.rotunda.media.router;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The highest epoch seen of each room. Commands with a lower epoch come from a replaced owner and are refused. A room
 * whose last transport was closed is remembered for a while, because an owner that was stopped or cut off could come
 * back and open the room again. Owned by one event loop.
 */
final class RoomEpochs {
    /** The time for which an empty room is remembered. Within it the cluster has stopped a replaced owner. */
    static final long EMPTY_KEPT_NANOS = 600_000_000_000L;

    /**
     * The most rooms that are remembered without a transport here. The number suffices for 25 rooms that end in each
     * second, at some 150 bytes per room. At the limit the room whose last command is the oldest is forgotten.
     */
    static final int EMPTY_MAX = 16_384;

    private record Empty(long epoch, long sinceNanos) {}

    private final Map<String, Long> open = new HashMap<>();
    // In the order of the rooms' last commands.
    private final LinkedHashMap<String, Empty> empty = new LinkedHashMap<>();

    /**
     * Returns false for a command of a replaced owner, whose epoch is lower than the room's. A higher epoch becomes the
     * room's epoch.
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

    /** Notes that the room now has a transport here. The room's epoch was admitted before. */
    void onOpened(String roomSid) {
        Empty remembered = empty.remove(roomSid);
        if (remembered != null) {
            open.put(roomSid, remembered.epoch);
        }
    }

    /** Notes that the room's last transport here is closed. */
    void onEmpty(String roomSid, long nowNanos) {
        Long epoch = open.remove(roomSid);
        if (epoch != null) {
            forgetOld(nowNanos);
            remember(roomSid, epoch, nowNanos);
        }
    }

    /** The number of rooms that are remembered without a transport. */
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
