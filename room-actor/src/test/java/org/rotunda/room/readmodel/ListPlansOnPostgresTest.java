package org.rotunda.room.readmodel;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.testkit.PostgresServer;

/** The tests of {@link ListPlansTest} on PostgreSQL, the database of clusters. */
class ListPlansOnPostgresTest extends ListPlansTest {
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

    @Override
    String series(int last) {
        return "generate_series(1, " + last + ") AS s(i)";
    }

    @Override
    String analyze() {
        return "VACUUM ANALYZE";
    }

    @Override
    boolean readsOnly(String index, String plan) {
        return plan.contains("Index Scan using " + index + " on ")
                && !plan.contains("Sort")
                && !plan.contains("Seq Scan");
    }
}
