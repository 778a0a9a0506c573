package org.rotunda.room;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.testkit.PostgresServer;

/** The tests of {@link QuotaSystemTest} on PostgreSQL, the database of clusters. */
class QuotaSystemOnPostgresTest extends QuotaSystemTest {
    private static PostgresServer server;

    private String url = "";

    @BeforeAll
    static void startServer(@TempDir Path directory) {
        server = PostgresServer.start(directory);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    Map<String, Object> database() {
        if (url.isEmpty()) {
            // Each test has one database. The database survives restarts of the node.
            url = server.createDatabase();
        }
        return server.config(url);
    }
}
