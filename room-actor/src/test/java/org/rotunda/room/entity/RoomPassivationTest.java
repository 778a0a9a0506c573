package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.testkit.FakeMediaNodes;
import org.rotunda.room.testkit.RoomSamples;
import scala.jdk.javaapi.CollectionConverters;

/** Tests a room that is created while the entity of its SID is about to be passivated. */
class RoomPassivationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ROUNDS = 8;

    private final Random random = new Random(5);
    private final ActorTestKit actors = ActorTestKit.create("passivation", config());
    private final ClusterSharding sharding = ClusterSharding.get(actors.system());
    private final TestProbe<Asked> asked = actors.createTestProbe();
    private final Map<String, ActorRef<ClusterSharding.ShardCommand>> shards = new ConcurrentHashMap<>();

    /**
     * A passivation request of an entity. The fixture holds the request back until a test passes it on to the shard.
     */
    private record Asked(ClusterSharding.ShardCommand request) {}

    @BeforeEach
    void startRooms() {
        Cluster cluster = Cluster.get(actors.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        ActorRef<ClusterSharding.ShardCommand> holdBack = actors.spawn(Behaviors.receiveMessage(request -> {
            asked.getRef().tell(new Asked(request));
            return Behaviors.same();
        }));
        RoomEnvironment environment = RoomEntityFixture.environment(
                RoomSamples.passivatingSettings(),
                new FakeMediaNodes("media-1", actors.system().ignoreRef()),
                new RoomStatistics(),
                Fence.NEVER);
        sharding.init(Entity.of(RoomEntity.KEY, context -> {
            shards.put(context.getEntityId(), context.getShard());
            return RoomEntity.create(new RoomSid(context.getEntityId()), holdBack, environment);
        }));
    }

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void aRoomCreatedWhileItIsAboutToBePassivatedIsAwakeAfterwards() {
        RoomSid sid = RoomSid.random(random);
        Asked request = wakeUntilItAsks(sid);

        assertThat(create(sid).isSuccess()).isTrue(); // The shard has not received the passivation request yet.
        passivate(sid, request);

        actors.<Object>createTestProbe().expectTerminated(entityOf(request), PATIENCE);
        awaitAwake(sid);
    }

    @Test
    void aCreateIsAnsweredInEitherOrderWithThePassivation() {
        for (int round = 0; round < ROUNDS; round++) {
            RoomSid sid = RoomSid.random(random);
            Asked request = wakeUntilItAsks(sid);
            TestProbe<StatusReply<RoomView>> created = actors.createTestProbe();
            RoomCommand.Create create = new RoomCommand.Create(ACCOUNT, sid.value(), properties(), created.getRef());

            if (round % 2 == 0) {
                entityOf(request).tell(create);
                passivate(sid, request);
            } else {
                passivate(sid, request);
                entityOf(request).tell(create);
            }

            // The test sends the command again, like a caller that got no answer. The entity may already have passed
            // the first command on through the shard, so the shard may get the command twice.
            sharding.entityRefFor(RoomEntity.KEY, sid.value()).tell(create);
            created.fishForMessage(
                    PATIENCE,
                    reply -> reply.isSuccess() ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
            actors.<Object>createTestProbe().expectTerminated(entityOf(request), PATIENCE);
            awaitAwake(sid);
        }
    }

    private void passivate(RoomSid sid, Asked request) {
        Optional.ofNullable(shards.get(sid.value())).orElseThrow().tell(request.request());
    }

    private Asked wakeUntilItAsks(RoomSid sid) {
        sharding.entityRefFor(RoomEntity.KEY, sid.value())
                .tell(new RoomCommand.Fetch(actors.system().ignoreRef()));
        return asked.receiveMessage(PATIENCE);
    }

    @SuppressWarnings("unchecked") // All entities of this shard are rooms.
    private static ActorRef<RoomCommand> entityOf(Asked asked) {
        return ((ClusterSharding.Passivate<RoomCommand>) asked.request()).entity();
    }

    private StatusReply<RoomView> create(RoomSid sid) {
        TestProbe<StatusReply<RoomView>> created = actors.createTestProbe();
        sharding.entityRefFor(RoomEntity.KEY, sid.value())
                .tell(new RoomCommand.Create(ACCOUNT, sid.value(), properties(), created.getRef()));
        return created.receiveMessage(PATIENCE);
    }

    /** Waits until the shard runs the entity. Sends the room no command, because a command would start it. */
    private void awaitAwake(RoomSid sid) {
        TestProbe<CurrentShardRegionState> state = actors.createTestProbe();
        state.awaitAssert(PATIENCE, () -> {
            sharding.shardState().tell(new GetShardRegionState(RoomEntity.KEY, state.getRef()));
            Set<String> running = CollectionConverters.asJava(
                            state.receiveMessage(PATIENCE).shards())
                    .stream()
                    .flatMap(each -> CollectionConverters.asJava(each.entityIds()).stream())
                    .collect(Collectors.toSet());
            assertThat(running).contains(sid.value());
            return true;
        });
    }

    /** Returns the settings of a cluster of one node, with everything in memory. */
    private static Config config() {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.actor.provider", "cluster",
                        "pekko.remote.artery.canonical.hostname", "127.0.0.1",
                        "pekko.remote.artery.canonical.port", 0,
                        "pekko.cluster.jmx.multi-mbeans-in-same-jvm", "on",
                        "pekko.cluster.sharding.passivation.strategy", "none"))
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(ConfigFactory.load("rotunda-pekko-serialization.conf"));
    }
}
