package org.rotunda.load.hostile;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node holds at one moment, after a full collection.
 *
 * @param heapBytes of live objects
 * @param directBytes of the JVM's direct buffers, Netty's pools among them
 * @param residentBytes what the kernel counts, for information
 * @param actors cells of actors, those of libraries too
 * @param tables the node's own gauges: rooms, participants, transports, subscriptions, sessions
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
