package org.rotunda.room.nodewatch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.rotunda.room.nodewatch.Majority.Vote;
import org.rotunda.room.nodewatch.WatchEvent.Expelled;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;

/**
 * The state machine of {@link NodeWatch}. It knows which nodes are lost, and whether this node may decide anything.
 * Hubs (the nodes that run rooms) exchange beats with every node. The other nodes exchange beats only with hubs.
 *
 * <p>A peer is lost when it has sent no beat for too long. A media node is lost when no beat has named it for too long.
 * A node whose own tick comes late does not count other nodes as lost. The fence is held while too few members have
 * answered a recent beat of this node. A beat is recent if it was sent in the last two seconds and after this node's
 * latest pause.
 */
final class WatchBoard {
    /** The delay of this node's own tick above which the silence of other nodes proves nothing. */
    static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The length of a pause after which the other nodes may have counted this node as lost. */
    static final long PAUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * The greatest age of a beat whose answer still proves membership. It is far below 8 s, the time after which the
     * cluster removes a silent node.
     */
    static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    /**
     * The number of beat intervals within which a peer must have been heard to count as certainly alive. If peers fall
     * silent together, their last beats are at most one interval apart.
     */
    static final int CERTAIN_BEATS = 2;

    /**
     * The time within which every peer learns of a new member. If a peer's beats say for longer than this that this
     * node is not a member, the cluster has removed this node.
     */
    static final long STRANGER_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The number of removed nodes that are remembered, enough for a few restarts of a whole cluster. */
    static final int EXPELLED_MAX = 1024;

    private final NodeId self;
    private final boolean isHub;
    private final String hubRole;
    private final long beatNanos;
    private final long lostNanos;
    private final WatchStatistics statistics;
    private final Peer own;
    private final Map<NodeId, Peer> peers = new TreeMap<>();
    private final Set<NodeId> expelled = new LinkedHashSet<>();
    private final List<WatchEvent> events = new ArrayList<>();
    private final List<Beat> beats = new ArrayList<>();
    private boolean hasTicked;
    private long tickNanos;
    private boolean wasPaused;
    private long resumedNanos;
    private boolean isHeld;
    // True while a peer is silent and this node does not certainly hear a majority.
    private boolean isDoubtful;
    private boolean isExpelled;

    WatchBoard(NodeId self, Set<String> roles, String hubRole, WatchSettings settings, WatchStatistics statistics) {
        this.self = self;
        this.isHub = roles.contains(hubRole);
        this.hubRole = hubRole;
        this.beatNanos = settings.beatInterval().toNanos();
        this.lostNanos = settings.lostAfter().toNanos();
        this.statistics = statistics;
        this.own = new Peer(self, roles);
    }

    // --- news from the cluster

    void onMember(NodeId node, Set<String> roles, Rank rank, long nowNanos) {
        Peer peer = node.equals(self) ? own : peers.computeIfAbsent(node, id -> new Peer(id, Set.copyOf(roles)));
        peer.rank = rank;
        if (peer != own && rank == Rank.DOWN) {
            expel(node);
            lose(peer);
        }
        judge(nowNanos, false);
    }

    void onRemoved(NodeId node, long nowNanos) {
        if (node.equals(self)) {
            own.rank = Rank.DOWN;
        } else {
            Peer peer = peers.remove(node);
            expel(node);
            if (peer != null && peer.rank != Rank.LEAVING && peer.rank != Rank.EXITING) {
                lose(peer);
            }
        }
        judge(nowNanos, false);
    }

    private void expel(NodeId node) {
        expelled.add(node);
        if (expelled.size() > EXPELLED_MAX) {
            expelled.remove(expelled.iterator().next());
        }
    }

    // --- beats from other nodes

