package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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
     * Creates a probe that connects at the first question. Connecting and each answer may take {@code probe-timeout}.
     *
     * @param db the section {@code rotunda.db}
     */
    ConnectionProbe(Config db) {
        this.url = DatabaseConfig.probeUrl(db);
        this.timeoutSeconds = DatabaseConfig.probeTimeoutSeconds(db);
        this.properties = new Properties();
        properties.setProperty("user", db.getString("user"));
        properties.setProperty("password", db.getString("password"));
        if (url.startsWith(DatabaseConfig.POSTGRESQL_URL)) {
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
