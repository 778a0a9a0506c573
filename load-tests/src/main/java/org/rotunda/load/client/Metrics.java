package org.rotunda.load.client;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node says of itself on {@code /metrics}: a value for each name with its labels, as written there.
 *
 * @param values by {@code name} or {@code name{label="value"}}
 */
public record Metrics(Map<String, Double> values) {
    public Metrics {
        values = Map.copyOf(values);
    }

    /** Reads Prometheus text. */
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

    /** One value, by the name with its labels as written; 0 when the node has none of that name. */
    public double value(String nameWithLabels) {
        return values.getOrDefault(nameWithLabels, 0.0);
    }

    /** The values of a metric that has this label and no other, by the label's value. */
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

    /** The sum over all labels of a metric; 0 when the node has none of that name. */
    public double sum(String name) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
