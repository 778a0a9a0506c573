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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rotunda.room.nodewatch.WatchEvent.Expelled;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodesReported;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;
import org.rotunda.room.placement.MediaNodeLoad;

/** Tests several boards on one clock. The test moves the clock, and can stop nodes or cut them off. */
class WatchBoardTest {
    private static final long BEAT_NANOS = MILLISECONDS.toNanos(250);
    private static final long LOST_NANOS = MILLISECONDS.toNanos(1000);
    private static final int LIFELINE_PORT = 7356;
    private static final WatchSettings SETTINGS = new WatchSettings(Duration.ofMillis(250), Duration.ofSeconds(1));

    private final Map<NodeId, Node> nodes = new HashMap<>();
    private final Set<Node> stopped = new HashSet<>();
    private final Set<Node> cutOff = new HashSet<>();
    private final Set<Node> mute = new HashSet<>();
    private final Set<Cable> cables = new HashSet<>(); // The directions between two nodes in which no beat arrives.
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
            this.board = new WatchBoard(id, this.roles, "room", LIFELINE_PORT, SETTINGS, statistics);
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

    private record Cable(Node from, Node to) {}

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
        long lostNanos = runsUntilALoss(room);

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
        assertThat(all.takeEvents())
                .containsExactly(new MediaNodeHeard("own"), new MediaNodesReported(List.of(load("own"))));

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
        room.board.onDeadline(nowNanos); // After a stop, this deadline may come before the next tick.
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
    void oneOfSeveralRoomNodesAloneDeclaresNoLoss() {
        Node first = new Node(1, "room");
        Node second = new Node(2, "room");
        Node third = new Node(3, "room");
        Node media = new Node(4, "media");
        media.running = Set.of("media-4");
        meet();
        passes(4);
        nodes.values().forEach(Node::takeEvents);

        cables.add(new Cable(media, first)); // Only the first room node no longer hears the media node.
        passes(8);
        assertThat(first.takeEvents()).doesNotContain(media.lost(), new MediaNodeSilent("media-4"));

        cables.add(new Cable(media, second));
        passes(5);
        // The third room node still hears the media node. It counts the media node as lost too, because the other two
        // room nodes no longer hear it.
        for (Node room : List.of(first, second, third)) {
            assertThat(room.takeEvents()).contains(media.lost(), new MediaNodeSilent("media-4"));
        }

        cables.clear();
        passes(2);
        for (Node room : List.of(first, second, third)) {
            assertThat(room.takeEvents()).contains(media.back(), new MediaNodeHeard("media-4"));
        }
    }

    @Test
    void aNodeWithoutRoomsHearsOfALostRoomNodeThatItDoesNotBeat() {
        List<Node> rooms =
                IntStream.rangeClosed(1, 9).mapToObj(i -> new Node(i, "room")).toList();
        Node gateway = new Node(20, "gateway");
        meet();
        passes(4);
        ticks(gateway);
        List<NodeId> watchers = sent.stream().map(Beat::to).toList();
        sent.clear();
        assertThat(watchers).hasSize(Watchers.COUNT);
        Node stranger = rooms.stream()
                .filter(room -> !watchers.contains(room.id))
                .findAny()
                .orElseThrow();
        gateway.takeEvents();

        cutOff.add(stranger);
        passes(5);

        assertThat(gateway.takeEvents()).containsExactly(stranger.lost());

        cutOff.clear();
        passes(2);

        assertThat(gateway.takeEvents()).containsExactly(stranger.back());
    }

    @Test
    void everyRoomNodeHearsTheLoadOfEveryMediaNode() {
        List<Node> rooms =
                IntStream.rangeClosed(1, 9).mapToObj(i -> new Node(i, "room")).toList();
        Node media = new Node(20, "media");
        media.running = Set.of("media-20");
        meet();

        passes(4);

        for (Node room : rooms) {
            assertThat(room.takeEvents())
                    .contains(new MediaNodeHeard("media-20"), new MediaNodesReported(List.of(load("media-20"))));
        }
    }

