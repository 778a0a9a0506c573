package org.rotunda.load.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.egress.EgressPace;
import org.rotunda.load.egress.EgressRig;
import org.rotunda.load.egress.EgressSample;
import org.rotunda.load.egress.EgressShape;
import org.rotunda.load.egress.FloorMissingException;
import org.rotunda.load.egress.FloorProgram;
import org.rotunda.load.egress.FloorSample;
import org.rotunda.load.process.JdkHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bin/rotunda bench egress}, which measures the router's egress path alone, beside a floor in C. */
@Command(
        name = "egress",
        description = "Measures the processor time of the router's loop for each packet that it sends, in this process"
                + " and without a node, beside a C program of the same shape. docs/benchmarks.md says what the figures"
                + " mean.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
final class EgressBench implements Callable<Integer> {
    /** The sampling of Netty's leak detection in a node, see {@code org.rotunda.node.Main}. */
    private static final String LEAK_SAMPLING = "io.netty.leakDetection.samplingInterval";

    private static final String LEAK_SAMPLING_OF_NODE = "4096";
    private static final String LOOPS = "media-loop";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--receivers",
            paramLabel = "N",
            defaultValue = "50",
            description = "subscribers, each with a socket of its own (${DEFAULT-VALUE})")
    private int receivers;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "saturated bursts before the first measurement (${DEFAULT-VALUE})")
    private Duration warmUp;

    @Option(
            names = "--measure",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "length of each measurement, at most 20s (${DEFAULT-VALUE})")
    private Duration measure;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "number of runs, each with four measurements (${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--cc",
            paramLabel = "COMPILER",
            defaultValue = "cc",
            description = "C compiler of the floor (${DEFAULT-VALUE})")
    private String compiler;

    @Option(
            names = "--profile",
            description = "sample the loop with async-profiler in a further run with each pace, and report the most"
                    + " expensive frames")
    private boolean profiling;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "directory for results (default: a new one under load-tests/target/bench-results)")
    private @Nullable Path directory;

    @Option(names = "--json", description = "print one JSON object as the last line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (System.getProperty(LEAK_SAMPLING) == null) {
            System.setProperty(LEAK_SAMPLING, LEAK_SAMPLING_OF_NODE); // Before Netty is loaded.
        }
        measure(options(), json, BenchMain.progress(), BenchMain.out());
        return 0;
    }

    /** Measures, and prints the table. Writes the JSON object to {@code result.json}, and prints it if asked to. */
    static void measure(EgressOptions options, boolean json, Progress progress, PrintStream out) throws IOException {
        Machine machine = Machine.read();
        String commit = Commit.of(options.top());
        JdkHome jdk = BenchMain.jdk(null);
        EgressReport.heading(options, jdk.describe(), machine, commit).forEach(progress::say);
        Floor floor = new Floor(options);
        Map<EgressPace, List<EgressRun>> results = new EnumMap<>(EgressPace.class);
        try (EgressRig rig = EgressRig.open(options.shape())) {
            if (!rig.isSegmenting()) {
                out.println("GSO does not work on this machine.");
            }
            warmUp(rig, options);
            for (int number = 1; number <= options.runs(); number++) {
                for (EgressPace pace : EgressPace.values()) {
                    progress.show("run " + number + " of " + options.runs() + ", " + pace);
                    EgressSample sample = rig.measure(pace, options.measure());
                    EgressRun run = new EgressRun(sample, floor.measure(rig, pace));
                    results.computeIfAbsent(pace, first -> new ArrayList<>()).add(run);
                }
            }
            if (options.profiling()) {
                for (EgressPace pace : EgressPace.values()) {
                    profile(rig, pace, options, jdk).forEach(out::println);
                }
            }
        }
        EgressReport report = new EgressReport(options, jdk.describe(), machine, commit, floor.description, results);
        report.table().forEach(out::println);
        Files.writeString(options.directory().resolve("result.json"), report.json() + "\n", StandardCharsets.UTF_8);
        if (json) {
            out.println(report.json());
        }
    }

    private static void warmUp(EgressRig rig, EgressOptions options) {
        Duration left = options.warmUp();
        while (!left.isZero()) {
            Duration part = left.compareTo(EgressRig.MEASURE_MAX) < 0 ? left : EgressRig.MEASURE_MAX;
            rig.measure(EgressPace.SATURATED, part);
            left = left.minus(part);
        }
    }

    private static List<String> profile(EgressRig rig, EgressPace pace, EgressOptions options, JdkHome jdk)
            throws IOException {
        Path results =
                Files.createDirectories(options.directory().resolve(pace.name().toLowerCase(Locale.ROOT)));
        Profiler profiler = Profiler.start(jdk, ProcessHandle.current().pid(), results);
        rig.measure(pace, options.measure());
        return profiler.stop(results.resolve("profile.html")).table(LOOPS);
    }

    /** The floor, as long as it works. */
    private static final class Floor {
        private final EgressOptions options;
        private @Nullable FloorProgram program;
        private String description = "missing";

        Floor(EgressOptions options) {
            this.options = options;
            try {
                program = FloorProgram.build(
                        options.compiler(), options.top().resolve(FloorProgram.SOURCE), options.directory());
            } catch (FloorMissingException missing) {
                description = "missing, because " + missing.getMessage();
            }
        }

        @Nullable
        FloorSample measure(EgressRig rig, EgressPace pace) {
            FloorProgram floor = program;
            if (floor == null) {
                return null;
            }
            try {
                FloorSample sample = rig.measureFloor(floor, pace, options.measure());
                description = sample.encrypted()
                        ? "AES-128-GCM by OpenSSL, one system call for each receiver"
                        : "without encryption, because OpenSSL's headers are missing; one system call for each receiver";
                return sample;
            } catch (FloorMissingException missing) {
                program = null;
                description = "missing, because " + missing.getMessage();
                return null;
            }
        }
    }

    EgressOptions options() throws IOException {
        Path top = BenchMain.top();
        try {
            return new EgressOptions(
                    EgressShape.FANOUT.withReceivers(receivers),
                    warmUp,
                    measure,
                    runs,
                    compiler,
                    profiling,
                    BenchMain.resultDirectory(top, directory, "egress"),
                    top);
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unusable.getMessage()), unusable);
        }
    }
}
