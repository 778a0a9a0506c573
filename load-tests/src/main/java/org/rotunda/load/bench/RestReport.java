package org.rotunda.load.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The combined result of all runs of the REST bench, as a table for people and as JSON for programs. Pure. */
final class RestReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_MEASURED = "–";

    private final RestOptions options;
    private final Machine machine;
    private final String commit;
    private final String database;
    private final List<Map<RestSubject, Map<RestFigure, Double>>> runs;

    /**
     * Creates the report.
     *
     * @param commit the version of the measured sources
     * @param database the description of the database
     * @param runs the figures of each run
     */
    RestReport(
            RestOptions options,
            Machine machine,
            String commit,
            String database,
            List<Map<RestSubject, Map<RestFigure, Double>>> runs) {
        this.options = options;
        this.machine = machine;
        this.commit = commit;
        this.database = database;
        this.runs = List.copyOf(runs);
    }

    /** Returns lines that describe the load, the node, the database and the machine. */
    static List<String> heading(RestOptions options, Machine machine, String commit, String database) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "rest: %d callers, %,d completed rooms in the database, no limits on request rates",
                        options.callers(),
                        options.roomsListed()),
                "JDK " + options.jdk().describe() + ", commit " + commit + ", " + options.runs() + " runs of "
                        + options.warmUp().toSeconds() + " s + "
                        + options.measure().toSeconds() + " s",
                database,
                machine.describe());
    }

    Spread spread(RestSubject subject, RestFigure figure) {
        return Spread.of(runs.stream()
                .map(run -> run.getOrDefault(subject, Map.of()).getOrDefault(figure, Double.NaN))
                .toList());
    }

    private List<RestSubject> subjects() {
        return Arrays.stream(RestSubject.values())
                .filter(subject -> runs.stream().anyMatch(run -> run.containsKey(subject)))
                .toList();
    }

    /** Returns a table in Markdown, with a row for each measurement and the median and the extremes of the runs. */
    List<String> table() {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("measured"));
        Arrays.stream(RestFigure.values()).map(RestFigure::label).forEach(heading::add);
        rows.add(heading);
        for (RestSubject subject : subjects()) {
            List<String> row = new ArrayList<>(List.of(subject.label(options)));
            for (RestFigure figure : RestFigure.values()) {
                row.add(cell(figure, spread(subject, figure)));
            }
            rows.add(row);
        }
        int[] widths = new int[heading.size()];
        rows.forEach(row ->
                Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length())));
        List<String> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(line(row, widths)));
        lines.add(1, "|" + "---|".repeat(heading.size()));
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < row.size(); i++) {
            String space = " ".repeat(widths[i] - row.get(i).length());
            // The names are on the left of their column, and numbers on the right.
            line.append(' ')
                    .append(i == 0 ? row.get(i) + space : space + row.get(i))
                    .append(" |");
        }
        return line.toString();
    }

    private String cell(RestFigure figure, Spread spread) {
        if (Double.isNaN(spread.median())) {
            return NOT_MEASURED;
        }
        String median = number(figure, spread.median());
        return runs.size() == 1
                ? median
                : median + " [" + number(figure, spread.min()) + "–" + number(figure, spread.max()) + "]";
    }

    private static String number(RestFigure figure, double value) {
        return String.format(Locale.ROOT, "%,." + figure.digits() + "f", value);
    }

    /** Returns a JSON object with the medians, the extremes and the single runs of each measurement. */
    String json() {
        ObjectNode object = JSON.createObjectNode();
        object.put("scenario", "rest");
        object.put("roomsListed", options.roomsListed());
        object.put("callers", options.callers());
        object.put("callbackRooms", options.callbackRooms());
        object.put("accounts", options.accounts());
        object.put("accountInFlightRaised", options.accountInFlight());
        object.put("jdk", options.jdk().describe());
        object.put("commit", commit);
        object.put("database", database);
        object.put("warmUpSeconds", options.warmUp().toMillis() / 1e3);
        object.put("measureSeconds", options.measure().toMillis() / 1e3);
        object.put("runs", runs.size());
        Report.put(object, machine);
        ObjectNode extremes = JSON.createObjectNode();
        for (RestSubject subject : subjects()) {
            put(
                    object.putObject(subject.key()),
                    figure -> spread(subject, figure).median());
            ObjectNode both = extremes.putObject(subject.key());
            for (RestFigure figure : RestFigure.values()) {
                ObjectNode minAndMax = both.putObject(figure.key());
                Report.put(minAndMax, "min", spread(subject, figure).min());
                Report.put(minAndMax, "max", spread(subject, figure).max());
            }
        }
        object.set("spread", extremes);
        ArrayNode all = object.putArray("perRun");
        for (Map<RestSubject, Map<RestFigure, Double>> run : runs) {
            ObjectNode one = all.addObject();
            run.forEach((subject, figures) ->
                    put(one.putObject(subject.key()), figure -> figures.getOrDefault(figure, Double.NaN)));
        }
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(ObjectNode object, ToDoubleFunction<RestFigure> value) {
        for (RestFigure figure : RestFigure.values()) {
            Report.put(object, figure.key(), value.applyAsDouble(figure));
        }
    }
}