    @Test
    void mediaNodesHaveNoVotes() {
        Node first = new Node(9, "room");
        Node second = new Node(8, "room");
        Node third = new Node(7, "room");
        List<Node> media =
                IntStream.rangeClosed(1, 5).mapToObj(i -> new Node(i, "media")).toList();
        meet();
        passes(4);

        cutOff.addAll(media);
        passes(80); // 20 s

        assertThat(List.of(first, second, third)).noneMatch(node -> node.board.isHeld());
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
    void aLostNodeAndItsMediaNodeDoNotComeBackWhileTheNewsOfTheirDowningSpread() {
        List<Node> rooms = List.of(new Node(1, "room"), new Node(2, "room"), new Node(3, "room"));
        Node gateway = new Node(4, "gateway");
        Node lostRoom = new Node(5, "room");
        Node media = new Node(6, "media");
        media.running = Set.of("media-6");
        meet();
        passes(4);
        List<Node> all = List.of(rooms.get(0), rooms.get(1), rooms.get(2), gateway);
        all.forEach(Node::takeEvents);
        stopped.addAll(List.of(lostRoom, media));
        passes(8);
        rooms.forEach(room ->
                assertThat(room.takeEvents()).contains(media.lost(), lostRoom.lost(), new MediaNodeSilent("media-6")));
        assertThat(gateway.takeEvents()).contains(lostRoom.lost());

        for (Rank rank : List.of(Rank.DOWN, Rank.EXITING)) {
            for (Node node : all) {
                for (Node gone : List.of(lostRoom, media)) {
                    if (rank == Rank.DOWN) {
                        node.board.onMember(gone.id, gone.roles, rank, nowNanos);
                    } else {
                        node.board.onRemoved(gone.id, nowNanos);
                    }
                }
                collect(node);
                deliver();
                passes(1);
            }
        }
        passes(60); // Longer than the news of departed nodes are told.

        rooms.forEach(room -> assertThat(room.takeEvents())
                .doesNotHaveAnyElementsOfTypes(NodeBack.class, NodeLost.class, MediaNodeHeard.class));
        // Only the cluster tells a node without rooms about lost media nodes.
        assertThat(gateway.takeEvents()).containsExactly(media.lost());
    }

    @Test
    void aMediaNodeWhoseProcessJoinsAgainIsHeardAtOnce() {
        List<Node> rooms = List.of(new Node(1, "room"), new Node(2, "room"), new Node(3, "room"));
        Node media = new Node(4, "media");
        media.running = Set.of("kept");
        meet();
        passes(4);
        stopped.add(media);
        passes(8);
        rooms.forEach(room -> room.board.onMember(media.id, media.roles, Rank.DOWN, nowNanos));
        passes(1);
        rooms.forEach(room -> room.board.onRemoved(media.id, nowNanos));
        passes(1);
        rooms.forEach(Node::takeEvents);

        Node again = new Node(5, "media");
        again.running = Set.of("kept");
        List.of(rooms.get(0), rooms.get(1), rooms.get(2), again).forEach(node -> {
            nodes.values().stream()
                    .filter(member -> member != media)
                    .forEach(member -> node.board.onMember(member.id, member.roles, Rank.UP, nowNanos));
        });
        passes(2);

        rooms.forEach(room -> assertThat(room.takeEvents())
                .filteredOn(event -> event instanceof MediaNodeHeard || event instanceof MediaNodeSilent)
                .last()
                .isEqualTo(new MediaNodeHeard("kept")));
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
        new Node(3, "room");
        meet();
        assertThat(room.board.isHeld()).isTrue();

        passes(4);

        assertThat(nodes.values()).noneMatch(node -> node.board.isHeld());
    }

    @Test
    void aNodeCutOffFromTheMajorityIsHeldWithinTwoSecondsAndABeat() {
        Node cut = new Node(1, "room");
        Node other = new Node(2, "room");
        new Node(3, "room");
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
        Node cut = new Node(5, "room");
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
        new Node(3, "room");
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
        alone.board.onTick(List.of(), true, nowNanos);

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

        room.board.onBeat(beat(media.id, earlier, 0, 0, Standing.EXPELLED, 0), nowNanos);

        assertThat(room.board.takeEvents()).doesNotHaveAnyElementsOfTypes(Expelled.class);
        assertThat(room.board.takeBeats()).isEmpty();
    }

    @Test
    void answersToStrangersAreNotAnswered() {
        Node room = new Node(1, "room");
        meet();
        NodeId stranger = new NodeId("10.0.0.9", 7355, 9);

        room.board.onBeat(beat(stranger, room.id, 5, 0, Standing.UNKNOWN, 0), nowNanos);
        assertThat(room.board.takeBeats()).isEmpty();

        room.board.onBeat(beat(stranger, room.id, 5, 0, Standing.GOOD, 0), nowNanos);
        assertThat(room.board.takeBeats()).containsExactly(beat(room.id, stranger, nowNanos, 5, Standing.UNKNOWN, 0));
    }

    // --- lifelines

    @Test
    void aRoomNodeKeepsLifelinesToTheNodesItWatches() {
        Node room = new Node(1, "room");
        Node other = new Node(2, "room");
        Node media = new Node(3, "media");
        meet();
        assertThat(room.board.lifelineTargets()).isEmpty(); // No beat has told a port yet.

        passes(2);

        assertThat(room.board.takeTargetsChange()).isTrue();
        assertThat(room.board.takeTargetsChange()).isFalse();
        assertThat(room.board.lifelineTargets())
                .containsOnly(Map.entry(other.id, LIFELINE_PORT), Map.entry(media.id, LIFELINE_PORT));
        assertThat(media.board.lifelineTargets()).isEmpty();

        room.board.onMember(media.id, media.roles, Rank.LEAVING, nowNanos);

        assertThat(room.board.takeTargetsChange()).isTrue();
        assertThat(room.board.lifelineTargets()).containsOnlyKeys(other.id);
    }

    @Test
    void theEndOfAProcessIsKnownToAllRoomNodesAtOnceAlthoughOneAloneSawIt() {
        Node witness = new Node(1, "room");
        Node second = new Node(2, "room");
        Node third = new Node(3, "room");
        Node media = new Node(4, "media");
        media.running = Set.of("media-4");
        meet();
        passes(4);
        List.of(witness, second, third).forEach(Node::takeEvents);

        stopped.add(media);
        witness.board.onEnded(media.id, nowNanos);
        collect(witness);
        deliver();
        List.of(witness, second, third).forEach(Node::hears);

        for (Node room : List.of(witness, second, third)) {
            assertThat(room.takeEvents()).contains(media.lost(), new MediaNodeSilent("media-4"));
        }
        assertThat(witness.statistics.nodesEnded()).isEqualTo(1);
        assertThat(second.statistics.nodesEnded()).isZero();

        passes(8);

        for (Node room : List.of(witness, second, third)) {
            assertThat(room.takeEvents()).isEmpty(); // The beats do not find the same loss again.
        }
    }

    @Test
    void aBeatThatWasSentBeforeTheEndOfItsProcessBringsNobodyBack() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        media.running = Set.of("media-2");
        meet();
        passes(4);
        room.takeEvents();
        nowNanos += BEAT_NANOS;
        ticks(media);

        room.board.onEnded(media.id, nowNanos);
        deliver(); // The last beats of the process arrive only now.
        room.hears();

        assertThat(room.takeEvents()).containsExactly(media.lost(), new MediaNodeSilent("media-2"));
    }

