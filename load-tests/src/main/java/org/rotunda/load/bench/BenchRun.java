package org.rotunda.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.BotStats;
import org.rotunda.load.process.ProcessUsage;

/**
 * One run of a scenario. Starts a new node and new bots, lets all bots join, warms up and measures. Main thread only.
 */
final class BenchRun {
    /**
     * The interval between samples. Each sample costs the node a few milliseconds of CPU time, which are part of the
     * measured CPU time.
     */
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(2);

    /** The number of samples of the node for one of the bots, whose loops stand still while they are counted. */
    private static final int SAMPLES_PER_BOTS_SAMPLE = 5;

    private static final double FILL_PER_SECOND = 25;
    private static final int FILL_IN_FLIGHT_MAX = 16;
    private static final double BYTES_PER_KIB = 1024;

    /** The result of one measurement; drops and failed joins are counted by reason. */
    private record Measured(Map<Figure, Double> figures, Map<String, Long> drops, Map<String, Long> joinFailures) {}

    private final BenchOptions options;
    private final BenchServer.Starter starter;
    private final String name;
    private final Scenario scenario;
    private final int number;
    private final Progress progress;
    private final Path directory;
    private final List<NodeSample> samples = new ArrayList<>();
    private final List<BotsSample> botsSamples = new ArrayList<>();

    /**
     * @param starter starts the server
     * @param name the name of the server in the progress and in the names of files
     */
    BenchRun(BenchOptions options, BenchServer.Starter starter, String name, int number, Progress progress) {
        this.options = options;
        this.starter = starter;
        this.name = name;
        this.scenario = options.scenario();
        this.number = number;
        this.progress = progress;
        directory = options.directory().resolve(name + "-" + number);
    }

    RunResult run() throws IOException {
        progress.show(prefix() + "the server starts");
        try (BenchServer node = starter.start(options, directory);
                BotFleet fleet = BotFleet.start()) {
            fleet.warmUp();
            OptionalDouble heapBefore = node.liveHeapBytes();
            long residentBefore = node.sample().usage().residentBytes();
            Joins joins = new Joins(node.door(fleet));
            long fillNanos = System.nanoTime();
            scenario.largeRooms().forEach(node::createRoom);
            joins.fill(
                    scenario.seats(),
                    FILL_PER_SECOND,
                    FILL_IN_FLIGHT_MAX,
                    in -> progress.show(
                            prefix() + in + " of " + scenario.seats().size() + " are in"));
            long filledNanos = System.nanoTime();
            JoinStorm storm = scenario.joins()
                    .map(stream ->
                            JoinStorm.start(joins, stream, options.warmUp().dividedBy(2)))
                    .orElse(null);
            try {
                Measured measured = measure(node, fleet, joins, fillNanos, filledNanos);
                addMemory(node, fleet, heapBefore, residentBefore, measured.figures);
                return new RunResult(
                        number,
                        measured.figures,
                        measured.drops,
                        measured.joinFailures,
                        samples,
                        botsSamples,
                        options.warmUp().toMillis() / 1e3,
                        node.isSegmenting());
            } finally {
                if (storm != null) {
                    storm.close();
                }
            }
        }
    }

    private Measured measure(BenchServer node, BotFleet fleet, Joins joins, long fillNanos, long filledNanos)
            throws IOException {
        ProcessUsage.KernelClock clock = ProcessUsage.KernelClock.read();
        long self = ProcessHandle.current().pid();
        watch(node, "warm-up", options.warmUp(), () -> BotsSample.of(fleet.stats(), joins));

        Machine.CpuTime machineBegin = Machine.CpuTime.read();
        long botsCpuBegin = ProcessUsage.of(self, clock).cpuNanos();
        BotStats botsBegin = fleet.stats();
        fleet.takeLagNanosMax(); // Discards the lag of the bots during the warm-up.
        Optional<Profiler> profiler = options.profiling() ? node.profile() : Optional.empty();
        NodeSample begin = sample(node);
        watch(node, "measurement", options.measure(), () -> BotsSample.of(fleet.stats(), joins));
        NodeSample end = sample(node);
        if (profiler.isPresent()) {
            reportProfile(profiler.get());
        }
        List<String> threads = ThreadTable.of(begin, end);
        Files.write(directory.resolve("threads.txt"), threads);
        if (options.kind() == Scenario.Kind.IDLE) {
            threads.forEach(progress::say);
        }
        double lagMillis = fleet.takeLagNanosMax() / 1e6;
        BotStats bots = fleet.stats().since(botsBegin);
        double botsCpuSeconds = (ProcessUsage.of(self, clock).cpuNanos() - botsCpuBegin) / 1e9;

        Map<Figure, Double> figures = new EnumMap<>(node.figures(begin, end));
        figures.putAll(RunFigures.ofBots(bots));
        figures.putAll(RunFigures.ofArrivals(bots, begin, end));
        boolean isStorm = scenario.joins().isPresent(); // Without a storm, the joins before the warm-up are measured.
        long joinsFrom = isStorm ? begin.nanos() : fillNanos;
        long joinsTo = isStorm ? end.nanos() : filledNanos;
        List<Joins.Attempt> attempts = joins.endedBetween(joinsFrom, joinsTo);
        figures.putAll(RunFigures.ofJoins(attempts, (joinsTo - joinsFrom) / 1e9));
        figures.put(Figure.BOTS_CPU_CORES, botsCpuSeconds / end.seconds(begin));
        figures.put(Figure.BOTS_LAG, lagMillis);
        figures.put(Figure.STOLEN_RATIO, Machine.CpuTime.read().stolenRatioSince(machineBegin));
        return new Measured(figures, end.routerDropsSince(begin), RunFigures.joinFailures(attempts));
    }

