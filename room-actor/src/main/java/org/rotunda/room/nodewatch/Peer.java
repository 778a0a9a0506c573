package org.rotunda.room.nodewatch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The data that {@link WatchBoard} keeps about one member. */
final class Peer {
    private final NodeId node;
    private final Set<String> roles;
    private final boolean runsRooms;
    private final Map<String, MediaSight> mediaNodes = new HashMap<>();

    Rank rank = Rank.JOINING;
    boolean isLost;
    int losses;
    int lossesOfUs;
    long echoNanos = Beat.NO_ECHO;
    boolean isStranger; // True while the peer's beats say that we are not a member.
    long strangerNanos; // The time at which isStranger became true.

    /** The watchers of a peer without rooms, as {@link Watchers} chooses them. All room nodes watch each other. */
    List<NodeId> watchers = List.of();

    /** True if this node and the peer send each other beats. */
    boolean isExchanging;

    /** True if this node exchanges beats with the peer and has not heard it for too long. */
    boolean isMissed;

    /** True if the peer's answer to a recent beat says that this node is a member. Such a peer counts for the fence. */
    boolean isWithUs;

    /** The peer's own sightings, from its latest beat. */
    Sightings sightings = Sightings.NONE;

    /** The port of the peer's lifeline listener, as its beats say. */
    int lifelinePort = Beat.NO_LIFELINE;

    private boolean isHeard;
    private long heardNanos;
    private boolean isEnded;
    private long endedNanos;
    private long confirmedNanos = Beat.NO_ECHO;

    Peer(NodeId node, Set<String> roles, boolean runsRooms) {
        this.node = node;
        this.roles = roles;
        this.runsRooms = runsRooms;
    }

    NodeId node() {
        return node;
    }

    Set<String> roles() {
        return roles;
    }

    boolean runsRooms() {
        return runsRooms;
    }

    /** Returns whether this node hears the peer's beats and the peer is not lost. */
    boolean isThere() {
        return isHeard && !isMissed && !isLost;
    }

    /**
     * Returns whether the peer's sightings count. The sightings count while this node hears the peer, even if other
     * nodes miss the peer.
     */
    boolean isWitness() {
        return isExchanging && isHeard && !isMissed;
    }

    long heardNanos() {
        return heardNanos;
    }

    void hear(long nowNanos) {
        heardNanos = nowNanos;
        if (!isHeard) {
            isHeard = true;
            // Other nodes may already have told of the peer's media nodes. Those media nodes, too, count as heard just
            // now.
            forgive(nowNanos);
        }
    }

    /**
     * Notes that the peer's process has ended. From now on this node misses the peer and its media nodes, whatever beats
     * still arrive, until {@link #rises}.
     */
    void end(long nowNanos) {
        isEnded = true;
        endedNanos = nowNanos;
        isMissed = true;
        mediaNodes.values().forEach(sight -> sight.isMissed = true);
    }

    boolean isEnded() {
        return isEnded;
    }

    /**
     * Returns whether this beat proves that the peer's process lives although it seemed to have ended. Beats that the
     * process sent before its end may arrive for a while. Only an answer to a beat of this node that is younger than the
     * end proves that the process has run since.
     */
    boolean rises(Beat beat) {
        if (!isEnded || beat.echoNanos() == Beat.NO_ECHO || beat.echoNanos() - endedNanos <= 0) {
            return false;
        }
        isEnded = false;
        return true;
    }

    /** Begins or ends the exchange of beats. A peer is not missed before its first beat in an exchange. */
    void exchange(boolean begins) {
        if (begins != isExchanging) {
            isExchanging = begins;
            isHeard = false;
            isMissed = isEnded;
            sightings = Sightings.NONE;
            mediaNodes.values().forEach(sight -> sight.isMissed = isEnded);
        }
    }

    /**
     * Notes that the peer has answered the beat that this node sent at this time, and that the peer regards this node
     * as a member.
     */
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

    /** The media nodes of the peer's process, by id. */
    Map<String, MediaSight> mediaNodes() {
        return mediaNodes;
    }

    MediaSight sight(String mediaNode) {
        return mediaNodes.computeIfAbsent(mediaNode, id -> new MediaSight());
    }

    /**
     * Treats the peer and its media nodes as heard just now. A node that was late cannot tell whether its peers were
     * silent.
     */
    void forgive(long nowNanos) {
        heardNanos = nowNanos;
        mediaNodes.values().forEach(sight -> sight.heardNanos = nowNanos);
    }

    /**
     * Notes that the peer, and each of its media nodes, is missed if it was not heard after this time. Returns whether
     * anything is newly missed.
     */
    boolean missUnlessHeardSince(long sinceNanos) {
        if (!isHeard) {
            return false;
        }
        boolean isNew = !isMissed && heardNanos - sinceNanos <= 0;
        isMissed |= isNew;
        for (MediaSight sight : mediaNodes.values()) {
            if (!sight.isMissed && sight.heardNanos - sinceNanos <= 0) {
                sight.isMissed = true;
                isNew = true;
            }
        }
        return isNew;
    }

    /**
     * Returns the oldest of the times at which the peer and each of its media nodes were last heard, or
     * {@link Long#MAX_VALUE} if all of them are missed already or none was ever heard.
     */
    long oldestNanos() {
        if (!isHeard) {
            return Long.MAX_VALUE;
        }
        boolean isAny = !isMissed;
        long oldest = heardNanos;
        for (MediaSight sight : mediaNodes.values()) {
            if (!sight.isMissed && (!isAny || sight.heardNanos - oldest < 0)) {
                isAny = true;
                oldest = sight.heardNanos;
            }
        }
        return isAny ? oldest : Long.MAX_VALUE;
    }
}
