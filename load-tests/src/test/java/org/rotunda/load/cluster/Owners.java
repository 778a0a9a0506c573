package org.rotunda.load.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.rotunda.load.client.Metrics;

/**
 * Asks all nodes periodically how many rooms they own, and records when there were more owners than rooms. A node whose
 * {@code rotunda_fence_held} is set decides nothing for its rooms, so it counts as the owner of no room. Has a thread
 * of its own.
 *
 * <p>Nodes are not asked at the same instant. A room that changes its owner meanwhile may therefore be counted twice in
 * one round, but not in two rounds in a row. A split is reported only if two rounds in a row count too many owners.
 */
final class Owners implements AutoCloseable {
    private static final int LOOK_EVERY_MS = 200;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread looking = new Thread(task, "owners of rooms");
        looking.setDaemon(true);
        return looking;
    });
    private final List<NodeProcess> nodes;
    private final int rooms;
    // The monitor of this object guards this field and all fields below.
    private final List<String> splits = new ArrayList<>();
    private boolean wasOver;
    private int looks;
    private int looksWithoutOwner;
    private int looksFenced;

    private Owners(List<NodeProcess> nodes, int rooms) {
        this.nodes = List.copyOf(nodes);
        this.rooms = rooms;
    }

    /**
     * Starts to ask the nodes periodically how many rooms they own.
     *
     * @param rooms the number of rooms in progress; it must not change before {@link #close}
     */
    static Owners watch(List<NodeProcess> nodes, int rooms) {
        Owners owners = new Owners(nodes, rooms);
        var unused = owners.thread.scheduleWithFixedDelay(owners::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        return owners;
    }

    private void look() {
        Map<String, Holding> seen = nodes.parallelStream()
                .flatMap(node -> node.tryMetrics().map(metrics -> Map.entry(node.name(), Holding.of(metrics))).stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
        note(seen);
    }

    private synchronized void note(Map<String, Holding> seen) {
        double owned = seen.values().stream().mapToDouble(Holding::owned).sum();
        looks++;
        if (seen.values().stream().anyMatch(Holding::fenced)) {
            looksFenced++;
        }
        if (owned < rooms) {
            looksWithoutOwner++;
        }
        boolean over = owned > rooms;
        if (over && wasOver) {
            splits.add(seen.toString());
        }
        wasOver = over;
    }

    /** Returns the nodes' answers for each detected split. */
    synchronized List<String> splits() {
        return List.copyOf(splits);
    }

    @Override
    public synchronized String toString() {
        return "%d looks at the owners of %d rooms, %d with a room that had none, %d with a held fence, %d with a split room"
                .formatted(looks, rooms, looksWithoutOwner, looksFenced, splits.size());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private record Holding(double rooms, boolean fenced) {
        static Holding of(Metrics metrics) {
            return new Holding(metrics.sum("rotunda_rooms"), metrics.sum("rotunda_fence_held") > 0);
        }

        double owned() {
            return fenced ? 0 : rooms;
        }
    }
}