    private void reportProfile(Profiler profiler) throws IOException {
        Path flameGraph = directory.resolve("profile.html");
        List<String> table = profiler.stop(flameGraph).table(NodeSample.MEDIA_LOOPS);
        Files.write(directory.resolve("profile.txt"), table);
        table.forEach(progress::say);
        progress.say(prefix() + flameGraph);
    }

    private static void addMemory(
            BenchServer node,
            BotFleet fleet,
            OptionalDouble heapBefore,
            long residentBefore,
            Map<Figure, Double> figures)
            throws IOException {
        int participants = fleet.size();
        long resident = node.sample().usage().residentBytes();
        OptionalDouble heap = node.liveHeapBytes();
        figures.put(Figure.PARTICIPANTS, (double) participants);
        figures.put(Figure.SERVER_RESIDENT, resident / BYTES_PER_KIB / BYTES_PER_KIB);
        if (participants > 0) {
            figures.put(Figure.RESIDENT_PER_PARTICIPANT, (resident - residentBefore) / BYTES_PER_KIB / participants);
            if (heap.isPresent() && heapBefore.isPresent()) {
                figures.put(
                        Figure.HEAP_PER_PARTICIPANT,
                        (heap.getAsDouble() - heapBefore.getAsDouble()) / BYTES_PER_KIB / participants);
            }
        }
    }

    /** Waits for this duration and samples the node meanwhile, unless the samples would be what is measured. */
    private void watch(BenchServer node, String phase, Duration duration, Supplier<BotsSample> bots)
            throws IOException {
        long beginNanos = System.nanoTime();
        long endNanos = beginNanos + duration.toNanos();
        if (options.kind() == Scenario.Kind.IDLE) {
            progress.show(prefix() + phase + " of " + duration.toSeconds() + " s");
            waitUntil(endNanos);
            return;
        }
        sample(node);
        long nextNanos = beginNanos + SAMPLE_EVERY.toNanos();
        for (int i = 1; nextNanos - endNanos < 0; i++) {
            waitUntil(nextNanos);
            if (i % SAMPLES_PER_BOTS_SAMPLE == 0) {
                botsSamples.add(bots.get());
            }
            NodeSample before = samples.get(samples.size() - 1);
            NodeSample now = sample(node);
            progress.show(prefix() + phase + " " + (now.nanos() - beginNanos) / 1_000_000_000L + " s: "
                    + summary(node.figures(before, now)));
            nextNanos += SAMPLE_EVERY.toNanos();
        }
        waitUntil(endNanos);
    }

    private static String summary(Map<Figure, Double> figures) {
        if (!figures.containsKey(Figure.FORWARDED_PACKETS_PER_SECOND)) { // Another server has no such metrics.
            return String.format(Locale.ROOT, "%.2f cores", figures.get(Figure.SERVER_CPU_CORES));
        }
        return String.format(
                Locale.ROOT,
                "%,.0f packets/s, %.2f µs each, %.2f cores, delay %.0f µs",
                figures.get(Figure.FORWARDED_PACKETS_PER_SECOND),
                figures.get(Figure.SERVER_CPU_PER_PACKET),
                figures.get(Figure.SERVER_CPU_CORES),
                figures.get(Figure.ROUTER_DELAY_P50));
    }

    private static void waitUntil(long nanos) {
        long left;
        while ((left = nanos - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
        }
    }

    private NodeSample sample(BenchServer node) throws IOException {
        NodeSample sample = node.sample();
        samples.add(sample);
        return sample;
    }

    private String prefix() {
        return name + " " + number + "/" + options.runs() + ": ";
    }
}