    @Test
    void aProcessThatAnswersALaterBeatHasNotEnded() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        media.running = Set.of("media-2");
        meet();
        passes(4);
        room.takeEvents();

        room.board.onEnded(media.id, nowNanos);
        passes(3);

        assertThat(room.takeEvents())
                .contains(media.lost(), new MediaNodeSilent("media-2"), media.back(), new MediaNodeHeard("media-2"));
    }

    @Test
    void aProcessThatEndsAfterItsNodeHasLeftIsNotLost() {
        Node room = new Node(1, "room");
        Node media = new Node(2, "media");
        media.running = Set.of("media-2");
        meet();
        passes(4);
        room.takeEvents();

        room.board.onMember(media.id, media.roles, Rank.LEAVING, nowNanos);
        room.board.onEnded(media.id, nowNanos);
        room.hears();

        assertThat(room.takeEvents()).isEmpty();
        assertThat(room.statistics.nodesEnded()).isZero();
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
        node.board.onTick(node.running.stream().map(WatchBoardTest::load).toList(), false, nowNanos);
        collect(node);
        node.events.addAll(node.board.takeEvents());
    }

    private static MediaNodeLoad load(String mediaNode) {
        return new MediaNodeLoad(mediaNode, 0, false, 0);
    }

    private static Beat beat(NodeId from, NodeId to, long sentNanos, long echoNanos, Standing standing, int losses) {
        return new Beat(
                from, to, sentNanos, echoNanos, standing, losses, Set.of(), List.of(), Sightings.NONE, LIFELINE_PORT);
    }

    private void collect(Node node) {
        sent.addAll(node.board.takeBeats());
    }

    private void deliver() {
        for (Beat beat : sent) {
            Node from = nodes.get(beat.from());
            Node to = nodes.get(beat.to());
            if (from != null
                    && to != null
                    && Stream.of(from, to).noneMatch(cutOff::contains)
                    && !mute.contains(from)
                    && !cables.contains(new Cable(from, to))) {
                to.mailbox.add(beat);
            }
        }
        sent.clear();
    }

    /**
     * Lets time pass in steps, to the next beat or to the node's next deadline, until the node loses a peer. Returns
     * the time of the loss.
     */
    private long runsUntilALoss(Node node) {
        for (int step = 0; step < 20; step++) {
            if (node.board.nextDeadlineNanos() - nowNanos >= BEAT_NANOS) {
                passes(1);
            } else {
                nowNanos = node.board.nextDeadlineNanos();
                node.board.onDeadline(nowNanos);
                node.hears();
            }
            if (node.events.stream().anyMatch(NodeLost.class::isInstance)) {
                return nowNanos;
            }
        }
        throw new AssertionError("no node was lost");
    }
}
