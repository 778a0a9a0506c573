package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks over one connection whether the database answers. The probe keeps the connection, and replaces it after a
 * failure.
 */
final class ConnectionProbe implements DatabaseHealth.Probe {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionProbe.class);

    private final String url;
    private final Properties properties;
    private final int timeoutSeconds;
    private @Nullable Connection connection;

    /**
     * Creates a probe that connects at the first question.
     *
     * @param timeout the limit for connecting and for each answer, in whole seconds; at least 1 s
     */
    ConnectionProbe(String url, String user, String password, Duration timeout) {
        this.url = url;
        this.timeoutSeconds = Math.max(1, Math.toIntExact(timeout.toSeconds()));
        this.properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        // The driver prefers a connectTimeout or socketTimeout in the URL to these two properties.
        if (url.startsWith(DatabaseConfig.POSTGRESQL_URL)) {
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
            // A database that has restarted since the last probe is not away, so the probe connects once more.
            connection = DriverManager.getConnection(url, properties);
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
                LOG.debug("a lost connection cannot be closed", e);
            }
        }
    }
}
