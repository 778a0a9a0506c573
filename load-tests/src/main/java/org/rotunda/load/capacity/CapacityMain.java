package org.rotunda.load.capacity;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.capacity.UnitCosts.Cost;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bin/rotunda capacity}, which computes how many nodes a mix of rooms needs. */
@Command(
        name = "rotunda capacity",
        description = "Computes how many nodes a mix of rooms needs, from the newest results of the benches."
                + " docs/capacity.md has the formulas and the keys of a mix.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs the command.
public final class CapacityMain implements Callable<Integer> {
    /** The name of the system property that {@code bin/rotunda} sets to the root of the checkout. */
    private static final String TOP = "rotunda.top";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--mix",
            paramLabel = "FILE",
            description = "the rooms, the nodes and the costs, in HOCON (default: a million participants)")
    private @Nullable Path mix;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a key of the mix, such as participants or costs.packet-micros; may be given several times")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "the directory of bench results (default: load-tests/target/bench-results)")
    private @Nullable Path results;

    @Option(
            names = "--packet-cost",
            paramLabel = "process|loops",
            defaultValue = "process",
            description =
                    "which CPU time of a bench counts for a packet: that of the whole process, or that of the media"
                            + " loops alone (${DEFAULT-VALUE})")
    private BenchResults.PacketCost packetCost;

    @Option(names = "--json", description = "print one JSON object instead of lines")
    private boolean json;

    /** Runs the command. */
    public static void main(String[] arguments) {
        // Units such as µs are not ASCII, and the output must not depend on the locale.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        System.exit(commandLine()
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new CapacityMain()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException {
        SheetReport report;
        try {
            MixReader.Read read = MixReader.read(mix, settings);
            report = new SheetReport(read.plan(), costs(read));
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), String.valueOf(unusable.getMessage()), unusable);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json());
        } else {
            report.lines().forEach(out::println);
        }
        return 0;
    }

    private UnitCosts costs(MixReader.Read read) throws IOException {
        Path directory =
                results == null ? Path.of(System.getProperty(TOP, "."), "load-tests/target/bench-results") : results;
        BenchResults benches = BenchResults.in(directory);
        return new UnitCosts(
                cost(read, "packet-micros", benches.packetMicros(packetCost), "saturate", directory),
                cost(read, "in-packet-ratio", Optional.empty(), "saturate", directory),
                cost(read, "join-millis", benches.joinMillis(), "join", directory),
                cost(read, "heap-kib", benches.heapKib(), "rooms", directory));
    }

    /** Returns a cost: the given one, or else the measured one. */
    private static Cost cost(MixReader.Read read, String name, Optional<Cost> measured, String bench, Path directory) {
        return read.cost(name)
                .or(() -> measured)
                .orElseThrow(
                        () -> new IllegalArgumentException("costs." + name + " is unknown: no result of a bench in "
                                + directory + " has it. Run bin/rotunda bench " + bench
                                + ", or give it with --set costs." + name
                                + "=VALUE or in the mix"));
    }
}
