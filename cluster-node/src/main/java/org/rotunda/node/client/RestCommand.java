package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that sends requests to a node and prints the answers. */
abstract class RestCommand implements Callable<Integer> {
    /** The exit code if the server has refused the request. */
    static final int EXIT_REFUSED = 1;

    /** The exit code for a wrong command line, as picocli has it. */
    static final int EXIT_USAGE = 2;

    /** The exit code if no node answers. */
    static final int EXIT_UNAVAILABLE = 69; // EX_UNAVAILABLE of sysexits.h

    private static final int COLUMN_GAP = 2;

    @Mixin
    private final RestOptions options = new RestOptions();

    @Spec
    private @Nullable CommandSpec spec; // Picocli sets it before it calls the command.

    /** Sends the requests and prints the answers. */
    abstract void run(RestClient client) throws RestRefusal;

    @Override
    public final Integer call() {
        try {
            run(options.client());
            return 0;
        } catch (RestRefusal refusal) {
            commandLine().getErr().println("rotunda: " + printable(String.valueOf(refusal.getMessage())));
            return refusal.exitCode();
        }
    }

    /** Prints one resource: all of it as JSON, or the given fields, one on each line. */
    final void print(JsonNode resource, String... fields) {
        if (options.json()) {
            out().println(resource.toPrettyString());
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        for (String field : fields) {
            lines.add(List.of(field, text(resource, field)));
        }
        printColumns(lines);
    }

    /** Prints a list: as a JSON array, or as a table with a column for each field. */
    final void print(List<JsonNode> resources, String... fields) {
        if (options.json()) {
            out().println(JsonNodeFactory.instance.arrayNode().addAll(resources).toPrettyString());
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(fields));
        for (JsonNode resource : resources) {
            List<String> line = new ArrayList<>();
            for (String field : fields) {
                line.add(text(resource, field));
            }
            lines.add(line);
        }
        printColumns(lines);
    }

    /** Returns whether the answers are to be printed as JSON. */
    final boolean isJson() {
        return options.json();
    }

    /** Prints a sentence for people. With {@code --json} it prints nothing. */
    final void say(String sentence) {
        if (!options.json()) {
            out().println(printable(sentence));
        }
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private static String text(JsonNode resource, String field) {
        JsonNode value = resource.path(field);
        if (value.isArray()) {
            List<String> elements = new ArrayList<>();
            value.forEach(element -> elements.add(element.asText()));
            return elements.isEmpty() ? "-" : printable(String.join(",", elements));
        }
        return value.isNull() || value.isMissingNode() ? "-" : printable(value.asText());
    }

    /** Replaces control characters, because names come from callers of the API and could change the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private void printColumns(List<List<String>> lines) {
        int columns = lines.isEmpty() ? 0 : lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                row.append(line.get(i));
                if (i < columns - 1) {
                    row.append(" ".repeat(widths[i] - line.get(i).length() + COLUMN_GAP));
                }
            }
            out().println(row);
        }
    }
}
