package org.rotunda.room.readmodel;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.testkit.PostgresServer;

/** The tests of {@link ExpandOnlyTest} on PostgreSQL, the database of clusters. */
class ExpandOnlyOnPostgresTest extends ExpandOnlyTest {
    private static PostgresServer server;

    @BeforeAll
    static void startServer(@TempDir Path directory) {
        server = PostgresServer.start(directory);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    Map<String, Object> emptyDatabase() {
        return server.config(server.createDatabase());
    }
}
