package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the database on one connection that it keeps, and opens again after a failure. */
final class ConnectionProbe implements DatabaseHealth.Probe {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionProbe.class);

    private final String url;
    private final Properties properties;
    private final int timeoutSeconds;
    private @Nullable Connection connection;

    /** @param timeout for the connection and for each answer; whole seconds, at least one */
    ConnectionProbe(String url, String user, String password, Duration timeout) {
        this.url = url;
        this.timeoutSeconds = Math.max(1, Math.toIntExact(timeout.toSeconds()));
        this.properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        if (url.startsWith(DatabaseConfig.POSTGRESQL_URL)) { // Over those of the URL, which are for statements.
            properties.setProperty("connectTimeout", Integer.toString(timeoutSeconds));
            properties.setProperty("socketTimeout", Integer.toString(timeoutSeconds));
            properties.setProperty("ApplicationName", "rotunda-probe");
        }
    }

    @Override
    public void ask() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = DriverManager.getConnection(url, properties);
            connection = open;
        }
        if (!open.isValid(timeoutSeconds)) {
            close();
            connection = DriverManager.getConnection(url, properties); // A restart in between is no absence.
        }
    }

    @Override
    public void close() {
        Connection closing = connection;
        connection = null;
        if (closing != null) {
            try {
                closing.close();
            } catch (SQLException e) {
                LOG.debug("a connection that was lost", e);
            }
        }
    }
}
