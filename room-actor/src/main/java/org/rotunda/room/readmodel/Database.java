package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.RoomError;
import org.rotunda.room.RoomRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one SQL database of a deployment, H2 or PostgreSQL: its schema and the connections of the read model. The journal has
 * connections of its own. Safe to use from any thread; blocks.
 */
public final class Database implements AutoCloseable {
    private static final String H2_URL = "jdbc:h2:";
    private static final String H2_FILE_URL = "jdbc:h2:file:";
    static final String POSTGRESQL_URL = "jdbc:postgresql:";

    /** SQLSTATE classes and codes: connection exceptions, resources used up, shut down by the operator or just starting. */
    private static final List<String> ABSENT_STATES = List.of("08", "53", "57P");

    private static final Duration START_RETRY = Duration.ofSeconds(2);

    private final HikariDataSource dataSource;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final DatabaseHealth health;

    private Database(HikariDataSource dataSource, DatabaseHealth health) {
        this.dataSource = dataSource;
        this.health = health;
    }

    /**
     * Connects and brings the schema up to date. Waits for a database that is away, for {@code start-timeout} at the most.
     *
     * @param db the section {@code rotunda.db}
     */
    public static Database open(Config db) {
        awaitThere(db);
        migrate(db);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("rotunda");
        pool.setJdbcUrl(url(db));
        pool.setUsername(db.getString("user"));
        pool.setPassword(db.getString("password"));
        pool.setMaximumPoolSize(db.getInt("pool-size"));
        pool.setConnectionTimeout(db.getDuration("connection-timeout").toMillis());
        pool.setInitializationFailTimeout(-1); // Whether it is there was looked after.
        return new Database(
                new HikariDataSource(pool), DatabaseHealth.start(probe(db), db.getDuration("probe-interval")));
    }

    private static ConnectionProbe probe(Config db) {
        return new ConnectionProbe(
                url(db), db.getString("user"), db.getString("password"), db.getDuration("probe-timeout"));
    }

    /** Nodes and their database are often started together, and a node may be restarted while the database is away. */
    private static void awaitThere(Config db) {
        Instant until = Instant.now().plus(db.getDuration("start-timeout"));
        try (ConnectionProbe probe = probe(db)) {
            while (true) {
                try {
                    probe.ask();
                    return;
                } catch (SQLException failure) {
                    if (!isAbsence(failure) || Instant.now().isAfter(until)) {
                        throw new IllegalStateException(failure.getMessage(), failure);
                    }
                    log().info("Waiting for the database: {}", failure.getMessage());
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(START_RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database", e);
        }
    }

    /** Whether the failure is one of the connection, or of a database that starts, stops or is full, and may pass. */
    static boolean isAbsence(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException || cause instanceof SQLRecoverableException) {
                return true;
            }
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && ABSENT_STATES.stream().anyMatch(sql.getSQLState()::startsWith)) {
                return true;
            }
        }
        return false;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    /** Whether it answers. */
    public DatabaseHealth health() {
        return health;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Does it on that executor; {@link RoomError#BUSY} at once while the database is away, and when it went away meanwhile. */
    <T> CompletionStage<T> use(Executor blocking, Work<T> work) {
        if (health.isAway()) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.BUSY));
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection connection = dataSource.getConnection()) {
                        return work.with(connection);
                    } catch (SQLException failure) {
                        if (isAbsence(failure)) {
                            log().warn("The database does not answer: {}", failure.getMessage());
                            health.suspect();
                            throw new RoomRefusal(RoomError.BUSY);
                        }
                        throw new CompletionException(failure);
                    }
                },
                blocking);
    }

    /** Closing again changes nothing: a node that stops by itself closes, and so does who closes that node. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            health.close();
            dataSource.close();
        }
    }

    /** On a connection without time limit: a large table takes its time. */
    private static void migrate(Config db) {
        Flyway.configure()
                .dataSource(baseUrl(db), db.getString("user"), db.getString("password"))
                .locations("classpath:db/migration/" + vendor(db).name().toLowerCase(Locale.ROOT))
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

    /** With a limit to the time a statement waits: a network that swallows packets would hold all connections for minutes. */
    private static String url(Config db) {
        String url = baseUrl(db);
        if (url.startsWith(POSTGRESQL_URL)) {
            url = withParameter(url, "connectTimeout", db.getDuration("connection-timeout"));
            url = withParameter(url, "socketTimeout", db.getDuration("statement-timeout"));
        }
        return url;
    }

    private static String withParameter(String url, String key, Duration value) {
        return url.contains(key + "=")
                ? url
                : url + (url.contains("?") ? "&" : "?") + key + "=" + Math.max(1, value.toSeconds());
    }

    private static String baseUrl(Config db) {
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

    /** Not a constant: configurations are read with the help of this class before they have said how to log. */
    private static Logger log() {
        return LoggerFactory.getLogger(Database.class);
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
