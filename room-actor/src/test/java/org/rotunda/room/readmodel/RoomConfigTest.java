package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.room.RoomSettings;

class RoomConfigTest {
    private static final Config CONFIG = RoomConfig.complete(ConfigFactory.empty());

    @ParameterizedTest
    @CsvSource({
        "pekko.actor.provider, cluster",
        "pekko.actor.allow-java-serialization, off",
        "pekko.cluster.sharding.remember-entities, on",
        "pekko.cluster.sharding.remember-entities-store, eventsourced",
        "pekko.cluster.sharding.passivation.strategy, none",
        "pekko.cluster.sharding.entity-recovery-strategy, constant",
        "pekko.cluster.sharding.number-of-shards, 256",
        "pekko.cluster.split-brain-resolver.active-strategy, keep-majority",
        "pekko.cluster.split-brain-resolver.stable-after, 5s",
        "pekko.cluster.failure-detector.acceptable-heartbeat-pause, 2s",
        "pekko.cluster.downing-provider-class, org.apache.pekko.cluster.sbr.SplitBrainResolverProvider",
        "pekko.remote.artery.advanced.maximum-frame-size, 2 MiB",
        "pekko.persistence.journal.plugin, jdbc-journal",
        "pekko.persistence.snapshot-store.plugin, jdbc-snapshot-store",
        "pekko.persistence.state.plugin, jdbc-durable-state-store"
    })
    void keepsTheSettingsThatLoseRoomsWhenTheyAreWrong(String path, String expected) {
        assertThat(CONFIG.getString(path)).isEqualTo(expected);
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
        assertThat(slick.getString("db.url")).isEqualTo("jdbc:postgresql://db/rotunda");
        assertThat(slick.getString("db.user")).isEqualTo("u");
        assertThat(config.getString("pekko.projection.jdbc.dialect")).isEqualTo("postgres-dialect");
    }

    @Test
    void writesAnEmbeddedFileAtEveryCommit() {
        Config config = RoomConfig.complete(
                ConfigFactory.parseMap(Map.of("rotunda.db.url", "jdbc:h2:file:/tmp/somewhere/rotunda")));

        assertThat(config.getString("pekko-persistence-jdbc.shared-databases.slick.db.url"))
                .contains(";WRITE_DELAY=0");
        assertThat(Database.isEmbedded(config.getConfig("rotunda.db"))).isTrue();
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
}
