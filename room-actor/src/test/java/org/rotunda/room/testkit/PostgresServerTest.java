package org.rotunda.room.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    @Test
    void keepsPortAndDataOverAStopAndAKill(@TempDir Path directory) throws SQLException {
        try (PostgresServer server = PostgresServer.start(directory)) {
            String url = server.createDatabase();
            execute(server, url, "CREATE TABLE t (v INT)");
            execute(server, url, "INSERT INTO t VALUES (1)");

            server.stop();
            assertThatThrownBy(() -> count(server, url)).isInstanceOf(SQLException.class);
            server.start();
            assertThat(count(server, url)).isEqualTo(1);

            execute(server, url, "INSERT INTO t VALUES (2)");
            server.kill();
            assertThatThrownBy(() -> count(server, url)).isInstanceOf(SQLException.class);
            server.start();
            assertThat(count(server, url)).isEqualTo(2);
        }
    }

    private static void execute(PostgresServer server, String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(PostgresServer server, String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }
}