    void onBeat(Beat beat, long nowNanos) {
        if (!beat.to().equals(self)) {
            return; // The beat is for an earlier process at our address. The sender does not know of us yet.
        }
        Peer peer = peers.get(beat.from());
        if (peer == null || peer.rank == Rank.DOWN) {
            answerStranger(beat, nowNanos);
            return;
        }
        if (peer.isThere()) {
            statistics.beatLate(Math.max(0, nowNanos - peer.heardNanos() - beatNanos));
        }
        peer.hear(nowNanos);
        peer.echoNanos = beat.sentNanos();
        boolean missedUs = beat.losses() > peer.lossesOfUs;
        peer.lossesOfUs = beat.losses();
        if (peer.isLost || missedUs) {
            peer.isLost = false;
            events.add(new NodeBack(peer.node(), peer.roles()));
        }
        peer.hearMedia(beat.mediaNodes(), nowNanos, id -> events.add(new MediaNodeHeard(id)));
        onStanding(peer, beat, nowNanos);
        judge(nowNanos, false);
    }

    private void onStanding(Peer peer, Beat beat, long nowNanos) {
        if (beat.standing() == Standing.GOOD) {
            peer.isStranger = false;
            peer.confirm(beat.echoNanos());
            return;
        }
        peer.unconfirm();
        if (!peer.isStranger) {
            peer.isStranger = true;
            peer.strangerNanos = nowNanos;
        }
        boolean isForgotten = isSettled(own) && isSettled(peer) && nowNanos - peer.strangerNanos >= STRANGER_NANOS;
        if (!isExpelled && (beat.standing() == Standing.EXPELLED || isForgotten)) {
            isExpelled = true;
            events.add(new Expelled(peer.node()));
        }
    }

    /**
     * Answers a sender that is not a member. The answer contains the standing of the sender. Only a beat of standing
     * {@code GOOD} gets an answer, so answers are never answered.
     */
    private void answerStranger(Beat beat, long nowNanos) {
        if (beat.standing() == Standing.GOOD && isSettled(own)) {
            beats.add(new Beat(self, beat.from(), nowNanos, beat.sentNanos(), standingOf(beat.from()), 0, Set.of()));
        }
    }

    private Standing standingOf(NodeId node) {
        Peer peer = peers.get(node);
        if (peer != null && peer.rank != Rank.DOWN) {
            return Standing.GOOD;
        }
        boolean isReplaced = peers.keySet().stream().anyMatch(node::isAnotherStartOf);
        return isReplaced || expelled.contains(node) ? Standing.EXPELLED : Standing.UNKNOWN;
    }

    private static boolean isSettled(Peer member) {
        return member.rank == Rank.UP || member.rank == Rank.LEAVING;
    }

    // --- time

    /**
     * Judges all peers and prepares the next beats. Called once in each beat interval.
     *
     * @param running the media nodes of this process whose event loops have all run since the previous tick
     * @param seenOverdue true if a caller found the fence held because this tick was late
     */
    void onTick(Set<String> running, boolean seenOverdue, long nowNanos) {
        long lateNanos = hasTicked ? Math.max(0, nowNanos - tickNanos - beatNanos) : 0;
        hasTicked = true;
        tickNanos = nowNanos;
        statistics.tickLate(lateNanos);
        if (lateNanos > LATE_NANOS) {
            own.forgive(nowNanos);
            peers.values().stream().filter(Peer::isThere).forEach(peer -> peer.forgive(nowNanos));
        }
        boolean paused = lateNanos > PAUSED_NANOS;
        if (paused) {
            events.add(new NodePaused(lateNanos));
        }
        if (paused || seenOverdue) {
            wasPaused = true;
            resumedNanos = nowNanos;
        }
        own.hear(nowNanos);
        own.hearMedia(running, nowNanos, id -> events.add(new MediaNodeHeard(id)));
        declare(nowNanos);
        judge(nowNanos, paused || seenOverdue);
        peers.values().stream().filter(this::exchangesBeats).forEach(peer -> beats.add(beatTo(peer, running)));
        statistics.peers((int) peers.values().stream().filter(Peer::isThere).count());
    }

    /** Counts silent nodes as lost. Called at the time that {@link #nextDeadlineNanos} returned. */
    void onDeadline(long nowNanos) {
        // If this node is late, the next tick first treats all peers as heard.
        if (hasTicked && nowNanos - tickNanos <= beatNanos + LATE_NANOS) {
            declare(nowNanos);
        }
    }

