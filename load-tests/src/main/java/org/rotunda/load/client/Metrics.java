package org.rotunda.load.client;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of a node as its {@code /metrics} page lists them.
 *
 * @param values the values by {@code name} or {@code name{label="value"}}, as written on the page
 */
public record Metrics(Map<String, Double> values) {
    public Metrics {
        values = Map.copyOf(values);
    }

    /** Parses the Prometheus text format. */
    public static Metrics parse(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            String value = line.substring(space + 1);
            values.put(
                    line.substring(0, space),
                    switch (value) {
                        case "+Inf" -> Double.POSITIVE_INFINITY;
                        case "-Inf" -> Double.NEGATIVE_INFINITY;
                        default -> Double.parseDouble(value);
                    });
        });
        return new Metrics(values);
    }

    /**
     * Returns a value by the name with its labels, as written on the page. Returns 0 if the node has no such metric.
     */
    public double value(String nameWithLabels) {
        return values.getOrDefault(nameWithLabels, 0.0);
    }

    /** Returns the values of a metric that has only this label, by the label's value. */
    public Map<String, Double> byLabel(String name, String label) {
        String prefix = name + "{" + label + "=\"";
        Map<String, Double> byValue = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                byValue.put(key.substring(prefix.length(), key.length() - "\"}".length()), value);
            }
        });
        return byValue;
    }

    /** Returns the sum of a metric over all its labels, or 0 if the node has no such metric. */
    public double sum(String name) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
