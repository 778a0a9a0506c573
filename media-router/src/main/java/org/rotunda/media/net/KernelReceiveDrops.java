package org.rotunda.media.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts the datagrams that the kernel dropped because a port's receive buffer was full. The counts are in the last
 * column of {@code /proc/net/udp} and {@code /proc/net/udp6}. A media loop must not use this class, because the class
 * reads files.
 */
public final class KernelReceiveDrops {
    /**
     * The result of {@link #ofPorts} if neither {@code /proc/net/udp} nor {@code /proc/net/udp6} can be read, or if
     * reading one of them fails.
     */
    public static final long UNKNOWN = -1;

    private static final int LOCAL_ADDRESS_COLUMN = 1; // For example 0100007F:2710, which is 127.0.0.1:10000.

    private final List<Path> tables;

    public KernelReceiveDrops() {
        this(List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6")));
    }

    KernelReceiveDrops(List<Path> tables) {
        this.tables = List.copyOf(tables);
    }

    /**
     * Returns the number of drops so far on all sockets with these ports in our network namespace, or {@link #UNKNOWN}.
     * The tables have a line for each socket of the namespace, so reading them may take milliseconds.
     */
    public long ofPorts(Set<Integer> ports) {
        long drops = UNKNOWN;
        for (Path table : tables) {
            try {
                if (Files.isReadable(table)) {
                    drops = Math.max(drops, 0) + count(Files.readAllLines(table, StandardCharsets.US_ASCII), ports);
                }
            } catch (IOException e) {
                // No exception is thrown, because it would keep the caller from collecting its other metrics.
                return UNKNOWN;
            }
        }
        return drops;
    }

    private static long count(List<String> lines, Set<Integer> ports) {
        Set<String> endings =
                ports.stream().map(port -> String.format(":%04X", port)).collect(Collectors.toSet());
        long drops = 0;
        for (String line : lines) {
            String[] columns = line.trim().split("\\s+", -1);
            if (columns.length > LOCAL_ADDRESS_COLUMN && endings.contains(ending(columns[LOCAL_ADDRESS_COLUMN]))) {
                drops += Long.parseLong(columns[columns.length - 1]);
            }
        }
        return drops;
    }

    /** Returns the port of an address of the table, with its colon. The title of the column has none. */
    private static String ending(String address) {
        return address.substring(Math.max(0, address.lastIndexOf(':')));
    }
}
