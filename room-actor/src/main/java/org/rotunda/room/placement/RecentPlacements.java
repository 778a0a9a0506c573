package org.rotunda.room.placement;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * The participants that this process has placed within the last two seconds, by media node. The reports of the nodes do
 * not show all of them yet. Without them, all rooms that come between two reports would seem to cost nothing. Safe to
 * use from any thread; each call holds its lock for a time that the number of placements per second bounds.
 */
final class RecentPlacements {
    /** The age from which reports show a placement: one second between reports, and one for a client to connect. */
    static final long KEPT_NANOS = Duration.ofSeconds(2).toNanos();

    private record Placed(String mediaNode, int participants, long nanos) {}

    private final ArrayDeque<Placed> inOrder = new ArrayDeque<>();
    private final Map<String, Integer> participants = new HashMap<>();

    /** Adds participants that were placed on a node. */
    synchronized void add(String mediaNode, int count, long nowNanos) {
        forgetOld(nowNanos);
        inOrder.addLast(new Placed(mediaNode, count, nowNanos));
        participants.merge(mediaNode, count, Integer::sum);
    }

    /** Returns the participants placed on each node. A node without placements is missing. */
    synchronized Map<String, Integer> perNode(long nowNanos) {
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
