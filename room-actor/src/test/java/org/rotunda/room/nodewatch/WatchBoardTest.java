package org.rotunda.room.nodewatch;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.WatchEvent.Expelled;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;

/** Tests several boards on one clock. The test moves the clock, and can stop nodes or cut them off. */
class WatchBoardTest {
    private static final long BEAT_NANOS = MILLISECONDS.toNanos(250);
    private static final long LOST_NANOS = MILLISECONDS.toNanos(1000);
    private static final WatchSettings SETTINGS = new WatchSettings(Duration.ofMillis(250), Duration.ofSeconds(1));

    private final Map<NodeId, Node> nodes = new HashMap<>();
    private final Set<Node> stopped = new HashSet<>();
    private final Set<Node> cutOff = new HashSet<>();
    private final Set<Node> mute = new HashSet<>();
    private long nowNanos = -123_456_789; // The values of System.nanoTime may be negative.

    private final class Node {
        final NodeId id;
        final Set<String> roles;
        final WatchStatistics statistics = new WatchStatistics();
        final WatchBoard board;
        final List<WatchEvent> events = new ArrayList<>();
        final List<Beat> mailbox = new ArrayList<>();
        Set<String> running = Set.of();

        Node(int number, String... roles) {
            this.id = new NodeId("10.0.0." + number, 7355, 100 + number);
            this.roles = Set.of(roles);
            this.board = new WatchBoard(id, this.roles, "room", SETTINGS, statistics);
            nodes.put(id, this);
        }

        void hears() {
            mailbox.forEach(beat -> board.onBeat(beat, nowNanos));
            mailbox.clear();
            events.addAll(board.takeEvents());
        }

        List<WatchEvent> takeEvents() {
            List<WatchEvent> taken = List.copyOf(events);
            events.clear();
            return taken;
        }

        NodeLost lost() {
            return new NodeLost(id, roles);
        }

        NodeBack back() {
            return new NodeBack(id, roles);
        }
    }

    @Test
    void aNodeIsLostAfterASecondOfSilenceAndBackWhenItIsHeard() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        media.running = Set.of("media-2");
        meet();
        passes(4);
        assertThat(room.takeEvents()).contains(new MediaNodeHeard("media-2"));
        assertThat(room.statistics.peers()).isEqualTo(1);
        long lastBeatNanos = nowNanos;

        cutOff.add(media);
        long lostNanos = runsUntil(room, room.board.nextDeadlineNanos());

        assertThat(lostNanos - lastBeatNanos).isEqualTo(LOST_NANOS);
        assertThat(room.takeEvents()).contains(media.lost(), new MediaNodeSilent("media-2"));
        assertThat(room.statistics.nodesLost()).isEqualTo(1);
        assertThat(room.statistics.peers()).isZero();

        cutOff.clear();
        passes(2);

