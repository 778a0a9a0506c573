package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SQL database of a deployment, either H2 or PostgreSQL. This class updates the schema and holds the connections of
 * the read model. The journal has its own connections. Safe to use from any thread; blocks.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /**
     * The prefixes of SQLSTATE codes that mean a failed connection, used-up resources, or a database that is shut down
     * or starting.
     */
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
     * Connects and brings the schema up to date. If the database is away, this method waits for it up to
     * {@code start-timeout}.
     *
     * @param db the section {@code rotunda.db}
     */
    public static Database open(Config db) {
        return open(db, SchemaGate.OPEN);
    }

    /**
     * Connects and brings the schema up to date, if the gate lets this node pass.
     *
     * @param db the section {@code rotunda.db}
     * @throws IllegalArgumentException if the gate refuses this node; the schema is as before
     * @see #open(Config)
     */
    public static Database open(Config db, SchemaGate gate) {
        awaitThere(db);
        gate.check(atStart(db, ClaimedVersions::read));
        migrate(db);
        gate.version()
                .ifPresent(version -> atStart(db, connection -> {
                    ClaimedVersions.raise(connection, version);
                    return version;
                }));
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("rotunda");
        pool.setJdbcUrl(DatabaseConfig.url(db));
        pool.setUsername(db.getString("user"));
        pool.setPassword(db.getString("password"));
        pool.setMaximumPoolSize(db.getInt("pool-size"));
        pool.setConnectionTimeout(db.getDuration("connection-timeout").toMillis());
        pool.setInitializationFailTimeout(-1); // The database has just answered, so the pool need not wait for it.
        return new Database(
                new HikariDataSource(pool),
                DatabaseHealth.start(new ConnectionProbe(db), db.getDuration("probe-interval")));
    }

    /**
     * Waits until the database answers, because nodes and their database are often started together, and a node may be
     * restarted while the database is away.
     */
    private static void awaitThere(Config db) {
        Instant until = Instant.now().plus(db.getDuration("start-timeout"));
        try (ConnectionProbe probe = new ConnectionProbe(db)) {
            while (true) {
                try {
                    probe.ask();
                    return;
                } catch (SQLException failure) {
                    if (!isAbsence(failure) || Instant.now().isAfter(until)) {
                        throw new IllegalStateException(failure.getMessage(), failure);
                    }
                    LOG.info("Waiting for the database: {}", failure.getMessage());
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

    /**
     * Returns whether the failure may be temporary, because the connection has failed, or the database is starting,
     * stopping or full.
     */
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

    /** Returns the monitor that tells whether the database answers. */
    public DatabaseHealth health() {
        return health;
    }

    /** Work that needs a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Does the work on the executor. If the database is known to be away, the stage fails with {@link RoomError#BUSY}
     * at once. If the database goes away during the work, the stage fails with the same error later.
     */
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
                            LOG.warn("The database does not answer: {}", failure.getMessage());
                            health.suspect();
                            throw new RoomRefusal(RoomError.BUSY);
                        }
                        throw new CompletionException(failure);
                    }
                },
                blocking);
    }

    /**
     * Closes the connections. A second call changes nothing. If a node stops on its own, this method is called twice:
     * by the node and by the code that started the node.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            health.close();
            dataSource.close();
        }
    }

    /** Does work before the pool of connections is there. */
    private static <T> T atStart(Config db, Work<T> work) {
        try (Connection connection =
                DriverManager.getConnection(DatabaseConfig.url(db), db.getString("user"), db.getString("password"))) {
            return work.with(connection);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    /**
     * Brings the schema up to date. The connection has no time limit, because a migration of a large table takes long.
     */
    private static void migrate(Config db) {
        Flyway.configure()
                .dataSource(DatabaseConfig.baseUrl(db), db.getString("user"), db.getString("password"))
                .locations("classpath:db/migration/" + DatabaseConfig.vendor(db))
                .load()
                .migrate();
    }
}
