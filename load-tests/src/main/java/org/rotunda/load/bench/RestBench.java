package org.rotunda.load.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code bin/rotunda bench rest}, which measures the REST API and the status callbacks of a node. */
@Command(
        name = "rest",
        description = "Measures the REST API and the status callbacks of a node in a process of its own, on PostgreSQL,"
                + " without limits on request rates. docs/benchmarks.md says what the figures mean.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
final class RestBench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PART",
            arity = "0..*",
            description = "the parts to measure: creates, lists, callbacks (default: all)")
    private List<RestPart> parts = new ArrayList<>();

    @Option(
            names = "--rooms-listed",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "completed rooms that the database is filled with before any part (${DEFAULT-VALUE})")
    private int roomsListed;

    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "32",
            description = "connections, each of which sends its next request after the last answer (${DEFAULT-VALUE})")
    private int callers;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "warm-up before the creates and before the lists (${DEFAULT-VALUE})")
    private Duration warmUp;

    @Option(
            names = "--measure",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "length of the measurement of creates and of each kind of page (${DEFAULT-VALUE})")
    private Duration measure;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "number of runs, each with a fresh node and database (${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--callback-rooms",
            paramLabel = "N",
            defaultValue = "5000",
            description = "rooms of each measurement of callbacks, each with two callbacks (${DEFAULT-VALUE})")
    private int callbackRooms;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "4",
            description = "accounts of the measurement of callbacks with several accounts (${DEFAULT-VALUE})")
    private int accounts;

    @Option(
            names = "--account-in-flight",
            paramLabel = "N",
            defaultValue = "64",
            description =
                    "the raised bound of callbacks in flight of one account, measured besides the default; 0 leaves"
                            + " it out (${DEFAULT-VALUE})")
    private int accountInFlight;

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            description = "JDBC URL of an empty database of PostgreSQL, which is empty again afterwards (default: the"
                    + " bench starts a PostgreSQL that comes with the build)")
    private @Nullable String databaseUrl;

    @Option(names = "--db-user", paramLabel = "NAME", defaultValue = "rotunda", description = "(${DEFAULT-VALUE})")
    private String databaseUser;

    @Option(
            names = "--db-password",
            paramLabel = "PASSWORD",
            defaultValue = "${env:ROTUNDA_DB_PASSWORD:-}",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "default: the environment variable ROTUNDA_DB_PASSWORD")
    private String databasePassword;

    @Option(
            names = "--jdk",
            paramLabel = "HOME",
            description = "JDK of the node (default: the JDK that runs this command)")
    private @Nullable Path jdk;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "directory for logs and results (default: a new one under load-tests/target/bench-results)")
    private @Nullable Path directory;

    @Option(names = "--json", description = "print one JSON object as the last line")
    private boolean json;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        measure(options(), json, BenchMain.progress(), BenchMain.out());
        return 0;
    }

    /** Measures, and prints the table. Writes the JSON object to {@code result.json}, and prints it if asked to. */
    static void measure(RestOptions options, boolean json, Progress progress, PrintStream out)
            throws IOException, SQLException, InterruptedException {
        Machine machine = Machine.read();
        String commit = Commit.of(options.top());
        List<Map<RestSubject, Map<RestFigure, Double>>> results = new ArrayList<>();
        String description;
        try (RestDatabase database = RestDatabase.open(options)) {
            description = database.describe();
            RestReport.heading(options, machine, commit, description).forEach(progress::say);
            for (int number = 1; number <= options.runs(); number++) {
                results.add(new RestRun(options, database, number, progress).run());
            }
        }
        RestReport report = new RestReport(options, machine, commit, description, results);
        report.table().forEach(out::println);
        Files.writeString(options.directory().resolve("result.json"), report.json() + "\n", StandardCharsets.UTF_8);
        if (json) {
            out.println(report.json());
        }
    }

    RestOptions options() throws IOException {
        Path top = BenchMain.top();
        Set<RestPart> measured = parts.isEmpty() ? EnumSet.allOf(RestPart.class) : EnumSet.copyOf(parts);
        try {
            return new RestOptions(
                    measured,
                    roomsListed,
                    callers,
                    warmUp,
                    measure,
                    runs,
                    callbackRooms,
                    accounts,
                    accountInFlight,
                    Optional.ofNullable(databaseUrl)
                            .map(url -> new DatabaseAccess(url, databaseUser, databasePassword)),
                    BenchMain.jdk(jdk),
                    BenchMain.resultDirectory(top, directory, "rest"),
                    top);
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unusable.getMessage()), unusable);
        }
    }
}
