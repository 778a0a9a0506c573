package org.rotunda.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.readmodel.HousekeepingStatistics;
import org.rotunda.room.readmodel.JournalRows;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tests that what sharding and names note about rooms in the database goes away when the rooms are over, on a whole node
 * with a real database.
 */
class RememberedRoomsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHARDS = 256;
    private static final int SHARD = 7;
    private static final int SNAPSHOT_AFTER = 10;
    private static final int ROOMS = 40;

    private final Random random = new Random(9);
    private Map<String, Object> database = Map.of();
    private RoomNode node;

    @BeforeEach
    void startNode(@TempDir Path directory) {
        database = Map.of("rotunda.db.url", "jdbc:h2:file:" + directory.resolve("rotunda"));
        node = start(Map.of());
    }

    @AfterEach
    void stop() {
        node.stop();
    }

    private RoomNode start(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "pekko.cluster.sharding.snapshot-after", SNAPSHOT_AFTER, "rotunda.rooms.passivate-after", "100ms"));
        settings.putAll(more);
        return RoomNode.start(database, settings);
    }

    @Test
    void shardingForgetsCompletedRoomsAndItsNotesDoNotGrow() {
        List<RoomSid> over = Stream.generate(this::createInShard).limit(ROOMS).toList();
        over.forEach(this::complete);
        awaitRunning(Set.of());
        RoomSid live = createInShard();

        // At least one note for each start was written, and some for the stops.
        String notes = "/sharding/RoomShard/" + SHARD;
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(JournalRows.eventsOf(node.database(), notes)).isBetween(1, 4 * SNAPSHOT_AFTER);
            assertThat(JournalRows.snapshotsOf(node.database(), notes)).isBetween(1, 4);
            return true;
        });
        node.stop();
        node = start(Map.of());
        awaitRunning(Set.of(live.value())); // No room starts again but the one in progress.
    }

    /** The name's room is over, but the release was lost with its node, and nobody asks for the name again. */
    @Test
    void namesThatWereLeftBehindAreReleased() {
        RoomView over = await(node.rooms().create(ACCOUNT, "left behind", properties()));
        RoomView live = await(node.rooms().create(ACCOUNT, "in use", properties()));
        RoomName.Answer claimed = await(name("never created")
                .<RoomName.Answer>ask(replyTo -> new RoomName.Claim(RoomSid.random(random), replyTo), PATIENCE));
        assertThat(claimed).isInstanceOf(RoomName.Holder.class);
        JournalRows.update(node.database(), "UPDATE rooms SET status = 'COMPLETED' WHERE sid = '" + over.sid() + "'");
        JournalRows.update(node.database(), "UPDATE \"durable_state\" SET \"state_timestamp\" = 0");
        node.stop();

        node = start(Map.of("rotunda.housekeeping.first-after", "10ms", "rotunda.housekeeping.interval", "500ms"));

        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(states("left behind")).isZero();
            assertThat(states("never created")).isZero();
            return true;
        });
        assertThat(states("in use")).isEqualTo(1);
        assertThat(await(node.rooms().find(ACCOUNT, "in use"))).isEqualTo(live);
        assertThat(node.system().housekeeping().deleted(HousekeepingStatistics.Kind.NAMES))
                .isPositive();
        assertThat(node.system().housekeeping().runs()).isPositive();
    }

    /** Sharding could not note the room, because the database was away, and the node ended before it was back. */
    @Test
    void aRoomThatNoNodeRunsEndsNevertheless() {
        RoomView room = await(node.rooms().create(ACCOUNT, "forgotten", properties()));
        node.stop();
        node = start(Map.of("rotunda.housekeeping.first-after", "1h"));
        JournalRows.update(
                node.database(), "DELETE FROM \"event_journal\" WHERE \"persistence_id\" LIKE '/sharding/RoomShard/%'");
        JournalRows.update(
                node.database(), "DELETE FROM \"snapshot\" WHERE \"persistence_id\" LIKE '/sharding/RoomShard/%'");
        JournalRows.update(
                node.database(), "UPDATE rooms SET created_at = TIMESTAMP WITH TIME ZONE '2024-03-01 10:00:00+00'");
        node.stop();

        node = start(Map.of(
                "rotunda.rooms.age-max", "1s",
                "rotunda.housekeeping.first-after", "10ms",
                "rotunda.housekeeping.interval", "500ms"));

        RoomQueries.RoomFilter over = new RoomQueries.RoomFilter(RoomStatus.COMPLETED, null, null, null);
        node.actors().<Object>createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(await(node.queries().rooms(ACCOUNT, over, new RoomQueries.PageRequest(9, null, null)))
                            .records())
                    .singleElement()
                    .satisfies(each -> assertThat(each.endedAt())
                            .isEqualTo(room.createdAt().plusSeconds(1)));
            return true;
        });
    }

    private EntityRef<RoomName.Command> name(String name) {
        return ClusterSharding.get(node.actors().system()).entityRefFor(RoomName.KEY, RoomName.entityId(ACCOUNT, name));
    }

    private int states(String name) {
        return JournalRows.states(
                node.database(),
                PersistenceId.of(RoomName.KEY.name(), RoomName.entityId(ACCOUNT, name))
                        .id());
    }

    private RoomSid createInShard() {
        RoomSid sid = Stream.generate(() -> RoomSid.random(random))
                .filter(each -> Math.abs(each.value().hashCode() % SHARDS) == SHARD)
                .findFirst()
                .orElseThrow();
        await(node.rooms()
                .room(sid)
                .<RoomView>askWithStatus(
                        replyTo -> new RoomCommand.Create(ACCOUNT, sid.value(), properties(), replyTo), PATIENCE));
        return sid;
    }

    private void complete(RoomSid sid) {
        await(node.rooms().room(sid).<RoomView>askWithStatus(RoomCommand.Complete::new, PATIENCE));
    }

    /** Waits until exactly these entities run in the shard. Sends no room a command, because a command starts it. */
    private void awaitRunning(Set<String> wanted) {
        TestProbe<CurrentShardRegionState> state = node.actors().createTestProbe();
        state.awaitAssert(PATIENCE, () -> {
            ClusterSharding.get(node.actors().system())
                    .shardState()
                    .tell(new GetShardRegionState(RoomEntity.KEY, state.getRef()));
            List<ShardState> shards = CollectionConverters.asJava(
                            state.receiveMessage(PATIENCE).shards())
                    .stream()
                    .filter(shard -> shard.shardId().equals(Integer.toString(SHARD)))
                    .toList();
            assertThat(shards)
                    .singleElement()
                    .satisfies(shard -> assertThat(CollectionConverters.asJava(shard.entityIds()))
                            .isEqualTo(wanted));
            return true;
        });
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
