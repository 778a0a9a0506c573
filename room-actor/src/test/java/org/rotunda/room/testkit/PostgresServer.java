package org.rotunda.room.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on 127.0.0.1 that can be stopped, killed and started again on the same port with the same data. The
 * binaries come with the build, so nothing is installed. PostgreSQL refuses to run as root, so a test that runs as root
 * starts it in a user namespace.
 *
 * <p>Usable by one thread at a time. Every start has a time limit. A server that still runs when the JVM ends is
 * stopped.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration END_MAX = Duration.ofSeconds(20);
    private static final String USER = "postgres";

    private final Path data;
    private final Map<String, String> settings;
    private final AtomicInteger databases = new AtomicInteger();
    private int port; // The port is 0 until the first start has chosen it.
    private @Nullable EmbeddedPostgres running;

    private PostgresServer(Path data, Map<String, String> settings) {
        this.data = data;
        this.settings = Map.copyOf(settings);
    }

    /** Starts a server with its data in a new directory below {@code directory}. */
    public static PostgresServer start(Path directory) {
        return start(directory, Map.of());
    }

    /**
     * Starts a server with its data in a new directory below {@code directory}.
     *
     * @param settings server settings by name, such as {@code fsync}, in place of those that tests use
     */
    public static PostgresServer start(Path directory, Map<String, String> settings) {
        PostgresServer server = new PostgresServer(directory.resolve("postgresql"), settings);
        server.start();
        return server;
    }

    /** Starts the server again after {@link #stop} or {@link #kill}, on the same port and with the same data. */
    public void start() {
        if (running != null) {
            throw new IllegalStateException("runs already");
        }
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(unpackedBelow())
                    .setPGStartupWait(START_MAX)
                    .setServerConfig("synchronous_commit", "on") // Acknowledged commits survive a kill of the process.
                    .setServerConfig("fsync", "off") // No test cuts the power of the machine.
                    .setServerConfig("max_connections", "200")
                    .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                    .setOutputRedirector(ProcessBuilder.Redirect.DISCARD);
            settings.forEach(builder::setServerConfig);
            running = (port == 0 ? builder : builder.setPort(port)).start();
            port = running.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server. Connections are cut at once, and transactions under way are rolled back. */
    public void stop() {
        EmbeddedPostgres stopped = running();
        running = null;
        try {
            stopped.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills all processes of the server, and waits until they are gone. */
    public void kill() {
        ProcessHandle postmaster = process();
        var children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        Stream.concat(Stream.of(postmaster), children.stream()).forEach(PostgresServer::awaitEnd);
        stop(); // All processes are gone. This call only resets the fields.
    }

    public boolean isRunning() {
        return running != null;
    }

    public int port() {
        return port;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return "";
    }

    /** Returns the URL of the server's default database. */
    public String jdbcUrl() {
        return jdbcUrl(USER);
    }

    /** Creates an empty database and returns its URL, so that tests can share the server. */
    public String createDatabase() {
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), USER, password());
                Statement create = connection.createStatement()) {
            create.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new AssertionError("the database must answer", e);
        }
        return jdbcUrl(name);
    }

    /** Returns the settings of a node that uses the database at this URL. */
    public Map<String, Object> config(String jdbcUrl) {
        return Map.of("rotunda.db.url", jdbcUrl, "rotunda.db.user", USER, "rotunda.db.password", password());
    }

    @Override
    public void close() {
        if (running != null) {
            stop();
        }
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private EmbeddedPostgres running() {
        if (running == null) {
            throw new IllegalStateException("does not run");
        }
        return running;
    }

    /** Returns the first process of the server. The processes of connections are its descendants. */
    public ProcessHandle process() {
        running();
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        process.onExit().orTimeout(END_MAX.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Returns the folder of the unpacked binaries. Each operating-system user has its own folder. */
    private static File unpackedBelow() {
        return new File(System.getProperty("java.io.tmpdir"), "rotunda-postgresql-" + System.getProperty("user.name"));
    }
}
