package org.rotunda.room.nodewatch;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The knowledge of one node about another member. Only {@link WatchBoard} uses it. */
final class Peer {
    private final NodeId node;
    private final Set<String> roles;
    /** The time of the last beat that named each media node of the peer. A silent media node has no entry. */
    private final Map<String, Long> mediaNodes = new HashMap<>();

    Rank rank = Rank.JOINING;
    boolean isLost;
    int losses;
    int lossesOfUs;
    long echoNanos = Beat.NO_ECHO;
    boolean isStranger; // True while the peer says that it does not know us.
    long strangerNanos; // The time of the first beat in which the peer said that it does not know us.

    private boolean isHeard;
    private long heardNanos;
    private long confirmedNanos = Beat.NO_ECHO;

    Peer(NodeId node, Set<String> roles) {
        this.node = node;
        this.roles = roles;
    }

    NodeId node() {
        return node;
    }

    Set<String> roles() {
        return roles;
    }

    /** Returns whether the peer was heard once and is not lost. */
    boolean isThere() {
        return isHeard && !isLost;
    }

    long heardNanos() {
        return heardNanos;
    }

    void hear(long nowNanos) {
        isHeard = true;
        heardNanos = nowNanos;
    }

    /** Notes that the peer saw us as a member after this time. */
    void confirm(long sentNanos) {
        if (sentNanos != Beat.NO_ECHO && (confirmedNanos == Beat.NO_ECHO || sentNanos - confirmedNanos > 0)) {
            confirmedNanos = sentNanos;
        }
    }

    void unconfirm() {
        confirmedNanos = Beat.NO_ECHO;
    }

    boolean isConfirmedSince(long nanos) {
        return confirmedNanos != Beat.NO_ECHO && confirmedNanos - nanos >= 0;
    }

    void hearMedia(Set<String> running, long nowNanos, Consumer<String> heardAnew) {
        for (String mediaNode : running) {
            if (mediaNodes.put(mediaNode, nowNanos) == null) {
                heardAnew.accept(mediaNode);
            }
        }
    }

    /** Removes the media nodes that no beat has named since this time. */
    void dropMedia(long beforeNanos, Consumer<String> dropped) {
        for (Iterator<Map.Entry<String, Long>> each = mediaNodes.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, Long> mediaNode = each.next();
            if (mediaNode.getValue() - beforeNanos <= 0) {
                each.remove();
                dropped.accept(mediaNode.getKey());
            }
        }
    }

    /** Counts the peer as heard just now, because a node that slept cannot tell whether the peer was silent. */
    void forgive(long nowNanos) {
        heardNanos = nowNanos;
        mediaNodes.replaceAll((mediaNode, heard) -> nowNanos);
    }

    /** Returns the oldest of the times at which the peer and each of its media nodes were last heard. */
    long oldestNanos() {
        long oldest = heardNanos;
        for (long each : mediaNodes.values()) {
            oldest = each - oldest < 0 ? each : oldest;
        }
        return oldest;
    }
}
