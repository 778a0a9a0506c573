package org.rotunda.room.nodewatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.rotunda.room.nodewatch.Majority.Vote;
import org.rotunda.room.nodewatch.WatchEvent.Expelled;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * The state machine of {@link NodeWatch}. It knows which nodes are there and which are lost, and whether this node may
 * decide anything. Room nodes send beats to each other; every other node exchanges beats with a few room nodes, its
 * {@link Watchers}. Room nodes tell each other in their beats whom they miss, so that all of them come to the same
 * {@link Verdicts}, and they tell the other nodes which room nodes are lost.
 *
 * <p>A peer is missed when it has sent no beat for too long. A media node is missed when no beat has named it for too
 * long. A node whose own tick comes late does not miss other nodes. The fence is held while too few room nodes have
 * answered a recent beat of this node. A beat is recent if it was sent in the last two seconds and after this node's
 * latest pause.
 *
 * <p>A peer is also lost when its process is known to have ended ({@link #onEnded}). That needs no silence.
 *
 * <p>The work for a beat does not grow with the number of members. Only ticks, and beats that change what is known,
 * look at all peers.
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
     * The time within which every peer learns of a new member. If a peer's beats say for a longer time that this node
     * is not a member, the cluster has removed this node.
     */
    static final long STRANGER_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The number of ticks from one relay of the loads of media nodes to the next. With the default interval of beats,
     * this node relays the loads once a second.
     */
    static final int RELAY_TICKS = 4;

    /** The number of removed nodes that are remembered, enough for a few restarts of a whole cluster. */
    static final int EXPELLED_MAX = 1024;

    private final NodeId self;
    private final boolean runsRooms;
    private final String roomRole;
    private final long beatNanos;
    private final long lostNanos;
    private final WatchStatistics statistics;
    private final Peer own;
    private final Map<NodeId, Peer> peers = new LinkedHashMap<>();
    private final List<Peer> exchanging = new ArrayList<>(); // The peers with which this node exchanges beats.
    private final Verdicts verdicts;
    private final Set<NodeId> expelled = new LinkedHashSet<>();
    private final DepartedNodes departed = new DepartedNodes(STRANGER_NANOS);
    private final List<WatchEvent> events = new ArrayList<>();
    private final List<Beat> beats = new ArrayList<>();
    private final MediaSightings media;
    private final int lifelinePort;

    private Sightings sightings = Sightings.NONE;
    private List<MediaNodeLoad> ownLoads = List.of();
    private Set<String> ownMediaNodes = Set.of();
    private boolean isNewsDue; // True if the other nodes must hear of new sightings before the next tick.
    private int ticks;
    private boolean hasTicked;
    private long tickNanos;
    private long deadlineNanos = Long.MAX_VALUE;
    private boolean wasPaused;
    private long resumedNanos;
    private boolean isKept;
    private boolean isHeld;
    // True while a peer is silent and this node does not certainly hear a majority of the room nodes.
    private boolean isDoubtful;
    private boolean isExpelled;
    private boolean isTargetsChange; // True if the result of lifelineTargets may have changed.

    /**
     * @param roomRole the role of the nodes that run rooms
     * @param lifelinePort the port of the lifeline listener of this process, or {@link Beat#NO_LIFELINE}
     */
    WatchBoard(
            NodeId self,
            Set<String> roles,
            String roomRole,
            int lifelinePort,
            WatchSettings settings,
            WatchStatistics statistics) {
        this.self = self;
        this.lifelinePort = lifelinePort;
        this.runsRooms = roles.contains(roomRole);
        this.roomRole = roomRole;
        this.beatNanos = settings.beatInterval().toNanos();
        this.lostNanos = settings.lostAfter().toNanos();
        this.statistics = statistics;
        this.own = new Peer(self, roles, runsRooms);
        this.verdicts = new Verdicts(runsRooms, peers);
        this.media = new MediaSightings(verdicts, events);
    }

    // --- news from the cluster

    void onMember(NodeId node, Set<String> roles, Rank rank, long nowNanos) {
        if (node.equals(self)) {
            own.rank = rank;
        } else {
            Peer peer = peers.computeIfAbsent(node, id -> new Peer(id, Set.copyOf(roles), roles.contains(roomRole)));
            peer.rank = rank;
            if (rank == Rank.DOWN) {
                expel(node);
                lose(peer);
                departed.remember(peer, nowNanos);
            }
            arrange(peer);
            tellNews();
        }
        reckon(nowNanos, false);
    }

    void onRemoved(NodeId node, long nowNanos) {
        if (node.equals(self)) {
            own.rank = Rank.DOWN;
        } else {
            Peer peer = peers.remove(node);
            expel(node);
            if (peer != null) {
                if (peer.rank != Rank.LEAVING && peer.rank != Rank.EXITING) {
                    lose(peer);
                    departed.remember(peer, nowNanos);
                }
                arrange(peer);
                tellNews();
            }
        }
        reckon(nowNanos, false);
    }

    private void expel(NodeId node) {
        expelled.add(node);
        if (expelled.size() > EXPELLED_MAX) {
            expelled.remove(expelled.iterator().next());
        }
    }

    /** Chooses anew who exchanges beats with whom, after a member has come, gone, or changed its rank. */
    private void arrange(Peer changed) {
        isTargetsChange = true;
        if (!runsRooms && !changed.runsRooms()) {
            return;
        }
        if (changed.runsRooms()) {
            verdicts.roomNodes(peers.values().stream()
                    .filter(peer -> peer.runsRooms() && isBeating(peer))
                    .toList());
            List<NodeId> roomNodes = roomNodes();
            if (runsRooms) {
                peers.values().forEach(peer -> arrange(peer, roomNodes));
            } else {
                own.watchers = Watchers.of(self, roomNodes);
                peers.values().forEach(peer -> peer.exchange(own.watchers.contains(peer.node())));
            }
        } else {
            arrange(changed, roomNodes());
        }
        exchanging.clear();
        peers.values().stream().filter(peer -> peer.isExchanging).forEach(exchanging::add);
        review();
        findDeadline();
    }

    private void arrange(Peer peer, List<NodeId> roomNodes) {
        if (!peer.runsRooms()) {
            peer.watchers = Watchers.of(peer.node(), roomNodes);
        }
        peer.exchange(isBeating(peer) && (peer.runsRooms() || peer.watchers.contains(self)));
    }

    /** Returns the ids of the room nodes, including this node, that take part in the exchange of beats. */
    private List<NodeId> roomNodes() {
        List<NodeId> roomNodes = new ArrayList<>();
        verdicts.roomNodes().forEach(peer -> roomNodes.add(peer.node()));
        if (runsRooms) {
            roomNodes.add(self);
        }
        return roomNodes;
    }

    /**
     * Returns whether a member still sends beats. A member that leaves the cluster in an orderly way sends no more
     * beats, and is not missed.
     */
    private static boolean isBeating(Peer peer) {
        return peer.rank != Rank.EXITING && peer.rank != Rank.DOWN;
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
        if (peer.isEnded() && !peer.rises(beat)) {
            return; // The process sent the beat before it ended.
        }
        if (peer.isThere()) {
            statistics.beatLate(Math.max(0, nowNanos - peer.heardNanos() - beatNanos));
        }
        peer.hear(nowNanos);
        peer.echoNanos = beat.sentNanos();
        isTargetsChange |= peer.lifelinePort != beat.lifelinePort();
        peer.lifelinePort = beat.lifelinePort();
        boolean hasMissedUs = beat.losses() > peer.lossesOfUs;
        peer.lossesOfUs = beat.losses();
        if (hasMissedUs && !peer.isLost) {
            events.add(new NodeBack(peer.node(), peer.roles()));
        }
        if (learns(peer, beat, nowNanos)) {
            review();
        }
        onStanding(peer, beat, nowNanos);
        tellNews();
    }

    /** Stores the content of a beat. Returns whether a verdict may change. */
    private boolean learns(Peer peer, Beat beat, long nowNanos) {
        boolean isChanged = peer.isMissed;
        peer.isMissed = false;
        for (String mediaNode : beat.mediaNodes()) {
            isChanged |= departed.hear(mediaNode);
            isChanged |= media.hear(peer, mediaNode, nowNanos);
        }
        beat.loads().forEach(load -> media.learn(peer, load));
        if (peer.runsRooms()) {
            Sightings told = beat.sightings();
            isChanged |= !told.missed().equals(peer.sightings.missed())
                    || !told.missedMedia().equals(peer.sightings.missedMedia())
                    || !told.ended().equals(peer.sightings.ended())
                    || !told.lostRoomNodes().equals(peer.sightings.lostRoomNodes());
            peer.sightings = told;
            for (RelayedLoad relayed : told.loads()) {
                Peer about = peers.get(relayed.node());
                if (about != null) {
                    media.learn(about, relayed.load());
                }
            }
        }
        return isChanged;
    }

    /**
     * Notes that the process of a peer has ended, as its lifeline showed. A peer that leaves the cluster in order is not
     * lost, even if its process ends before this node hears that it has left.
     */
    void onEnded(NodeId node, long nowNanos) {
        Peer peer = peers.get(node);
        if (peer == null || !isSettledOrJoining(peer) || peer.isEnded()) {
            return;
        }
        peer.end(nowNanos);
        statistics.countEnded();
        review();
        findDeadline();
        tellNews();
    }

    private static boolean isSettledOrJoining(Peer peer) {
        return peer.rank == Rank.UP || peer.rank == Rank.JOINING;
    }

    /**
     * Returns whether {@link #lifelineTargets} may have changed since the previous call. A second call returns false.
     */
    boolean takeTargetsChange() {
        boolean isChange = isTargetsChange;
        isTargetsChange = false;
        return isChange;
    }

    /**
     * Returns the ports of the peers to which this node keeps lifelines: a room node keeps one to each node with which
     * it exchanges beats. A node that leaves in order is no target any more.
     */
    Map<NodeId, Integer> lifelineTargets() {
        Map<NodeId, Integer> targets = new LinkedHashMap<>();
        if (runsRooms) {
            for (Peer peer : exchanging) {
                if (isSettledOrJoining(peer) && peer.lifelinePort != Beat.NO_LIFELINE) {
                    targets.put(peer.node(), peer.lifelinePort);
                }
            }
        }
        return targets;
    }

    private void onStanding(Peer peer, Beat beat, long nowNanos) {
        if (beat.standing() == Standing.GOOD) {
            peer.isStranger = false;
            peer.confirm(beat.echoNanos());
            if (runsRooms && !peer.isWithUs && isConfirmed(peer, nowNanos)) {
                reckon(nowNanos, false);
            }
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
        reckon(nowNanos, false);
    }

    /**
     * Answers a sender that is not a member. The answer contains the standing of the sender. Only a beat of standing
     * {@code GOOD} gets an answer, so answers are never answered.
     */
    private void answerStranger(Beat beat, long nowNanos) {
        if (beat.standing() == Standing.GOOD && isSettled(own)) {
            beats.add(new Beat(
                    self,
                    beat.from(),
                    nowNanos,
                    beat.sentNanos(),
                    standingOf(beat.from()),
                    0,
                    Set.of(),
                    List.of(),
                    Sightings.NONE,
                    lifelinePort));
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
     * @param running the loads of the media nodes of this process whose event loops have all run since the previous
     *     tick
     * @param seenOverdue true if a caller found the fence held because this tick was late
     */
    void onTick(List<MediaNodeLoad> running, boolean seenOverdue, long nowNanos) {
        long lateNanos = hasTicked ? Math.max(0, nowNanos - tickNanos - beatNanos) : 0;
        hasTicked = true;
        tickNanos = nowNanos;
        ticks++;
        statistics.tickLate(lateNanos);
        if (lateNanos > LATE_NANOS) {
            own.forgive(nowNanos);
            exchanging.stream().filter(Peer::isThere).forEach(peer -> peer.forgive(nowNanos));
        }
        boolean paused = lateNanos > PAUSED_NANOS;
        if (paused) {
            events.add(new NodePaused(lateNanos));
        }
        if (paused || seenOverdue) {
            wasPaused = true;
            resumedNanos = nowNanos;
        }
        hearOwn(running, nowNanos);
        if (departed.forget(nowNanos)) {
            review();
        }
        miss(nowNanos);
        reckon(nowNanos, paused || seenOverdue);
        sendBeats();
        media.publishLoads();
        statistics.peers((int) exchanging.stream().filter(Peer::isThere).count());
    }

    private void hearOwn(List<MediaNodeLoad> running, long nowNanos) {
        ownLoads = List.copyOf(running);
        ownMediaNodes = running.stream().map(MediaNodeLoad::id).collect(Collectors.toUnmodifiableSet());
        own.hear(nowNanos);
        ownMediaNodes.forEach(mediaNode -> media.hear(own, mediaNode, nowNanos));
        ownLoads.forEach(load -> media.learn(own, load));
    }

    /** Marks the silent nodes as missed. Called at the time that {@link #nextDeadlineNanos} returned. */
    void onDeadline(long nowNanos) {
        // If this node is late, the next tick first treats all peers as heard.
        if (hasTicked && nowNanos - tickNanos <= beatNanos + LATE_NANOS) {
            miss(nowNanos);
            tellNews();
        }
    }

    /**
     * Returns the time at which the next peer is missed if it stays silent, or {@link Long#MAX_VALUE} if there is no
     * such peer. The returned time may be too early, because a peer may have sent a beat since the latest tick or
     * deadline. In that case {@link #onDeadline} finds no silent peer.
     */
    long nextDeadlineNanos() {
        return deadlineNanos;
    }

    private void findDeadline() {
        deadlineNanos = Long.MAX_VALUE;
        if (isDoubtful) {
            return; // The next tick decides again whether the silent peers are missed.
        }
        for (Peer peer : exchanging) {
            long oldestNanos = peer.oldestNanos();
            if (oldestNanos != Long.MAX_VALUE) {
                deadlineNanos = Math.min(deadlineNanos, oldestNanos + lostNanos);
            }
        }
    }

    private void miss(long nowNanos) {
        long sinceNanos = nowNanos - lostNanos;
        boolean isNew = own.missUnlessHeardSince(sinceNanos);
        isDoubtful = runsRooms && !isHeld && isAnySilent(sinceNanos) && !hearsEnough(nowNanos);
        // While this node is in doubt, the silent peers may be alive, so it does not mark them as missed. Otherwise
        // rooms would move participants away from media nodes that may be alive.
        if (!isDoubtful) {
            for (Peer peer : exchanging) {
                isNew |= peer.missUnlessHeardSince(sinceNanos);
            }
        }
        if (isNew || own.mediaNodes().values().stream().anyMatch(sight -> sight.isSilent != sight.isMissed)) {
            review();
        }
        findDeadline();
    }

    private boolean isAnySilent(long sinceNanos) {
        return exchanging.stream()
                .mapToLong(Peer::oldestNanos)
                .anyMatch(oldestNanos -> oldestNanos != Long.MAX_VALUE && oldestNanos - sinceNanos <= 0);
    }

    private boolean hearsEnough(long nowNanos) {
        long certainNanos = nowNanos - CERTAIN_BEATS * beatNanos;
        return isKept(peer -> peer.isThere() && peer.heardNanos() - certainNanos >= 0);
    }

    // --- who is lost

    /** Draws the verdicts again, and tells the other nodes at once if this node's own sightings have changed. */
    private void review() {
        for (Peer peer : peers.values()) {
            if (isBeating(peer)) {
                boolean isLost = verdicts.isLost(peer);
                if (isLost && !peer.isLost) {
                    peer.losses += peer.isExchanging ? 1 : 0;
                    lose(peer);
                } else if (!isLost && peer.isLost) {
                    peer.isLost = false;
                    events.add(new NodeBack(peer.node(), peer.roles()));
                }
            }
        }
        media.review(own);
        // The last verdict about the media nodes of a node that was downed or leaves stays: nobody watches them.
        peers.values().stream().filter(WatchBoard::isBeating).forEach(media::review);
        if (runsRooms) {
            Sightings now = see();
            if (!now.equals(sightings)) {
                sightings = now;
                isNewsDue = true;
            }
        }
    }

    private void lose(Peer peer) {
        if (!peer.isLost) {
            peer.isLost = true;
            statistics.countLost();
            events.add(new NodeLost(peer.node(), peer.roles()));
        }
    }

    /** Returns the sightings that this room node tells the other nodes, without loads. */
    private Sightings see() {
        Set<NodeId> missed = new LinkedHashSet<>();
        Set<String> missedMedia = new LinkedHashSet<>();
        Set<NodeId> lostRoomNodes = new LinkedHashSet<>();
        Set<NodeId> ended = new LinkedHashSet<>();
        for (Peer peer : peers.values()) {
            if (peer.isEnded()) {
                ended.add(peer.node());
            }
            if (peer.isMissed) {
                missed.add(peer.node());
            }
            peer.mediaNodes().forEach((id, sight) -> {
                if (sight.isMissed) {
                    missedMedia.add(id);
                }
            });
            if (peer.runsRooms() && peer.isLost) {
                lostRoomNodes.add(peer.node());
            }
        }
        departed.addTo(missed, missedMedia, lostRoomNodes);
        return missed.isEmpty() && missedMedia.isEmpty() && lostRoomNodes.isEmpty() && ended.isEmpty()
                ? Sightings.NONE
                : new Sightings(missed, missedMedia, lostRoomNodes, List.of(), ended);
    }

    // --- beats to the others

    private void sendBeats() {
        boolean isRelayDue = media.takeRelayDue() || ticks % RELAY_TICKS == 0;
        isNewsDue = false;
        Sightings withLoads =
                runsRooms && isRelayDue ? sightings.withLoads(media.relayed(exchanging, self)) : sightings;
        for (Peer peer : exchanging) {
            beats.add(beatTo(peer, ownMediaNodes, ownLoads, peer.runsRooms() ? withLoads : sightings));
        }
    }

    /**
     * Sends beats between two ticks. These beats name no media node, because the event loops of this process have not
     * been checked since the tick.
     */
    private void tellNews() {
        if (!isNewsDue) {
            return;
        }
        isNewsDue = false;
        for (Peer peer : exchanging) {
            beats.add(beatTo(peer, Set.of(), List.of(), sightings));
        }
    }

    private Beat beatTo(Peer peer, Set<String> mediaNodes, List<MediaNodeLoad> loads, Sightings told) {
        return new Beat(
                self,
                peer.node(),
                tickNanos,
                peer.echoNanos,
                Standing.GOOD,
                peer.losses,
                mediaNodes,
                loads,
                told,
                lifelinePort);
    }

    // --- the fence

    /**
     * Determines again which room nodes have recently confirmed that this node is a member, and holds or releases the
     * fence.
     *
     * @param tell true to publish the state even if it has not changed
     */
    private void reckon(long nowNanos, boolean tell) {
        if (runsRooms) {
            verdicts.roomNodes().forEach(peer -> peer.isWithUs = isConfirmed(peer, nowNanos));
            isKept = isKept(peer -> peer.isWithUs);
        }
        boolean next = runsRooms && !(own.rank != Rank.DOWN && !isExpelled && isKept);
        if (next != isHeld || tell) {
            isHeld = next;
            events.add(new FenceChanged(next));
        }
    }

    /**
     * Returns whether the split-brain resolver would keep this node and the selected room nodes. Only room nodes vote.
     */
    private boolean isKept(Predicate<Peer> isHere) {
        List<Vote> votes = new ArrayList<>();
        for (Peer peer : verdicts.roomNodes()) {
            votes.add(new Vote(peer.node(), peer.rank, isHere.test(peer)));
        }
        if (votes.isEmpty()) {
            return true; // A room node that is alone cannot be cut off.
        }
        votes.add(new Vote(self, own.rank, true));
        return Majority.keeps(votes);
    }

    private boolean isConfirmed(Peer peer, long nowNanos) {
        return peer.isConfirmedSince(nowNanos - FRESH_NANOS) && (!wasPaused || peer.isConfirmedSince(resumedNanos));
    }

    // --- output

    /** Returns whether this node must decide nothing for now. */
    boolean isHeld() {
        return isHeld;
    }

    List<WatchEvent> takeEvents() {
        if (events.isEmpty()) {
            return List.of();
        }
        List<WatchEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    List<Beat> takeBeats() {
        if (beats.isEmpty()) {
            return List.of();
        }
        List<Beat> taken = List.copyOf(beats);
        beats.clear();
        return taken;
    }
}
