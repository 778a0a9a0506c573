package org.rotunda.load.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.rotunda.load.egress.EgressPace;
import org.rotunda.load.egress.EgressShape;

/** The combined result of all runs of the egress bench, as a table for people and as JSON for programs. Pure. */
final class EgressReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_MEASURED = "–";

    private final EgressOptions options;
    private final String jdk;
    private final Machine machine;
    private final String commit;
    private final String floor;
    private final Map<EgressPace, List<EgressRun>> runs = new EnumMap<>(EgressPace.class);

    /**
     * @param jdk the JDK that ran the router
     * @param floor what the floor does, or why it is missing
     */
    EgressReport(
            EgressOptions options,
            String jdk,
            Machine machine,
            String commit,
            String floor,
            Map<EgressPace, List<EgressRun>> runs) {
        this.options = options;
        this.jdk = jdk;
        this.machine = machine;
        this.commit = commit;
        this.floor = floor;
        this.runs.putAll(runs);
    }

    /** Returns lines that describe the load and the machine. */
    static List<String> heading(EgressOptions options, String jdk, Machine machine, String commit) {
        EgressShape shape = options.shape();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "egress: bursts of %d packets of %,d bytes to each of %d receivers, back to back and %d a second",
                        shape.packets(),
                        shape.packetBytes(),
                        shape.receivers(),
                        shape.burstsPerSecond()),
                "JDK " + jdk + ", commit " + commit + ", " + options.runs() + " runs of "
                        + options.measure().toMillis() / 1e3 + " s with each pace after "
                        + options.warmUp().toMillis() / 1e3 + " s",
                machine.describe());
    }

    Spread spread(EgressPace pace, EgressFigure figure) {
        return Spread.of(
                runs.getOrDefault(pace, List.of()).stream().map(figure::of).toList());
    }

    /** Returns a table in Markdown, with a row for each pace, and a line about the floor. */
    List<String> table() {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("pace"));
        Arrays.stream(EgressFigure.values()).map(EgressFigure::label).forEach(heading::add);
        rows.add(heading);
        for (EgressPace pace : EgressPace.values()) {
            List<String> row = new ArrayList<>(List.of(name(pace)));
            Arrays.stream(EgressFigure.values())
                    .map(figure -> cell(figure, spread(pace, figure)))
                    .forEach(row::add);
            rows.add(row);
        }
        List<String> lines = new ArrayList<>();
        rows.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
        lines.add(1, "|" + "---|".repeat(heading.size()));
        lines.add("C floor: " + floor);
        return lines;
    }

    private static String name(EgressPace pace) {
        return pace.name().toLowerCase(Locale.ROOT);
    }

    private String cell(EgressFigure figure, Spread spread) {
        if (Double.isNaN(spread.median())) {
            return NOT_MEASURED;
        }
        String median = number(figure, spread.median());
        return options.runs() == 1
                ? median
                : median + " [" + number(figure, spread.min()) + "–" + number(figure, spread.max()) + "]";
    }

    private static String number(EgressFigure figure, double value) {
        return String.format(Locale.ROOT, "%,." + figure.digits() + "f", value);
    }

    /** Returns a JSON object with the medians, the extremes and the single runs of each pace. */
    String json() {
        ObjectNode object = JSON.createObjectNode();
        object.put("scenario", "egress");
        object.put("receivers", options.shape().receivers());
        object.put("packetsPerBurst", options.shape().packets());
        object.put("packetBytes", options.shape().packetBytes());
        object.put("burstsPerSecond", options.shape().burstsPerSecond());
        object.put("jdk", jdk);
        object.put("commit", commit);
        object.put("floor", floor);
        object.put("warmUpSeconds", options.warmUp().toMillis() / 1e3);
        object.put("measureSeconds", options.measure().toMillis() / 1e3);
        object.put("runs", options.runs());
        Report.put(object, machine);
        ObjectNode extremes = JSON.createObjectNode();
        ObjectNode single = JSON.createObjectNode();
        for (EgressPace pace : EgressPace.values()) {
            put(object.putObject(name(pace)), figure -> spread(pace, figure).median());
            ObjectNode both = extremes.putObject(name(pace));
            for (EgressFigure figure : EgressFigure.values()) {
                ObjectNode minAndMax = both.putObject(figure.key());
                Report.put(minAndMax, "min", spread(pace, figure).min());
                Report.put(minAndMax, "max", spread(pace, figure).max());
            }
            ArrayNode all = single.putArray(name(pace));
            runs.getOrDefault(pace, List.of()).forEach(run -> put(all.addObject(), figure -> figure.of(run)));
        }
        object.set("spread", extremes);
        object.set("perRun", single);
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(ObjectNode object, ToDoubleFunction<EgressFigure> value) {
        for (EgressFigure figure : EgressFigure.values()) {
            Report.put(object, figure.key(), value.applyAsDouble(figure));
        }
    }
}
