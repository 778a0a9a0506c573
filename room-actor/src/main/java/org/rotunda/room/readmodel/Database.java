package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * The one SQL database of a deployment, H2 or PostgreSQL: its schema and the connections of the read model. The journal has
 * connections of its own. Safe to use from any thread; blocks.
 */
public final class Database implements AutoCloseable {
    private static final String H2_URL = "jdbc:h2:";
    private static final String H2_FILE_URL = "jdbc:h2:file:";
    private static final String POSTGRESQL_URL = "jdbc:postgresql:";

    private final HikariDataSource dataSource;
    private final Vendor vendor;

    private Database(HikariDataSource dataSource, Vendor vendor) {
        this.dataSource = dataSource;
        this.vendor = vendor;
    }

    /**
     * Connects and brings the schema up to date.
     *
     * @param db the section {@code rotunda.db}
     */
    public static Database open(Config db) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("rotunda");
        pool.setJdbcUrl(url(db));
        pool.setUsername(db.getString("user"));
        pool.setPassword(db.getString("password"));
        pool.setMaximumPoolSize(db.getInt("pool-size"));
        pool.setConnectionTimeout(db.getDuration("connection-timeout").toMillis());
        Vendor vendor = vendor(db);
        Database database = new Database(new HikariDataSource(pool), vendor);
        database.migrate();
        return database;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        dataSource.close();
    }

    private void migrate() {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration/" + vendor.name().toLowerCase(Locale.ROOT))
                .load()
                .migrate();
    }

    /** Whether only one node may use it. */
    public static boolean isEmbedded(Config db) {
        return vendor(db) == Vendor.H2;
    }

    /** What Pekko's journal and projections must be told of the database. */
    static Config pekkoSettings(Config db) {
        boolean h2 = vendor(db) == Vendor.H2;
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

    private static String url(Config db) {
        String url = db.getString("url");
        if (url.startsWith(H2_FILE_URL)) {
            url = with(url, "WRITE_DELAY", "0"); // A killed H2 loses what it has not written yet.
            url = with(
                    url, "DB_CLOSE_ON_EXIT", "FALSE"); // Its own shutdown hook would run before the rooms have stopped.
        }
        if (url.startsWith(H2_URL)) {
            url = with(url, "CASE_INSENSITIVE_IDENTIFIERS", "TRUE"); // Pekko quotes its names here and not there.
        }
        return url;
    }

    private static String with(String url, String key, String value) {
        return url.toUpperCase(Locale.ROOT).contains(";" + key + "=") ? url : url + ";" + key + "=" + value;
    }

    private static Vendor vendor(Config db) {
        String url = db.getString("url");
        if (url.startsWith(H2_URL)) {
            return Vendor.H2;
        }
        if (url.startsWith(POSTGRESQL_URL)) {
            return Vendor.POSTGRESQL;
        }
        throw new IllegalArgumentException("rotunda.db.url must begin with jdbc:h2: or jdbc:postgresql: : " + url);
    }

    private enum Vendor {
        H2,
        POSTGRESQL
    }
}
