package org.rotunda.load.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The combined result of all runs of a bench, as a table for people and as JSON for programs. Pure. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BenchOptions options;
    private final Machine machine;
    private final String commit;
    private final List<RunResult> runs;

    /** Creates the report of these runs. {@code commit} is the version of the measured sources. */
    Report(BenchOptions options, Machine machine, String commit, List<RunResult> runs) {
        this.options = options;
        this.machine = machine;
        this.commit = commit;
        this.runs = List.copyOf(runs);
    }

    Spread spread(Figure figure) {
        return Spread.of(runs.stream().map(run -> run.figure(figure)).toList());
    }

    /** Returns lines that describe the scenario, the node and the machine. */
    static List<String> heading(BenchOptions options, Machine machine, String commit) {
        return List.of(
                options.kind().name().toLowerCase(Locale.ROOT) + ": "
                        + options.scenario().description(),
                "JDK " + options.jdk().describe() + ", commit " + commit + ", GSO "
                        + (options.segmentation() ? "on" : "off") + ", feedback "
                        + (options.feedback() ? "on" : "off") + ", channels "
                        + (options.channels() ? "on" : "off") + ", "
                        + (options.keys().isEmpty() ? "" : new TreeMap<>(options.keys()) + ", ")
                        + options.runs() + " runs of " + options.warmUp().toSeconds() + " s + "
                        + options.measure().toSeconds() + " s",
                machine.describe());
    }

    /** Returns a line for each measured figure, with the median and the extremes of the runs. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-50s %12s   %s", "figure", "median", "[min – max]"));
        for (Figure figure : Figure.values()) {
            Spread spread = spread(figure);
            if (!Double.isNaN(spread.median())) {
                lines.add(String.format(
                                Locale.ROOT,
                                "%-50s %12s   [%s – %s] %s",
                                figure.label(),
                                number(figure, spread.median()),
                                number(figure, spread.min()),
                                number(figure, spread.max()),
                                figure.unit())
                        .stripTrailing());
            }
        }
        sum(RunResult::drops).forEach((reason, count) -> lines.add(line("… dropped as " + reason, count)));
        sum(RunResult::joinFailures).forEach((reason, count) -> lines.add(line("… no join: " + reason, count)));
        if (options.segmentation() && runs.stream().anyMatch(run -> !run.segmenting())) {
            lines.add("GSO was requested, but does not work on this machine.");
        }
        return lines;
    }

    private static String line(String label, long count) {
        return String.format(Locale.ROOT, "%-50s %,12d   of all runs", label, count);
    }

    /** Adds up the counts of all runs by reason. */
    private Map<String, Long> sum(Function<RunResult, Map<String, Long>> counts) {
        Map<String, Long> sum = new TreeMap<>();
        runs.forEach(run -> counts.apply(run).forEach((reason, count) -> sum.merge(reason, count, Long::sum)));
        return sum;
    }

    static String number(Figure figure, double value) {
        return String.format(Locale.ROOT, "%,." + figure.digits() + "f", value);
    }

    /** Returns a JSON object. Its top level has the medians, followed by the extremes and the single runs. */
    String json() {
        ObjectNode object = JSON.createObjectNode();
        object.put("scenario", options.kind().name().toLowerCase(Locale.ROOT));
        object.put("size", options.size());
        object.put("sizeCounts", options.kind().counted());
        object.put("jdk", options.jdk().describe());
        object.put("commit", commit);
        object.put("gso", runs.stream().allMatch(RunResult::segmenting));
        object.put("feedback", options.feedback());
        object.put("channels", options.channels());
        ObjectNode keys = object.putObject("keys");
        new TreeMap<>(options.keys()).forEach(keys::put);
        object.put("warmUpSeconds", options.warmUp().toMillis() / 1e3);
        object.put("measureSeconds", options.measure().toMillis() / 1e3);
        object.put("runs", runs.size());
        put(object, machine);
        ObjectNode extremes = JSON.createObjectNode();
        for (Figure figure : Figure.values()) {
            Spread spread = spread(figure);
            put(object, figure.key(), spread.median());
            ObjectNode both = extremes.putObject(figure.key());
            put(both, "min", spread.min());
            put(both, "max", spread.max());
        }
        object.set("spread", extremes);
        ArrayNode all = object.putArray("perRun");
        for (RunResult run : runs) {
            ObjectNode one = all.addObject();
            for (Figure figure : Figure.values()) {
                put(one, figure.key(), run.figure(figure));
            }
            put(one, "routerDropsByReason", run.drops());
            put(one, "joinsFailedByReason", run.joinFailures());
        }
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(ObjectNode object, String key, Map<String, Long> counts) {
        ObjectNode byReason = object.putObject(key);
        new TreeMap<>(counts).forEach(byReason::put);
    }

    /** Puts the description of the machine. */
    static void put(ObjectNode object, Machine machine) {
        ObjectNode where = object.putObject("machine");
        where.put("cpu", machine.cpu());
        where.put("cpus", machine.cpus());
        where.put("memoryBytes", machine.memoryBytes());
        where.put("kernel", machine.kernel());
    }

    /** Puts a number, or null in place of NaN, because JSON has no NaN. */
    static void put(ObjectNode object, String key, double value) {
        if (Double.isNaN(value)) {
            object.putNull(key);
        } else {
            object.put(key, value);
        }
    }
}
