package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.rotunda.room.mediaplane.ProcessRouter;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.quota.AccountSeats;
import org.rotunda.room.readmodel.Database;
import org.rotunda.room.readmodel.RoomConfig;
import org.rotunda.room.testkit.FakeMediaRouter;

/**
 * A node with rooms, a real database, and a media node whose routers are fakes. The node is a cluster of its own unless
 * it joins another node's cluster.
 */
record RoomNode(ActorTestKit actors, Database database, RoomSystem system, List<FakeMediaRouter> routers) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Starts a node alone in its cluster. */
    static RoomNode start(Map<String, Object> database, Map<String, Object> overrides) {
        return start(database, overrides, Optional.empty());
    }

    /** Starts a node. If another node is given, the new node joins its cluster. */
    static RoomNode start(Map<String, Object> database, Map<String, Object> overrides, Optional<RoomNode> other) {
        Config config = RoomConfig.complete(ConfigFactory.parseMap(overrides)
                .withFallback(ConfigFactory.parseMap(database))
                .withFallback(ConfigFactory.parseMap(Map.of(
                        "pekko.cluster.roles",
                        List.of("room", "media"),
                        "pekko.remote.artery.canonical.hostname",
                        "127.0.0.1",
                        "pekko.remote.artery.canonical.port",
                        0,
                        "pekko.cluster.jmx.multi-mbeans-in-same-jvm",
                        "on"))));
        Database opened = Database.open(config.getConfig("rotunda.db"));
        ActorTestKit actors = ActorTestKit.create("rotunda", config);
        Cluster cluster = Cluster.get(actors.system());
        cluster.manager()
                .tell(Join.create(other.map(node -> Cluster.get(node.actors().system()))
                        .orElse(cluster)
                        .selfMember()
                        .address()));
        List<FakeMediaRouter> routers = new CopyOnWriteArrayList<>();
        RoomSystem system = RoomSystem.start(
                actors.system(),
                opened,
                Clock.tickMillis(ZoneOffset.UTC),
                new SecureRandom(),
                Optional.of(ProcessRouter.open(actors.system().address().hostPort(), listener -> {
                    FakeMediaRouter router = new FakeMediaRouter(listener);
                    routers.add(router);
                    return router;
                })),
                OptionalInt.empty());
        int nodes = 1
                + other.map(node ->
                                node.system().mediaPlane().mediaNodes().live().size())
                        .orElse(0);
        actors.<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(cluster.selfMember().status()).isEqualTo(MemberStatus.up());
            assertThat(system.mediaPlane().mediaNodes().live()).hasSize(nodes);
            return null;
        });
        return new RoomNode(actors, opened, system, routers);
    }

    Rooms rooms() {
        return system.rooms();
    }

    RoomQueries queries() {
        return system.queries();
    }

    FakeMediaRouter router() {
        return routers.get(0);
    }

    /** Makes the account count a room and a participant that do not exist. */
    void lostSeats(AccountSid account, RoomSid room, ParticipantSid participant) {
        ClusterSharding.get(actors.system())
                .entityRefFor(AccountSeats.KEY, account.value())
                .tell(new AccountSeats.Renew(room, RoomType.GROUP, List.of(participant)));
    }

    void stop() {
        actors.shutdownTestKit();
        database.close();
    }
}
