package org.rotunda.load.hostile;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The resources that a node holds at one moment, after a full garbage collection.
 *
 * @param heapBytes the bytes of live objects
 * @param directBytes the bytes of the JVM's direct buffers, including Netty's pools
 * @param residentBytes the memory in RAM as the kernel counts it, for information only
 * @param actors the number of actor cells, including those of libraries
 * @param tables the node's gauges, for instance of rooms, participants and transports
 */
record Footprint(
        long heapBytes,
        long directBytes,
        long residentBytes,
        int threads,
        int fileDescriptors,
        int actors,
        Map<String, Long> tables) {
    Footprint {
        tables = new TreeMap<>(tables);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %.1f MiB, direct %.2f MiB, resident %.0f MiB, %d threads, %d file descriptors, %d actors, %s",
                mib(heapBytes),
                mib(directBytes),
                mib(residentBytes),
                threads,
                fileDescriptors,
                actors,
                tables);
    }

    private static double mib(long bytes) {
        return bytes / 1024.0 / 1024;
    }
}
