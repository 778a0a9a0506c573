package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.call.LiveRoom;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.mediaplane.ProcessRouter;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.Synced;
import org.rotunda.room.quota.SeatKind;
import org.rotunda.room.readmodel.Database;
import org.rotunda.room.readmodel.RoomConfig;
import org.rotunda.room.testkit.FakeMediaRouter;
import org.rotunda.room.testkit.RoomSamples;

/**
 * Tests what happens to a room when its node dies without leaving the cluster. Two nodes run rooms and one node runs
 * media, in one process and on one database.
 */
class RoomTakeoverSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ROOMS_MAX = 4;

    private final String url = "jdbc:h2:mem:takeover-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).stop();
        }
    }

    @Test
    void theCallGoesOnAtTheOtherNode() {
        Node media = start(List.of("media"), null);
        Node one = start(List.of("room"), media);
        Node two = start(List.of("room"), media);
        awaitMembers(3);
        RoomView room = await(one.system.rooms().create(ACCOUNT, "daily", properties()));
        Node host = hostOf(room, one, two);
        Node other = host.equals(one) ? two : one;
        TestProbe<SessionNotice> socket = media.actors.createTestProbe(); // The socket's node stays alive.
        Connected before = await(room(media, room)
                .askWithStatus(
                        replyTo ->
                                RoomSamples.connect("alice", socket.getRef(), replyTo, track("cam", TrackKind.VIDEO)),
                        PATIENCE));
        socket.expectMessageClass(SessionNotice.Descriptions.class, PATIENCE);
        TransportId transport =
                new TransportId(room.sid().value(), before.participantSid().value(), "pc-alice");
        media.router()
                .happens(new MediaEvent.HandoverChanged(
                        transport, new TransportHandover(new NegotiationState(new byte[] {1}), List.of())));

        host.dies();
        Synced after = resync(media, room, before, socket);

        assertThat(before.node()).isEqualTo(host.id());
        assertThat(after.node()).isEqualTo(other.id());
        assertThat(after.participantSid()).isEqualTo(before.participantSid());
        assertThat(after.snapshot().published().tracks())
                .as("the same SIDs")
                .isEqualTo(before.snapshot().published().tracks());
        assertThat(after.snapshot().published().revision())
                .as("of the next epoch")
                .isGreaterThan(2 * LiveRoom.REVISIONS_PER_EPOCH)
                .isGreaterThan(before.snapshot().published().revision());
        assertThat(after.snapshot().connections())
                .singleElement()
                .satisfies(connection -> assertThat(connection.connectionId()).isEqualTo("pc-alice"));
        assertThat(media.router().open()).as("media never stopped").containsExactly(transport);
        assertThat(media.router().commands(MediaCommand.ReportTransport.class))
                .extracting(MediaCommand.ReportTransport::transport)
                .contains(transport);
        assertThat(media.router().commands(MediaCommand.OpenTransport.class)).hasSize(1);
        List<ParticipantView> there = await(
                        room(media, room).<ParticipantViews>askWithStatus(RoomCommand.ListParticipants::new, PATIENCE))
                .participants();
        assertThat(there).extracting(ParticipantView::sid).containsExactly(before.participantSid());
        assertThat(other.system.statistics().participants()).isEqualTo(1);
    }

    @Test
    void aQuotaIsKeptOverTheDeathOfTheNodeThatCounts() {
        Node media = start(List.of("media"), null);
        Node one = start(List.of("room"), media);
        Node two = start(List.of("room"), media);
        awaitMembers(3);
        List<RoomView> rooms = new ArrayList<>();
        for (int i = 0; i < ROOMS_MAX; i++) {
            rooms.add(await(media.system.rooms().create(ACCOUNT, "", properties())));
        }
        Node counting = one.system.quotaStatistics().taken(SeatKind.ROOM) > 0 ? one : two;
        assertThat(counting.system.quotaStatistics().taken(SeatKind.ROOM)).isEqualTo(ROOMS_MAX);

        counting.dies();

        List<RoomView> tooMany = new ArrayList<>();
        TestProbe<Object> probe = media.actors.createTestProbe();
        probe.awaitAssert(PATIENCE, Duration.ofMillis(500), () -> {
            assertThat(refusal(media, tooMany)).isEqualTo(RoomError.ROOMS_QUOTA_EXCEEDED);
            return null;
        });
        assertThat(tooMany).isEmpty();
        probe.awaitAssert(PATIENCE, Duration.ofMillis(500), () -> {
            assertThat(await(room(media, rooms.get(0)).askWithStatus(RoomCommand.Complete::new, Duration.ofSeconds(5))))
                    .isNotNull();
            return null;
        });
        probe.awaitAssert(PATIENCE, Duration.ofMillis(500), () -> {
            refusal(media, tooMany);
            assertThat(tooMany).isNotEmpty();
            return null;
        });
        assertThat(refusal(media, tooMany)).isEqualTo(RoomError.ROOMS_QUOTA_EXCEEDED);
        assertThat(tooMany).hasSize(1);
    }

    /** Tries to create a room. Returns the error; null if the room is created, which is then added to the list. */
    private static @Nullable RoomError refusal(Node at, List<RoomView> created) {
        try {
            created.add(await(at.system.rooms().create(ACCOUNT, "", properties())));
            return null;
        } catch (CompletionException failure) {
            return Failures.rootCause(failure) instanceof RoomRefusal refusal ? refusal.error() : RoomError.BUSY;
        }
    }

    /** Repeats a sync until it succeeds, as a gateway does when the room's node is lost. */
    private static Synced resync(Node at, RoomView room, Connected session, TestProbe<SessionNotice> socket) {
        return at.actors.<Object>createTestProbe().awaitAssert(PATIENCE, Duration.ofMillis(500), () -> {
            StatusReply<Synced> reply = ask(at, room, session, socket);
            assertThat(reply.isSuccess()).isTrue();
            return reply.getValue();
        });
    }

    private static StatusReply<Synced> ask(Node at, RoomView room, Connected session, TestProbe<SessionNotice> socket) {
        TestProbe<StatusReply<Synced>> reply = at.actors.createTestProbe();
        room(at, room)
                .tell(new RoomCommand.Sync(
                        session.sessionId(),
                        client(1, track("cam", TrackKind.VIDEO)),
                        List.of(),
                        socket.getRef(),
                        reply.getRef()));
        return reply.receiveMessage(Duration.ofSeconds(5));
    }

    private static EntityRef<RoomCommand> room(Node at, RoomView room) {
        return ClusterSharding.get(at.actors.system())
                .entityRefFor(RoomEntity.KEY, room.sid().value());
    }

    private static Node hostOf(RoomView room, Node one, Node two) {
        one.actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(one.system.statistics().rooms() + two.system.statistics().rooms())
                    .as("%s runs at one of the nodes", room.sid())
                    .isEqualTo(1);
            return null;
        });
        return one.system.statistics().rooms() == 1 ? one : two;
    }

    private void awaitMembers(int count) {
        for (Node node : nodes) {
            node.actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
                assertThat(Cluster.get(node.actors.system()).state().getMembers())
                        .hasSize(count)
                        .allSatisfy(member -> assertThat(member.status()).isEqualTo(MemberStatus.up()));
                boolean runsRooms =
                        Cluster.get(node.actors.system()).selfMember().hasRole(RoomSystem.ROLE);
                // Only nodes that run rooms keep track of the media nodes.
                assertThat(node.system.mediaPlane().mediaNodes().live()).hasSize(runsRooms ? 1 : 0);
                return null;
            });
        }
    }

    private Node start(List<String> roles, @Nullable Node seed) {
        Config config = RoomConfig.complete(ConfigFactory.parseMap(Map.of(
                        "rotunda.db.url",
                        url,
                        "pekko.cluster.roles",
                        roles,
                        "pekko.remote.artery.canonical.hostname",
                        "127.0.0.1",
                        "pekko.remote.artery.canonical.port",
                        0,
                        "pekko.cluster.jmx.multi-mbeans-in-same-jvm",
                        "on",
                        "rotunda.limits.concurrent-rooms",
                        ROOMS_MAX))
                .withFallback(ConfigFactory.parseString("""
                    # These nodes notice a loss more slowly than others.
                    rotunda.limits.silence-max = 60s
                    pekko.cluster.split-brain-resolver.stable-after = 2s
                    # Of two room nodes the loss of one may stop the other, so here the media node has a vote, too.
                    pekko.cluster.split-brain-resolver.keep-majority.role = ""
                    pekko.cluster.failure-detector.acceptable-heartbeat-pause = 5s
                    pekko.coordinated-shutdown.run-by-actor-system-terminate = off
                    pekko.coordinated-shutdown.exit-jvm = off
                    """)));
        Database database = Database.open(config.getConfig("rotunda.db"));
        ActorTestKit actors = ActorTestKit.create("rotunda", config);
        Cluster cluster = Cluster.get(actors.system());
        cluster.join(
                seed == null
                        ? cluster.selfAddress()
                        : Cluster.get(seed.actors.system()).selfAddress());
        List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
        RoomSystem system = RoomSystem.start(
                actors.system(),
                database,
                Clock.tickMillis(ZoneOffset.UTC),
                new SecureRandom(),
                roles.contains("media")
                        ? Optional.of(
                                ProcessRouter.open(actors.system().address().hostPort(), listener -> {
                                    FakeMediaRouter router = new FakeMediaRouter(listener);
                                    routers.add(router);
                                    return router;
                                }))
                        : Optional.empty(),
                OptionalInt.empty());
        Node node = new Node(actors, database, system, routers);
        nodes.add(node);
        return node;
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private record Node(ActorTestKit actors, Database database, RoomSystem system, List<FakeMediaRouter> routers) {
        FakeMediaRouter router() {
            return routers.get(0);
        }

        /** Returns the node's id in the node watch, as text. */
        String id() {
            return NodeId.of(Cluster.get(actors.system()).selfMember().uniqueAddress())
                    .toString();
        }

        /** Ends the node without leaving the cluster or handing anything over. */
        void dies() {
            actors.shutdownTestKit();
        }

        void stop() {
            actors.shutdownTestKit(); // A second shutdown of a dead node does nothing.
            database.close();
        }
    }
}
