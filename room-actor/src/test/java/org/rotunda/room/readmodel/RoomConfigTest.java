package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.room.protocol.RoomSettings;

class RoomConfigTest {
    private static final Config CONFIG = RoomConfig.complete(ConfigFactory.empty());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        pekko.actor.provider | cluster | rooms are spread over nodes
        pekko.actor.allow-java-serialization | off | what is journalled must be readable by the next version
        pekko.cluster.sharding.remember-entities | on | a room has deadlines whether somebody asks it or not
        pekko.cluster.sharding.remember-entities-store | eventsourced | ddata forgets when all nodes stop
        pekko.cluster.sharding.passivation.strategy | none | an idle room has timers and a call
        pekko.cluster.sharding.entity-recovery-strategy | constant | all rooms at once starve the journal after a fail-over
        pekko.cluster.sharding.number-of-shards | 256 | another number puts a room in two shards during an upgrade
        pekko.cluster.sharding.journal-plugin-id | rotunda-sharding-journal | remembered rooms must survive all nodes
        rotunda-sharding-journal.class | org.rotunda.room.readmodel.ShardingJournal | \
        with Pekko's a failed write stops all rooms of a shard
        rotunda-sharding-journal.use-shared-db | slick | the same database and tables as the rooms' journal
        pekko.cluster.sharding.snapshot-plugin-id | jdbc-snapshot-store | remembered rooms must survive all nodes
        pekko.cluster.split-brain-resolver.active-strategy | keep-majority | two halves would each own every room
        pekko.cluster.split-brain-resolver.keep-majority.role | room | media nodes would outvote the room nodes
        pekko.cluster.split-brain-resolver.down-all-when-unstable | off | nine seconds of late heartbeats would down all nodes
        pekko.cluster.sharding.entity-recovery-constant-rate-strategy.number-of-entities | 50 | \
        with Pekko's 5 a shard of 800 rooms needs 16 s
        pekko.persistence.max-concurrent-recoveries | 50 | more would starve the journal
        pekko.cluster.downing-provider-class | org.apache.pekko.cluster.sbr.SplitBrainResolverProvider | \
        nobody is downed without it, and rooms of a lost node stay lost
        pekko.persistence.journal.plugin | jdbc-journal | the journal
        pekko.persistence.snapshot-store.plugin | jdbc-snapshot-store | the journal
        pekko.persistence.state.plugin | jdbc-durable-state-store | names
        pekko.persistence.typed.stash-overflow-strategy | drop | failing would stop the entity; the gate answers before
        """)
    void keepsTheSettingsThatLoseRoomsWhenTheyAreWrong(String path, String expected, String why) {
        assertThat(CONFIG.getString(path)).as(why).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        pekko.cluster.sharding.entity-recovery-constant-rate-strategy.frequency | PT0.1S | 50 rooms of a shard start in each
        pekko.cluster.split-brain-resolver.stable-after | PT5S | rooms of a lost node come back within 10 s
        pekko.cluster.failure-detector.acceptable-heartbeat-pause | PT2S | the default of 3 s adds to the time without a room
        pekko.cluster.sharding.shard-failure-backoff | PT2S | the default of 10 s is longer than a room may be away
        pekko.cluster.sharding.coordinator-failure-backoff | PT1S | the default of 5 s adds to the time without a room
        pekko.cluster.sharding.waiting-for-state-timeout | PT5S | a busy database needs more than the default of 2 s
        pekko.cluster.sharding.updating-state-timeout | PT3S | a write to a lost node is tried again after that
        pekko.cluster.failure-detector.heartbeat-interval | PT0.3S | one interval passes before a silence is noticed
        pekko.cluster.unreachable-nodes-reaper-interval | PT0.25S | the default of 1 s adds to the time without a room
        pekko.cluster.gossip-interval | PT0.2S | the default of 1 s adds to the time without a room
        pekko.cluster.leader-actions-interval | PT0.2S | the default of 1 s adds to the time without a room
        pekko.cluster.down-removal-margin | PT0.001S | off would wait for stable-after a second time
        pekko.cluster.sharding.retry-interval | PT0.5S | the default of 2 s adds to the time without a room
        pekko.cluster.sharding.handoff-timeout | PT6S | a node that dies in a hand-over leaves its shard without a home for so long
        pekko.cluster.sharding.entity-restart-backoff | PT1S | rooms of a lost database come back within 10 s
        """)
    void noticesALostNodeInTime(String path, Duration expected, String why) {
        assertThat(CONFIG.getDuration(path)).as(why).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        jdbc-journal.circuit-breaker.reset-timeout | PT1S | rooms would stay closed for 30 s after the database is back
        jdbc-snapshot-store.circuit-breaker.reset-timeout | PT1S | rooms would stay closed for 60 s after the database is back
        rotunda-sharding-journal.circuit-breaker.reset-timeout | PT1S | shards would wait for 30 s after the database is back
        pekko.projection.restart-backoff.max-backoff | PT5S | lists would be old for 30 s after the database is back
        """)
    void goesOnSoonWhenTheDatabaseIsBack(String path, Duration expected, String why) {
        assertThat(CONFIG.getDuration(path)).as(why).isEqualTo(expected);
    }

    @Test
    void boundsTheNotesOfSharding() {
        assertThat(CONFIG.getInt("pekko.cluster.sharding.snapshot-after"))
                .as("the default of 1000 would keep a million rows")
                .isEqualTo(200);
        assertThat(CONFIG.getInt("pekko.cluster.sharding.keep-nr-of-batches")).isEqualTo(2);
    }

    @Test
    void answersShardingBeforeItsTimeout() {
        assertThat(ShardingJournal.PATIENCE.multipliedBy(2))
                .isLessThan(CONFIG.getDuration("pekko.cluster.sharding.updating-state-timeout"));
    }

    @Test
    void limitsTheTimeOfEveryStatement() {
        Config config = RoomConfig.complete(
                ConfigFactory.parseMap(Map.of("rotunda.db.url", "jdbc:postgresql://db/rotunda?sslmode=require")));

        assertThat(config.getString("pekko-persistence-jdbc.shared-databases.slick.db.url"))
                .isEqualTo("jdbc:postgresql://db/rotunda?sslmode=require&connectTimeout=5&socketTimeout=10");
    }

    @Test
    void carriesTheDescriptionsOfLargeRooms() {
        assertThat(CONFIG.getBytes("pekko.remote.artery.advanced.maximum-frame-size"))
                .as("session descriptions reach hundreds of kilobytes, and a larger message is dropped")
                .isEqualTo(2 * 1024 * 1024);
    }

    @Test
    void stashesMoreCommandsThanEverWait() {
        assertThat(CONFIG.getInt("pekko.persistence.typed.stash-capacity"))
                .as("one message at a time passes the gate before a room; a full stash drops in silence")
                .isEqualTo(4096);
    }

    @Test
    void letsTheApplicationOverride() {
        Config config = RoomConfig.complete(
                ConfigFactory.parseMap(Map.of("pekko.cluster.split-brain-resolver.stable-after", "7s")));

        assertThat(config.getDuration("pekko.cluster.split-brain-resolver.stable-after"))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void connectsTheJournalToTheDatabase() {
        Config config = RoomConfig.complete(ConfigFactory.parseMap(Map.of(
                "rotunda.db.url", "jdbc:postgresql://db/rotunda", "rotunda.db.user", "u", "rotunda.db.password", "p")));
        Config slick = config.getConfig("pekko-persistence-jdbc.shared-databases.slick");

        assertThat(slick.getString("profile")).isEqualTo("slick.jdbc.PostgresProfile$");
        assertThat(slick.getString("db.url")).startsWith("jdbc:postgresql://db/rotunda");
        assertThat(slick.getString("db.user")).isEqualTo("u");
        assertThat(config.getString("pekko.projection.jdbc.dialect")).isEqualTo("postgres-dialect");
    }

    @Test
    void writesAnEmbeddedFileAtEveryCommit() {
        Config config = RoomConfig.complete(
                ConfigFactory.parseMap(Map.of("rotunda.db.url", "jdbc:h2:file:/tmp/somewhere/rotunda")));

        assertThat(config.getString("pekko-persistence-jdbc.shared-databases.slick.db.url"))
                .contains(";WRITE_DELAY=0");
        assertThat(DatabaseConfig.isEmbedded(config.getConfig("rotunda.db"))).isTrue();
    }

    @Test
    void refusesOtherDatabases() {
        assertThatThrownBy(() -> RoomConfig.complete(
                        ConfigFactory.parseMap(Map.of("rotunda.db.url", "jdbc:mysql://db/rotunda"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotunda.db.url");
    }

    @Test
    void readsTheSettings() {
        RoomSettings settings = RoomSettings.from(CONFIG.getConfig("rotunda"));

        assertThat(settings.sessionTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.adHoc().participantsMax()).isEqualTo(50);
        assertThat(settings.adHoc().emptyRoomTimeoutMinutes()).isZero();
        assertThat(settings.adHoc().mediaRegion()).isEqualTo("us1");
    }

    @ParameterizedTest
    @CsvSource({"group, 50, us1", "group-small, 4, us1", "peer-to-peer, 10, ''", "go, 2, ''"})
    void readsTheTypeOfRoomsThatAConnectCreates(String type, int participantsMax, String region) {
        RoomSettings settings = RoomSettings.from(
                CONFIG.getConfig("rotunda").withValue("rooms.default.type", ConfigValueFactory.fromAnyRef(type)));

        assertThat(settings.adHoc().type().wireName()).isEqualTo(type);
        assertThat(settings.adHoc().participantsMax()).isEqualTo(participantsMax);
        assertThat(settings.adHoc().mediaRegion()).isEqualTo(region);
    }

    @Test
    void refusesAudioOnlyRoomsOfAnotherTypeThanGroup() {
        Config rotunda = CONFIG.getConfig("rotunda")
                .withValue("rooms.default.type", ConfigValueFactory.fromAnyRef("go"))
                .withValue("rooms.default.audio-only", ConfigValueFactory.fromAnyRef(true));

        assertThatThrownBy(() -> RoomSettings.from(rotunda))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotunda.rooms.default.audio-only");
    }

    @Test
    void refusesARoomForMoreParticipantsThanAMessageTakes() {
        for (int max : new int[] {0, 1001}) {
            Config rotunda = CONFIG.getConfig("rotunda")
                    .withValue("rooms.default.participants-max", ConfigValueFactory.fromAnyRef(max));

            assertThatThrownBy(() -> RoomSettings.from(rotunda))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rotunda.rooms.default.participants-max");
        }
    }
}
