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

/** Several boards on one hand-driven clock, with cables between them that can be cut. */
class WatchBoardTest {
    private static final long BEAT = MILLISECONDS.toNanos(250);
    private static final long LOST = MILLISECONDS.toNanos(1000);
    private static final WatchSettings SETTINGS = new WatchSettings(Duration.ofMillis(250), Duration.ofSeconds(1));

    private final Map<NodeId, Node> nodes = new HashMap<>();
    private final Set<Node> stopped = new HashSet<>();
    private final Set<Node> cutOff = new HashSet<>();
    private final Set<Node> mute = new HashSet<>();
    private long now = -123_456_789; // Any number may be the origin of nanoTime.

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
            mailbox.forEach(beat -> board.onBeat(beat, now));
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
        long lastBeat = now;

        cutOff.add(media);
        long lostAt = runsUntil(room, room.board.nextDeadlineNanos());

        assertThat(lostAt - lastBeat).isEqualTo(LOST);
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
    void whoIsLateItselfCountsNobodyAsLost() {
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
        now += MILLISECONDS.toNanos(1);
        room.board.onDeadline(now); // Timers fire in any order after a stop.
        ticks(room);

        assertThat(room.takeEvents()).doesNotContain(media.lost(), new MediaNodeSilent("media-2"));

        passes(4);
        assertThat(room.takeEvents()).contains(media.lost(), new MediaNodeSilent("media-2"));
    }

    @Test
    void whoWasLostWithoutNoticingIsTold() {
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

        room.board.onMember(media.id, media.roles, Rank.LEAVING, now);
        room.board.onMember(media.id, media.roles, Rank.EXITING, now);
        cutOff.add(media);
        passes(8);
        room.board.onRemoved(media.id, now);
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

        room.board.onMember(media.id, media.roles, Rank.DOWN, now);
        passes(8);
        room.board.onRemoved(media.id, now);
        passes(2);

        assertThat(room.takeEvents()).containsOnlyOnce(media.lost()).doesNotContain(media.back());
    }

    @Test
    void aNodeThatIsRemovedUnseenIsLost() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        meet();
        passes(4);

        room.board.onRemoved(media.id, now);
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
    void whoIsCutOffFromTheMajorityIsHeldWithinTwoSecondsAndABeat() {
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
    void whoIsCutOffCountsNobodyAsLostBeforeItIsHeld() {
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
    void whoHearsOthersAgainCountsAsLostWhoIsStillSilent() {
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
    void whoWasStoppedIsHeldUntilAnswersToWhatItSaidAfterwards() {
        Node slept = new Node(1, "room");
        new Node(2, "room");
        new Node(3, "media");
        meet();
        passes(4);

        stopped.add(slept);
        passes(6);
        stopped.clear();
        slept.hears(); // What had come meanwhile says only how it was.
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
    void whoSawTheWatchOverdueHearsOfItEvenIfNothingChanges() {
        Node alone = new Node(1, "room");
        meet();
        passes(2);
        alone.takeEvents();

        now += BEAT;
        alone.board.onTick(Set.of(), true, now);

        assertThat(alone.board.takeEvents()).containsExactly(new FenceChanged(false));
    }

    @Test
    void whoseAnswersComeOnlyFromTheExpelledSideIsHeld() {
        Node room = new Node(1, "room");
        Node second = new Node(2, "room");
        Node third = new Node(3, "room");
        meet();
        passes(4);

        for (Node other : List.of(second, third)) {
            other.board.onMember(room.id, room.roles, Rank.DOWN, now);
        }
        room.takeEvents();
        passes(2);

        assertThat(room.takeEvents()).contains(new FenceChanged(true)).hasAtLeastOneElementOfType(Expelled.class);
        assertThat(room.board.isHeld()).isTrue();
    }

    @Test
    void whoWasRemovedIsToldSo() {
        Node room = new Node(1, "room");
        Node gateway = new Node(2, "gateway");
        meet();
        passes(4);

        room.board.onRemoved(gateway.id, now);
        passes(1);

        assertThat(gateway.takeEvents()).contains(new Expelled(room.id));
    }

    @Test
    void whoIsNewIsNotSentAwayByThoseWhoHaveNotHeardOfIt() {
        Node room = new Node(1, "room");
        Node fresh = new Node(2, "gateway");
        room.board.onMember(room.id, room.roles, Rank.UP, now);
        fresh.board.onMember(fresh.id, fresh.roles, Rank.JOINING, now);
        fresh.board.onMember(room.id, room.roles, Rank.UP, now);

        passes(60);

        assertThat(fresh.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
    }

    @Test
    void whoIsForgottenForTenSecondsStops() {
        Node room = new Node(1, "room");
        Node stranger = new Node(2, "gateway");
        room.board.onMember(room.id, room.roles, Rank.UP, now);
        stranger.board.onMember(stranger.id, stranger.roles, Rank.UP, now);
        stranger.board.onMember(room.id, room.roles, Rank.UP, now);

        passes(39);
        assertThat(stranger.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
        passes(3);

        assertThat(stranger.takeEvents()).contains(new Expelled(room.id));
    }

    @Test
    void aBeatForAnEarlierStartIsNotForThisOne() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        meet();
        NodeId earlier = new NodeId(room.id.host(), room.id.port(), 1);

        room.board.onBeat(new Beat(media.id, earlier, 0, 0, Standing.EXPELLED, 0, Set.of()), now);

        assertThat(room.board.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
        assertThat(room.board.takeBeats()).isEmpty();
    }

    @Test
    void answersToStrangersAreNotAnswered() {
        Node room = new Node(1, "room");
        meet();
        NodeId stranger = new NodeId("10.0.0.9", 7355, 9);

        room.board.onBeat(new Beat(stranger, room.id, 5, 0, Standing.UNKNOWN, 0, Set.of()), now);
        assertThat(room.board.takeBeats()).isEmpty();

        room.board.onBeat(new Beat(stranger, room.id, 5, 0, Standing.GOOD, 0, Set.of()), now);
        assertThat(room.board.takeBeats())
                .containsExactly(new Beat(room.id, stranger, now, 5, Standing.UNKNOWN, 0, Set.of()));
    }

    // --- the hand-driven cluster

    private final List<Beat> sent = new ArrayList<>();

    private void meet() {
        for (Node node : nodes.values()) {
            for (Node member : nodes.values()) {
                node.board.onMember(member.id, member.roles, Rank.UP, now);
            }
            node.hears();
        }
    }

    /** So many beat intervals pass. */
    private void passes(int beats) {
        for (int i = 0; i < beats; i++) {
            now += BEAT;
            for (Node node : nodes.values()) {
                if (!stopped.contains(node)) {
                    node.hears();
                    ticks(node);
                }
            }
            deliver();
            nodes.values().stream().filter(node -> !stopped.contains(node)).forEach(Node::hears);
            nodes.values().forEach(this::collect); // Answers to strangers.
            deliver();
            nodes.values().stream().filter(node -> !stopped.contains(node)).forEach(Node::hears);
        }
    }

    private void ticks(Node node) {
        node.board.onTick(node.running, false, now);
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

    /** Time passes in beats, but stops at this moment. */
    private long runsUntil(Node node, long deadline) {
        while (deadline - now > BEAT) {
            passes(1);
        }
        now = deadline;
        node.board.onDeadline(now);
        node.hears();
        ticks(node);
        return now;
    }
}
