package org.rotunda.load.egress;

import java.util.HashMap;
import java.util.Map;

/**
 * One measurement of the floor.
 *
 * @param encrypted whether the packets were encrypted, or only copied
 * @param packets the packets sent
 * @param cpuNanos the processor time of the program, in user space and in the kernel
 * @param elapsedNanos the length of the measurement
 * @param lost the packets that did not arrive
 */
public record FloorSample(boolean encrypted, long packets, long cpuNanos, long elapsedNanos, long lost) {
    /**
     * Parses the output of the program: a name and a value in each line. Other names are ignored.
     *
     * @throws IllegalArgumentException if a value is missing or is no positive number
     */
    static FloorSample parse(String output) {
        Map<String, String> values = new HashMap<>();
        output.lines().map(String::strip).forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1).strip());
            }
        });
        String cipher = value(values, "cipher");
        if (!cipher.equals("openssl") && !cipher.equals("none")) {
            throw new IllegalArgumentException("the floor reports an unknown cipher: " + cipher);
        }
        return new FloorSample(
                cipher.equals("openssl"),
                number(values, "packets"),
                number(values, "cpuNanos"),
                number(values, "elapsedNanos"),
                0);
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the floor does not report " + name);
        }
        return value;
    }

    private static long number(Map<String, String> values, String name) {
        String value = value(values, name);
        if (!value.matches("[0-9]{1,18}") || Long.parseLong(value) == 0) {
            throw new IllegalArgumentException("the floor reports no positive number of " + name + ": " + value);
        }
        return Long.parseLong(value);
    }

    FloorSample withLost(long count) {
        return new FloorSample(encrypted, packets, cpuNanos, elapsedNanos, count);
    }
}
