package org.rotunda.room.mediaplane;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rotunda.room.mediaplane.DrainPermit.Answer;
import org.rotunda.room.mediaplane.DrainPermit.Kind;
import org.rotunda.room.nodewatch.NodeId;

/**
 * Decides which nodes may empty themselves at the same time. Nodes that must wait get their permits in the order in which
 * they asked first. A pure machine: every method gets the time in nanoseconds of {@link System#nanoTime()}. Owned by
 * {@link DrainPermits}.
 */
final class PermitQueue {
    /** A node that has not asked again for this long has ended, or has given up. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(5);

    /** The holders that an earlier queue has known ask within this time after the start. Nobody gets a permit before. */
    static final Duration REPORTED_WITHIN = Duration.ofSeconds(3);

    /** One media node in so many may move its connections at the same time; at least one may. */
    static final int MEDIA_NODES_FOR_EACH_MOVE = 10;

    private final Map<NodeId, Entry> holders = new LinkedHashMap<>();
    private final Map<NodeId, Entry> waiting = new LinkedHashMap<>(); // In the order of their first questions.
    private final long grantsFromNanos;

    private record Entry(Kind kind, long heardNanos) {}

    PermitQueue(long nowNanos) {
        grantsFromNanos = nowNanos + REPORTED_WITHIN.toNanos();
    }

    /**
     * Answers a node that asks for the first time or again.
     *
     * @param holds true if the node says that it has the permit; then it has it, whoever else has one, because it is
     *     already being emptied
     * @param mediaNodes the number of media nodes of the cluster
     */
    Answer ask(NodeId node, Kind kind, boolean holds, int mediaNodes, long nowNanos) {
        forgetTheSilent(nowNanos);
        Entry entry = new Entry(kind, nowNanos);
        Entry held = holders.get(node);
        if (holds || (held != null && held.kind() == kind)) {
            waiting.remove(node);
            holders.put(node, entry);
        } else {
            holders.remove(node); // A permit of the other kind, which the node does not use any more.
            waiting.put(node, entry);
            grant(mediaNodes, nowNanos);
        }
        return new Answer(
                holders.containsKey(node),
                holders.keySet().stream().filter(other -> !other.equals(node)).toList());
    }

    void giveBack(NodeId node) {
        holders.remove(node);
        waiting.remove(node);
    }

    /** Gives permits to those who have waited longest, up to the first who must go on waiting. */
    private void grant(int mediaNodes, long nowNanos) {
        if (nowNanos - grantsFromNanos < 0) {
            return;
        }
        Iterator<Map.Entry<NodeId, Entry>> first = waiting.entrySet().iterator();
        while (first.hasNext()) {
            Map.Entry<NodeId, Entry> next = first.next();
            if (!isFree(next.getValue().kind(), mediaNodes)) {
                return;
            }
            first.remove();
            holders.put(next.getKey(), next.getValue());
        }
    }

    private boolean isFree(Kind kind, int mediaNodes) {
        return switch (kind) {
            case HAND_OVER_ROOMS -> holders.isEmpty();
            case MOVE_CONNECTIONS ->
                holders.size() < Math.max(1, mediaNodes / MEDIA_NODES_FOR_EACH_MOVE)
                        && holders.values().stream().allMatch(holder -> holder.kind() == Kind.MOVE_CONNECTIONS);
        };
    }

    private void forgetTheSilent(long nowNanos) {
        long oldest = nowNanos - SILENCE_MAX.toNanos();
        holders.values().removeIf(entry -> entry.heardNanos() - oldest < 0);
        waiting.values().removeIf(entry -> entry.heardNanos() - oldest < 0);
    }
}
