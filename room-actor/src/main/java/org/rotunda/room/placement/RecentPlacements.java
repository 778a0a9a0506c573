package org.rotunda.room.placement;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The participants that this process has placed within the last two seconds, by media node. The load reports of the
 * nodes do not show all these participants yet. If they were not counted, all rooms that come between two reports would
 * go to the nodes with the lowest reported loads. Safe to use from any thread. Each call holds the lock for a time that
 * grows with the number of placements within two seconds.
 */
public final class RecentPlacements {
    /**
     * How long a placement is counted here. After this time the load reports include it: a client takes one second to
     * connect, and reports come one second apart.
     */
    static final long KEPT_NANOS = Duration.ofSeconds(2).toNanos();

    private record Placed(String mediaNode, int participants, long nanos) {}

    private final ArrayDeque<Placed> inOrder = new ArrayDeque<>();
    private final Map<String, Integer> participants = new HashMap<>();

    /** Adds participants that were placed on a node. */
    public synchronized void add(String mediaNode, int count, long nowNanos) {
        forgetOld(nowNanos);
        inOrder.addLast(new Placed(mediaNode, count, nowNanos));
        participants.merge(mediaNode, count, Integer::sum);
    }

    /** Returns the number of participants placed on each node. A node without placements is not in the map. */
    public synchronized Map<String, Integer> perNode(long nowNanos) {
        forgetOld(nowNanos);
        return Map.copyOf(participants);
    }

    private void forgetOld(long nowNanos) {
        while (!inOrder.isEmpty() && nowNanos - inOrder.getFirst().nanos() >= KEPT_NANOS) {
            Placed old = inOrder.removeFirst();
            participants.computeIfPresent(
                    old.mediaNode(), (node, count) -> count > old.participants() ? count - old.participants() : null);
        }
    }
}