        assertThat(room.takeEvents()).contains(media.back(), new MediaNodeHeard("media-2"));
    }

    @Test
    void aMediaNodeWhoseLoopsHangIsLostAlone() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media", "gateway");
        media.running = Set.of("stuck", "well");
        meet();
        passes(4);
        room.takeEvents();

        media.running = Set.of("well");
        passes(5);

        assertThat(room.takeEvents()).containsExactly(new MediaNodeSilent("stuck"));

        media.running = Set.of("stuck", "well");
        passes(1);

        assertThat(room.takeEvents()).containsExactly(new MediaNodeHeard("stuck"));
    }

    @Test
    void hearsItsOwnMediaNodes() {
        Node all = new Node(1, "room", "gateway", "media");
        meet();
        all.running = Set.of("own");
        passes(1);
        assertThat(all.takeEvents()).containsExactly(new MediaNodeHeard("own"));

        all.running = Set.of();
        passes(5);

        assertThat(all.takeEvents()).containsExactly(new MediaNodeSilent("own"));
    }

    @Test
    void aNodeThatIsLateItselfCountsNobodyAsLost() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        media.running = Set.of("media-2");
        meet();
        passes(4);
        room.takeEvents();

        stopped.add(room);
        cutOff.add(media);
        passes(4);
        stopped.clear();
        nowNanos += MILLISECONDS.toNanos(1);
        room.board.onDeadline(nowNanos); // Timers fire in any order after a stop.
        ticks(room);

        assertThat(room.takeEvents()).doesNotContain(media.lost(), new MediaNodeSilent("media-2"));

        passes(4);
        assertThat(room.takeEvents()).contains(media.lost(), new MediaNodeSilent("media-2"));
    }

    @Test
    void aNodeThatWasLostWithoutNoticingIsTold() {
        Node room = new Node(1, "room");
        Node gateway = new Node(2, "gateway");
        meet();
        passes(4);
        gateway.takeEvents();

        mute.add(gateway);
        passes(6);
        assertThat(room.takeEvents()).contains(gateway.lost());
        assertThat(gateway.takeEvents()).containsExactly(room.back());

        mute.clear();
        passes(2);
        assertThat(room.takeEvents()).contains(gateway.back());
        assertThat(gateway.takeEvents()).isEmpty();
    }

    @Test
    void beatsGoBetweenRoomNodesAndEverybody() {
        Node room = new Node(1, "room");
        Node gateway = new Node(2, "gateway");
        new Node(3, "media");
        meet();

        ticks(room);
        assertThat(sent).extracting(beat -> beat.to().host()).containsExactly("10.0.0.2", "10.0.0.3");
        sent.clear();

        ticks(gateway);
        assertThat(sent).extracting(beat -> beat.to().host()).containsExactly("10.0.0.1");
    }

    @Test
    void aNodeThatLeavesInOrderIsNotLost() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        meet();
        passes(4);

        room.board.onMember(media.id, media.roles, Rank.LEAVING, nowNanos);
        room.board.onMember(media.id, media.roles, Rank.EXITING, nowNanos);
        cutOff.add(media);
        passes(8);
        room.board.onRemoved(media.id, nowNanos);
        room.hears();

        assertThat(room.takeEvents()).doesNotContain(media.lost());
        assertThat(room.board.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aNodeThatIsDownedIsLostOnceAndForEver() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        meet();
        passes(4);
        room.takeEvents();

        room.board.onMember(media.id, media.roles, Rank.DOWN, nowNanos);
        passes(8);
        room.board.onRemoved(media.id, nowNanos);
        passes(2);

        assertThat(room.takeEvents()).containsOnlyOnce(media.lost()).doesNotContain(media.back());
    }

    @Test
    void aNodeThatIsRemovedUnseenIsLost() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        meet();
        passes(4);

        room.board.onRemoved(media.id, nowNanos);
        room.hears();

        assertThat(room.takeEvents()).contains(media.lost());
    }

    // --- the fence

    @Test
    void aNodeOnItsOwnIsNotHeld() {
        Node alone = new Node(1, "room");
        meet();
        passes(3);
        stopped.add(alone);
        passes(40);
        stopped.clear();
        passes(1);

        assertThat(alone.board.isHeld()).isFalse();
        assertThat(alone.takeEvents())
                .hasAtLeastOneElementOfType(NodePaused.class)
                .contains(new FenceChanged(false));
    }

    @Test
    void aNodeIsHeldUntilItHasHeardOfItsMajority() {
        Node room = new Node(1, "room");
        new Node(2, "room");
        new Node(3, "media");
        meet();
        assertThat(room.board.isHeld()).isTrue();

        passes(4);

        assertThat(nodes.values()).noneMatch(node -> node.board.isHeld());
    }

    @Test
    void aNodeCutOffFromTheMajorityIsHeldWithinTwoSecondsAndABeat() {
        Node cut = new Node(1, "room");
        Node other = new Node(2, "room");
        new Node(3, "media");
        meet();
        passes(4);
        cut.takeEvents();

        cutOff.add(cut);
        passes(10);

        assertThat(cut.board.isHeld()).isTrue();
        assertThat(cut.takeEvents()).contains(new FenceChanged(true));
        assertThat(other.board.isHeld()).isFalse();

        cutOff.clear();
        passes(3);

        assertThat(cut.board.isHeld()).isFalse();
        assertThat(cut.takeEvents()).contains(new FenceChanged(false));
    }

    @Test
    void aNodeThatIsCutOffCountsNobodyAsLostBeforeItIsHeld() {
        Node cut = new Node(1, "room");
        Node room = new Node(2, "room");
        Node one = new Node(3, "media");
        Node other = new Node(4, "media");
        one.running = Set.of("one");
        other.running = Set.of("other");
        meet();
        passes(4);
        cut.takeEvents();
        room.takeEvents();

        cutOff.add(cut);
        passes(7);

        assertThat(room.takeEvents()).containsExactly(cut.lost());
        assertThat(cut.takeEvents()).isEmpty();
        assertThat(cut.board.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);

        passes(3);

        assertThat(cut.takeEvents())
                .startsWith(new FenceChanged(true))
                .contains(room.lost(), one.lost(), other.lost(), new MediaNodeSilent("one"));
    }

    @Test
    void aNodeThatHearsOthersAgainCountsTheStillSilentAsLost() {
        Node room = new Node(9, "room");
        Node another = new Node(2, "room");
        Node media = new Node(3, "media");
        Node dead = new Node(4, "media");
        meet();
        passes(4);
        room.takeEvents();

        cutOff.addAll(Set.of(another, media, dead));
        passes(5);
        assertThat(room.takeEvents()).isEmpty();
        cutOff.removeAll(Set.of(another, media));
        passes(2);

        assertThat(room.takeEvents()).contains(dead.lost()).doesNotContain(another.lost(), media.lost());
    }

    @Test
    void aNodeThatWasStoppedIsHeldUntilItsNextBeatsAreAnswered() {
        Node slept = new Node(1, "room");
        new Node(2, "room");
        new Node(3, "media");
        meet();
        passes(4);

        stopped.add(slept);
        passes(6);
        stopped.clear();
        slept.hears(); // These beats were sent during the stop, so they prove nothing.
        ticks(slept);
        assertThat(slept.board.isHeld()).isTrue();
        assertThat(slept.takeEvents()).contains(new NodePaused(MILLISECONDS.toNanos(1250)), new FenceChanged(true));
        deliver();
        slept.hears();
        assertThat(slept.board.isHeld()).isTrue();

        passes(2);

        assertThat(slept.board.isHeld()).isFalse();
    }

    @Test
    void aTickThatWasSeenOverduePublishesTheFenceEvenIfNothingChanges() {
        Node alone = new Node(1, "room");
        meet();
        passes(2);
        alone.takeEvents();

        nowNanos += BEAT_NANOS;
        alone.board.onTick(Set.of(), true, nowNanos);

        assertThat(alone.board.takeEvents()).containsExactly(new FenceChanged(false));
    }

    @Test
    void aNodeThatAllOthersHaveDownedIsHeld() {
        Node room = new Node(1, "room");
        Node second = new Node(2, "room");
        Node third = new Node(3, "room");
        meet();
        passes(4);

        for (Node other : List.of(second, third)) {
            other.board.onMember(room.id, room.roles, Rank.DOWN, nowNanos);
        }
        room.takeEvents();
        passes(2);

        assertThat(room.takeEvents()).contains(new FenceChanged(true)).hasAtLeastOneElementOfType(Expelled.class);
        assertThat(room.board.isHeld()).isTrue();
    }

    @Test
    void aNodeThatWasRemovedIsToldSo() {
        Node room = new Node(1, "room");
        Node gateway = new Node(2, "gateway");
        meet();
        passes(4);

        room.board.onRemoved(gateway.id, nowNanos);
        passes(1);

        assertThat(gateway.takeEvents()).contains(new Expelled(room.id));
    }

    @Test
    void aNewNodeIsNotExpelledByMembersThatDoNotKnowItYet() {
        Node room = new Node(1, "room");
        Node fresh = new Node(2, "gateway");
        room.board.onMember(room.id, room.roles, Rank.UP, nowNanos);
        fresh.board.onMember(fresh.id, fresh.roles, Rank.JOINING, nowNanos);
        fresh.board.onMember(room.id, room.roles, Rank.UP, nowNanos);

        passes(60);

        assertThat(fresh.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
    }

    @Test
    void aMemberThatIsForgottenForTenSecondsIsExpelled() {
        Node room = new Node(1, "room");
        Node stranger = new Node(2, "gateway");
        room.board.onMember(room.id, room.roles, Rank.UP, nowNanos);
        stranger.board.onMember(stranger.id, stranger.roles, Rank.UP, nowNanos);
        stranger.board.onMember(room.id, room.roles, Rank.UP, nowNanos);

        passes(39);
        assertThat(stranger.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
        passes(3);

        assertThat(stranger.takeEvents()).contains(new Expelled(room.id));
    }

    @Test
    void aBeatForAnEarlierStartIsIgnored() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        meet();
        NodeId earlier = new NodeId(room.id.host(), room.id.port(), 1);

        room.board.onBeat(new Beat(media.id, earlier, 0, 0, Standing.EXPELLED, 0, Set.of()), nowNanos);

        assertThat(room.board.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
        assertThat(room.board.takeBeats()).isEmpty();
    }

    @Test
    void answersToStrangersAreNotAnswered() {
        Node room = new Node(1, "room");
        meet();
        NodeId stranger = new NodeId("10.0.0.9", 7355, 9);

        room.board.onBeat(new Beat(stranger, room.id, 5, 0, Standing.UNKNOWN, 0, Set.of()), nowNanos);
        assertThat(room.board.takeBeats()).isEmpty();

        room.board.onBeat(new Beat(stranger, room.id, 5, 0, Standing.GOOD, 0, Set.of()), nowNanos);
        assertThat(room.board.takeBeats())
                .containsExactly(new Beat(room.id, stranger, nowNanos, 5, Standing.UNKNOWN, 0, Set.of()));
    }

    // --- the simulated cluster

    private final List<Beat> sent = new ArrayList<>();

    private void meet() {
        for (Node node : nodes.values()) {
            for (Node member : nodes.values()) {
                node.board.onMember(member.id, member.roles, Rank.UP, nowNanos);
            }
            node.hears();
        }
    }

    /** Lets this many beat intervals pass. */
    private void passes(int beats) {
        for (int i = 0; i < beats; i++) {
            nowNanos += BEAT_NANOS;
            for (Node node : nodes.values()) {
                if (!stopped.contains(node)) {
                    node.hears();
                    ticks(node);
                }
            }
            deliver();
            nodes.values().stream().filter(node -> !stopped.contains(node)).forEach(Node::hears);
            nodes.values().forEach(this::collect); // These beats are answers to strangers.
            deliver();
            nodes.values().stream().filter(node -> !stopped.contains(node)).forEach(Node::hears);
        }
    }

    private void ticks(Node node) {
        node.board.onTick(node.running, false, nowNanos);
        collect(node);
        node.events.addAll(node.board.takeEvents());
    }

    private void collect(Node node) {
        sent.addAll(node.board.takeBeats());
    }

    private void deliver() {
        for (Beat beat : sent) {
            Node from = nodes.get(beat.from());
            Node to = nodes.get(beat.to());
            if (from != null && to != null && Stream.of(from, to).noneMatch(cutOff::contains) && !mute.contains(from)) {
                to.mailbox.add(beat);
            }
        }
        sent.clear();
    }

    /** Lets time pass up to the deadline, in steps of one beat interval. The last step may be shorter. */
    private long runsUntil(Node node, long deadlineNanos) {
        while (deadlineNanos - nowNanos > BEAT_NANOS) {
            passes(1);
        }
        nowNanos = deadlineNanos;
        node.board.onDeadline(nowNanos);
        node.hears();
        ticks(node);
        return nowNanos;
    }
}
