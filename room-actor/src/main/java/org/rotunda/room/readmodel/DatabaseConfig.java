package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Translates the section {@code rotunda.db} into the settings of JDBC and of Pekko. The functions are pure and have no
 * logger, because the configuration is read before logging is configured.
 */
public final class DatabaseConfig {
    static final String POSTGRESQL_URL = "jdbc:postgresql:";

    private static final String H2_URL = "jdbc:h2:";
    private static final String H2_FILE_URL = "jdbc:h2:file:";
    private static final String H2 = "h2";

    private DatabaseConfig() {}

    /** Returns whether the database runs inside the process of the node. No second node can use such a database. */
    public static boolean isEmbedded(Config db) {
        return vendor(db).equals(H2);
    }

    /** Returns the settings of the database for Pekko's journal and projections. */
    static Config pekkoSettings(Config db) {
        boolean h2 = isEmbedded(db);
        String slick = "pekko-persistence-jdbc.shared-databases.slick.";
        Map<String, Object> settings = new HashMap<>();
        settings.put(slick + "profile", h2 ? "slick.jdbc.H2Profile$" : "slick.jdbc.PostgresProfile$");
        settings.put(slick + "db.connectionPool", "HikariCP");
        settings.put(slick + "db.driver", h2 ? "org.h2.Driver" : "org.postgresql.Driver");
        settings.put(slick + "db.url", url(db));
        settings.put(slick + "db.user", db.getString("user"));
        settings.put(slick + "db.password", db.getString("password"));
        settings.put(slick + "db.numThreads", db.getInt("journal-pool-size"));
        settings.put(slick + "db.maxConnections", db.getInt("journal-pool-size"));
        settings.put(slick + "db.minConnections", 1);
        settings.put(
                slick + "db.connectionTimeout",
                db.getDuration("connection-timeout").toMillis());
        settings.put("pekko.projection.jdbc.dialect", h2 ? "h2-dialect" : "postgres-dialect");
        return ConfigFactory.parseMap(settings, "rotunda.db");
    }

    /**
     * Returns the JDBC URL with time limits for connecting and for statements. Without these limits, a network that
     * drops packets would block all connections for minutes.
     */
    static String url(Config db) {
        String url = baseUrl(db);
        if (url.startsWith(POSTGRESQL_URL)) {
            url = withParameter(url, "connectTimeout", db.getDuration("connection-timeout"));
            url = withParameter(url, "socketTimeout", db.getDuration("statement-timeout"));
        }
        return url;
    }

    /**
     * Returns the JDBC URL for the probe. Its time limits are {@code probe-timeout}, even if the configured URL has
     * other limits.
     */
    static String probeUrl(Config db) {
        String url = baseUrl(db);
        if (url.startsWith(POSTGRESQL_URL)) {
            String seconds = Long.toString(probeTimeoutSeconds(db));
            // The driver prefers a parameter of the URL to a property, and the last of two parameters with one name.
            url = append(url, "connectTimeout", seconds);
            url = append(url, "socketTimeout", seconds);
        }
        return url;
    }

    /** Returns {@code probe-timeout} in whole seconds. */
    static int probeTimeoutSeconds(Config db) {
        return Math.max(1, Math.toIntExact(db.getDuration("probe-timeout").toSeconds()));
    }

    private static String withParameter(String url, String key, Duration value) {
        return url.contains(key + "=") ? url : append(url, key, Long.toString(Math.max(1, value.toSeconds())));
    }

    private static String append(String url, String key, String value) {
        return url + (url.contains("?") ? "&" : "?") + key + "=" + value;
    }

    /** Returns the JDBC URL without time limits, for migrations, because a migration of a large table takes long. */
    static String baseUrl(Config db) {
        String url = db.getString("url");
        if (url.startsWith(H2_FILE_URL)) {
            // Without this setting, a killed H2 process loses commits that are not on disk yet.
            url = with(url, "WRITE_DELAY", "0");
            // H2's own shutdown hook would close the database before the rooms have stopped.
            url = with(url, "DB_CLOSE_ON_EXIT", "FALSE");
        }
        if (url.startsWith(H2_URL)) {
            // Pekko quotes identifiers only in some statements, so their case must not matter.
            url = with(url, "CASE_INSENSITIVE_IDENTIFIERS", "TRUE");
        }
        return url;
    }

    private static String with(String url, String key, String value) {
        return url.toUpperCase(Locale.ROOT).contains(";" + key + "=") ? url : url + ";" + key + "=" + value;
    }

    /** Returns the name of the database product. The folder of its migrations has the same name. */
    static String vendor(Config db) {
        String url = db.getString("url");
        if (url.startsWith(H2_URL)) {
            return H2;
        }
        if (url.startsWith(POSTGRESQL_URL)) {
            return "postgresql";
        }
        throw new IllegalArgumentException("rotunda.db.url must begin with jdbc:h2: or jdbc:postgresql: : " + url);
    }
}
