package org.rotunda.room.nodewatch;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The data that {@link WatchBoard} keeps about one member. */
final class Peer {
    private final NodeId node;
    private final Set<String> roles;
    /**
     * The times of the last beats that named the peer's media nodes, by media node. Silent media nodes have no entry.
     */
    private final Map<String, Long> mediaNodes = new HashMap<>();

    Rank rank = Rank.JOINING;
    boolean isLost;
    int losses;
    int lossesOfUs;
    long echoNanos = Beat.NO_ECHO;
    boolean isStranger; // True while the peer's beats say that we are not a member.
    long strangerNanos; // The time at which isStranger became true.

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

    /** Returns whether the peer was heard at least once and is not lost. */
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

    /** Notes that the peer has answered the beat that we sent at this time, and that it regards us as a member. */
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

    /** Treats the peer as heard just now. A node that was late cannot tell whether its peers were silent. */
    void forgive(long nowNanos) {
        heardNanos = nowNanos;
        mediaNodes.replaceAll((mediaNode, heard) -> nowNanos);
    }

    /** Returns the earliest of the times at which the peer and its media nodes were last heard. */
    long oldestNanos() {
        long oldest = heardNanos;
        for (long each : mediaNodes.values()) {
            oldest = each - oldest < 0 ? each : oldest;
        }
        return oldest;
    }
}
