package org.rotunda.load.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.process.JdkHome;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code bin/rotunda bench}, which measures the throughput and the cost of a node on this machine. */
@Command(
        name = "rotunda bench",
        description = "Measures a node in a process of its own with bots in this one. docs/benchmarks.md says what the"
                + " figures mean.",
        customSynopsis = {
            "rotunda bench SCENARIO [OPTIONS]",
            "rotunda bench rest [OPTIONS] [PART...]",
            "rotunda bench egress [OPTIONS]"
        },
        subcommands = {RestBench.class, EgressBench.class},
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
public final class BenchMain implements Callable<Integer> {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    /**
     * The name of the system property that {@code bin/rotunda} sets if standard error is a terminal. The JDK has no
     * method that checks standard error alone.
     */
    private static final String TERMINAL = "rotunda.terminal";

    /** The name of the system property that {@code bin/rotunda} sets to the root of the checkout. */
    private static final String TOP = "rotunda.top";

    enum Switch {
        ON,
        OFF
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", arity = "0..1", description = "${COMPLETION-CANDIDATES}")
    private Scenario.@Nullable Kind kind; // Picocli requires no parameter where a subcommand is given.

    @Option(
            names = "--participants",
            paramLabel = "N",
            description =
                    "viewers of a fanout (20), participants of a mesh (10), listeners of audio (200), joins a second"
                            + " (50), rooms (500), viewers of saturate (400); none of an idle node")
    private @Nullable Integer size;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "warm-up before each measurement (${DEFAULT-VALUE})")
    private Duration warmUp;

    @Option(
            names = "--measure",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "length of each measurement (${DEFAULT-VALUE})")
    private Duration measure;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "number of runs, each with a fresh node (${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--gso",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "segmentation offload of the node (${DEFAULT-VALUE})")
    private Switch gso;

    @Option(
            names = "--feedback",
            paramLabel = "on|off",
            defaultValue = "on",
            description =
                    "transport-wide feedback of the bots; off: the node controls no congestion (${DEFAULT-VALUE})")
    private Switch feedback;

    @Option(
            names = "--channels",
            paramLabel = "on|off",
            defaultValue = "off",
            description = "whether the bots ask for the dominant speaker and for network quality (${DEFAULT-VALUE})")
    private Switch channels;

    @Option(
            names = "--jdk",
            paramLabel = "HOME",
            description = "JDK of the node (default: the JDK that runs this command)")
    private @Nullable Path jdk;

    @Option(
            names = "--loops",
            paramLabel = "N",
            defaultValue = "0",
            description = "media event loops of the node; 0: one for each core")
    private int loops;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a key of the node's configuration; may be given several times")
    private Map<String, String> keys = new LinkedHashMap<>();

    @Option(names = "--jfr", description = "record the node with the JDK's flight recorder (its profile settings)")
    private boolean recording;

    @Option(
            names = "--profile",
            description = "sample the node with async-profiler while measuring, and report the most expensive frames")
    private boolean profiling;

    @Option(
            names = "--peer",
            paramLabel = "SERVER",
            description = "measure another server in turns with the node, with the same bots: ${COMPLETION-CANDIDATES}"
                    + " (fanout only)")
    private @Nullable Peer peer;

    @Option(
            names = "--peer-command",
            paramLabel = "PROGRAM",
            description = "the installed program of the other server (default: its usual name)")
    private @Nullable String peerCommand;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "directory for pictures and logs (default: a new one under load-tests/target/bench-results)")
    private @Nullable Path directory;

    @Option(names = "--json", description = "print one JSON object as the last line")
    private boolean json;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "org/rotunda/load/logback-tools.xml");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new BenchMain());
        command.getCommandSpec().usageMessage().footerHeading("Scenarios:%n").footer(scenarios());
        return command.setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Durations::parse)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    failure.printStackTrace();
                    commandLine
                            .getErr()
                            .println("rotunda bench: the run failed and is not a measurement: " + failure.getMessage());
                    return 1;
                });
    }

    private static String[] scenarios() {
        return Arrays.stream(Scenario.Kind.values())
                .map(kind -> String.format(Locale.ROOT, "  %-7s %s", name(kind), kind.summary()))
                .toArray(String[]::new);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Integer call() throws IOException {
        BenchOptions options = options();
        Machine machine = Machine.read();
        String commit = Commit.of(options.top());
        Progress progress = progress();
        PrintStream out = out();
        Report.heading(options, machine, commit).forEach(progress::say);
        List<RunResult> results = new ArrayList<>();
        List<RunResult> peerResults = new ArrayList<>();
        List<String> pictures = new ArrayList<>();
        Peer other = options.peer();
        for (int number = 1; number <= options.runs(); number++) {
            results.add(run(options, BenchNode::start, "run", number, commit, progress, pictures));
            if (other != null) {
                peerResults.add(run(options, other.starter(), name(other), number, commit, progress, pictures));
            }
        }
        Report report = new Report(options, machine, commit, results);
        Comparison comparison = other == null
                ? null
                : new Comparison(name(other), report, new Report(options, machine, commit, peerResults));
        List<String> table = comparison == null ? report.table() : comparison.table();
        String result = comparison == null ? report.json() : comparison.json();
        table.forEach(out::println);
        Files.writeString(options.directory().resolve("result.json"), result + "\n", StandardCharsets.UTF_8);
        Path page = options.directory().resolve("report.html");
        Files.writeString(page, ReportPage.of(Report.heading(options, machine, commit), table, pictures));
        progress.say("all runs: " + page);
        if (json) {
            out.println(result);
        }
        return 0;
    }

    /** Runs one server once, and adds the picture of the run to the pictures. */
    private static RunResult run(
            BenchOptions options,
            BenchServer.Starter starter,
            String server,
            int number,
            String commit,
            Progress progress,
            List<String> pictures)
            throws IOException {
        RunResult result = new BenchRun(options, starter, server, number, progress).run();
        Path picture = options.directory().resolve(server + "-" + number + ".svg");
        String drawn = RunPlot.draw(title(options, server, number, commit), result);
        Files.writeString(picture, drawn);
        pictures.add(drawn);
        progress.say(server + " " + number + ": " + picture);
        return result;
    }

    /** Returns the progress of a bench, on standard error. */
    static Progress progress() {
        return new Progress(utf8(FileDescriptor.err), Boolean.getBoolean(TERMINAL));
    }

    /** Returns standard output as UTF-8. */
    static PrintStream out() {
        return utf8(FileDescriptor.out);
    }

    /** Returns the root of the checkout. */
    static Path top() {
        return Path.of(System.getProperty(TOP, ".")).toAbsolutePath().normalize();
    }

    /** Creates the directory for the results of a bench: the given one, or else a new one in the build's directory. */
    static Path resultDirectory(Path top, @Nullable Path given, String bench) throws IOException {
        String name = bench + "-" + STAMP.format(LocalDateTime.now(ZoneId.systemDefault()));
        Path directory =
                given == null ? top.resolve("load-tests/target/bench-results").resolve(name) : given;
        return Files.createDirectories(directory.toAbsolutePath());
    }

    /** Reads the JDK of the node: the given one, or else the JDK that runs this command. */
    static JdkHome jdk(@Nullable Path given) throws IOException {
        Path home = given == null ? Path.of(System.getProperty("java.home", "")) : given;
        return JdkHome.at(home.toAbsolutePath());
    }

    /** Returns a stream that writes UTF-8 in every locale, because units such as µs are not ASCII. */
    private static PrintStream utf8(FileDescriptor file) {
        return new PrintStream(new FileOutputStream(file), true, StandardCharsets.UTF_8);
    }

    private BenchOptions options() throws IOException {
        Scenario.Kind scenario = kind;
        if (scenario == null) {
            throw new ParameterException(spec.commandLine(), "a SCENARIO, rest or egress is missing");
        }
        Path top = top();
        int count = size == null ? scenario.sizeDefault() : size;
        Path out = resultDirectory(top, directory, name(scenario) + "-" + count);
        try {
            return new BenchOptions(
                    scenario,
                    count,
                    warmUp,
                    measure,
                    runs,
                    gso == Switch.ON,
                    feedback == Switch.ON,
                    channels == Switch.ON,
                    jdk(jdk),
                    loops,
                    keys,
                    recording,
                    profiling,
                    peer,
                    peerCommand != null ? peerCommand : peer != null ? peer.command() : "",
                    out,
                    top);
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private static String title(BenchOptions options, String server, int number, String commit) {
        return name(options.kind()) + " " + options.size() + ", " + server + " " + number + ", JDK "
                + options.jdk().version() + ", GSO " + (options.segmentation() ? "on" : "off")
                + (options.feedback() ? "" : ", no feedback") + (options.channels() ? ", channels" : "") + ", commit "
                + commit;
    }
}
