package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.testkit.PostgresServer;

/** Tests the start of a node while its database is away. */
class DatabaseStartTest {
    @Test
    void waitsForADatabaseThatComesAndGivesUpOnOneThatDoesNot(@TempDir Path directory) {
        try (PostgresServer server = PostgresServer.start(directory)) {
            server.stop();
            assertThatThrownBy(() -> Database.open(config(server, "0s")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("refused");

            CompletableFuture<Database> opened =
                    CompletableFuture.supplyAsync(() -> Database.open(config(server, "120s")));
            server.start();

            try (Database database = opened.orTimeout(120, TimeUnit.SECONDS).join()) {
                assertThat(database.health().isAway()).isFalse();
            }
        }
    }

    private static Config config(PostgresServer server, String startTimeout) {
        return RoomConfig.complete(ConfigFactory.parseMap(Map.of("rotunda.db.start-timeout", startTimeout))
                        .withFallback(ConfigFactory.parseMap(server.config(server.jdbcUrl()))))
                .getConfig("rotunda.db");
    }
}
