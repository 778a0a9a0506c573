package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.process.ProcessUsage;
import org.rotunda.room.testkit.PostgresServer;

/**
 * The PostgreSQL of the REST bench: a server of its own that is deleted at the end, or a database that the user has
 * named. The database of the user must be empty, and is left empty. Main thread only.
 */
final class RestDatabase implements AutoCloseable {
    /** The settings of the server by name. The tests' server does not wait for the disk, which a product does. */
    private static final Map<String, String> SETTINGS = Map.of("fsync", "on");

    private static final Duration END_MAX = Duration.ofMinutes(1);

    private final @Nullable PostgresServer server;
    private final Path data;
    private final DatabaseAccess admin;
    private final ProcessUsage.KernelClock clock;

    private RestDatabase(@Nullable PostgresServer server, Path data, DatabaseAccess admin) throws IOException {
        this.server = server;
        this.data = data;
        this.admin = admin;
        clock = ProcessUsage.KernelClock.read();
    }

    /** Starts a server, or checks that the named database is there and empty. */
    static RestDatabase open(RestOptions options) throws IOException, SQLException {
        Path data = options.directory().resolve("database");
        Optional<DatabaseAccess> given = options.database();
        if (given.isPresent()) {
            RestDatabase database = new RestDatabase(null, data, given.get());
            database.requireEmpty();
            return database;
        }
        if (!"amd64".equals(System.getProperty("os.arch"))) {
            throw new IllegalStateException("the build has a PostgreSQL for amd64 only. Install PostgreSQL and name an"
                    + " empty database with --db-url; docs/benchmarks.md says how");
        }
        PostgresServer server = PostgresServer.start(Files.createDirectories(data), SETTINGS);
        return new RestDatabase(server, data, new DatabaseAccess(server.jdbcUrl(), server.user(), server.password()));
    }

    private void requireEmpty() throws SQLException {
        List<String> tables = tables();
        if (!tables.isEmpty()) {
            throw new IllegalStateException("the database " + admin + " is not empty, and the bench deletes what is in"
                    + " its database: it has the table " + tables.get(0));
        }
    }

    private List<String> tables() throws SQLException {
        return admin.texts("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename");
    }

    /** Returns an empty database. */
    DatabaseAccess fresh() {
        return server == null ? admin : new DatabaseAccess(server.createDatabase(), server.user(), server.password());
    }

    /** Deletes everything in a database after its last node has ended. */
    void discard(DatabaseAccess used) throws SQLException {
        if (server != null) {
            String name = used.url().substring(used.url().lastIndexOf('/') + 1);
            admin.execute(List.of("DROP DATABASE " + name + " WITH (FORCE)"));
            return;
        }
        List<String> drops = new ArrayList<>(admin.texts("SELECT format('DROP TABLE %I CASCADE', tablename)"
                + " FROM pg_tables WHERE schemaname = current_schema()"));
        drops.addAll(admin.texts("SELECT format('DROP SEQUENCE IF EXISTS %I', sequencename)"
                + " FROM pg_sequences WHERE schemaname = current_schema()"));
        drops.add(CallbackHold.DROP_FUNCTION);
        admin.execute(drops);
    }

    /** Returns the version and the settings that decide how long a commit takes. */
    String describe() throws SQLException {
        return "PostgreSQL " + admin.texts("SHOW server_version").get(0)
                + ", fsync " + admin.texts("SHOW fsync").get(0)
                + ", synchronous_commit "
                + admin.texts("SHOW synchronous_commit").get(0)
                + ", shared_buffers " + admin.texts("SHOW shared_buffers").get(0)
                + (server == null ? ", a server of the user" : ", a server of the bench");
    }

    /** Returns the processor time of each live process of the server, by process id; empty for a server of the user. */
    Map<Long, Long> cpuNanos() throws IOException {
        Map<Long, Long> nanos = new HashMap<>();
        if (server != null) {
            ProcessHandle first = server.process();
            List<ProcessHandle> all =
                    Stream.concat(Stream.of(first), first.descendants()).toList();
            for (ProcessHandle process : all) {
                try {
                    nanos.put(
                            process.pid(), ProcessUsage.of(process.pid(), clock).cpuNanos());
                } catch (IOException failed) {
                    if (process.isAlive()) { // A process of a connection may end before its file is read.
                        throw failed;
                    }
                }
            }
        }
        return nanos;
    }

    /** Stops the server of the bench and deletes its data. */
    @Override
    public void close() throws IOException {
        if (server == null) {
            return;
        }
        ProcessHandle process = server.process();
        server.close();
        try {
            process.onExit().get(END_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException stuck) {
            throw new IOException("PostgreSQL does not end; its data is in " + data, stuck);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
        delete(data);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            // A directory is deleted after everything in it.
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