    /**
     * Returns the time at which the next peer is lost if it stays silent, or {@link Long#MAX_VALUE} if there is no such
     * peer.
     */
    long nextDeadlineNanos() {
        long nextNanos = Long.MAX_VALUE;
        if (isDoubtful) {
            return nextNanos; // The next tick judges again whether the silent peers are lost.
        }
        for (Peer peer : peers.values()) {
            if (peer.isThere() && exchangesBeats(peer)) {
                nextNanos = Math.min(nextNanos, peer.oldestNanos() + lostNanos);
            }
        }
        return nextNanos;
    }

    private void declare(long nowNanos) {
        long sinceNanos = nowNanos - lostNanos;
        own.dropMedia(sinceNanos, id -> events.add(new MediaNodeSilent(id)));
        isDoubtful = isHub && !isHeld && isAnySilent(sinceNanos) && !hearsEnough(nowNanos);
        if (isDoubtful) {
            // Otherwise rooms would move participants away from media nodes that may be alive.
            return;
        }
        for (Peer peer : peers.values()) {
            if (exchangesBeats(peer)) {
                peer.dropMedia(sinceNanos, id -> events.add(new MediaNodeSilent(id)));
                if (peer.isThere() && peer.heardNanos() - sinceNanos <= 0) {
                    peer.losses++;
                    lose(peer);
                }
            }
        }
    }

    private boolean isAnySilent(long sinceNanos) {
        return peers.values().stream()
                .anyMatch(peer -> exchangesBeats(peer) && peer.isThere() && peer.oldestNanos() - sinceNanos <= 0);
    }

    private boolean hearsEnough(long nowNanos) {
        long certainNanos = nowNanos - CERTAIN_BEATS * beatNanos;
        return isKept(peer -> peer.isThere() && peer.heardNanos() - certainNanos >= 0);
    }

    private void lose(Peer peer) {
        if (!peer.isLost) {
            peer.isLost = true;
            statistics.countLost();
            events.add(new NodeLost(peer.node(), peer.roles()));
        }
    }

    private Beat beatTo(Peer peer, Set<String> running) {
        return new Beat(self, peer.node(), tickNanos, peer.echoNanos, Standing.GOOD, peer.losses, running);
    }

    /** Returns whether this node and the peer send each other beats. */
    private boolean exchangesBeats(Peer peer) {
        return (isHub || peer.roles().contains(hubRole)) && peer.rank != Rank.EXITING && peer.rank != Rank.DOWN;
    }

    // --- the fence

    /**
     * Holds or releases the fence.
     *
     * @param tell true to publish the state even if it has not changed
     */
    private void judge(long nowNanos, boolean tell) {
        boolean next = isHub && !mayDecide(nowNanos);
        if (next != isHeld || tell) {
            isHeld = next;
            events.add(new FenceChanged(next));
        }
    }

    private boolean mayDecide(long nowNanos) {
        return own.rank != Rank.DOWN && !isExpelled && isKept(peer -> isWithUs(peer, nowNanos));
    }

    /** Returns whether the split-brain resolver would keep this node and the selected peers. */
    private boolean isKept(Predicate<Peer> isHere) {
        List<Vote> votes = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (peer.rank != Rank.EXITING && peer.rank != Rank.DOWN) {
                votes.add(new Vote(peer.node(), peer.rank, isHere.test(peer)));
            }
        }
        if (votes.isEmpty()) {
            return true; // A node that is alone cannot be cut off.
        }
        votes.add(new Vote(self, own.rank, true));
        return Majority.keeps(votes);
    }

    private boolean isWithUs(Peer peer, long nowNanos) {
        return peer.isConfirmedSince(nowNanos - FRESH_NANOS) && (!wasPaused || peer.isConfirmedSince(resumedNanos));
    }

    // --- output

    /** Returns whether this node must decide nothing for now. */
    boolean isHeld() {
        return isHeld;
    }

    List<WatchEvent> takeEvents() {
        List<WatchEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    List<Beat> takeBeats() {
        List<Beat> taken = List.copyOf(beats);
        beats.clear();
        return taken;
    }
}
