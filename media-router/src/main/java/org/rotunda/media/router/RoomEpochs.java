package org.rotunda.media.router;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The highest epoch seen of each room, by which commands of a replaced owner are refused. A room whose last transport
 * was closed is remembered for a while, because an owner that was stopped or cut off could come back and open it again.
 * Owned by one event loop.
 */
final class RoomEpochs {
    /** The time for which an empty room is remembered: by then its cluster has stopped a replaced owner. */
    static final long EMPTY_KEPT_NANOS = 600_000_000_000L;

    /**
     * Rooms without a transport here: 25 that end in each second, at some 150 bytes each. When full, the room whose
     * last command is the oldest is forgotten.
     */
    static final int EMPTY_MAX = 16_384;

    private record Empty(long epoch, long sinceNanos) {}

    private final Map<String, Long> open = new HashMap<>();
    private final LinkedHashMap<String, Empty> empty = new LinkedHashMap<>(); // In the order of their last commands.

    /**
     * Returns false for a command of a replaced owner, whose epoch is lower. Any other epoch is the room's from now on.
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

    /** The room has a transport here. Its epoch was admitted before. */
    void onOpened(String roomSid) {
        Empty remembered = empty.remove(roomSid);
        if (remembered != null) {
            open.put(roomSid, remembered.epoch);
        }
    }

    /** The room's last transport here is closed. */
    void onEmpty(String roomSid, long nowNanos) {
        Long epoch = open.remove(roomSid);
        if (epoch != null) {
            forgetOld(nowNanos);
            remember(roomSid, epoch, nowNanos);
        }
    }

    /** Rooms remembered without a transport. */
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
