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
 * Asks all nodes again and again how many rooms they own, from a thread of its own, and remembers when there were more owners than rooms.
 * A node whose fence is held owns nothing: it decides nothing until it knows that it still may.
 *
 * <p>Nodes are not asked at the same instant, so a room that changes its owner between two questions is counted twice; a split room
 * is counted twice at every look. Two looks in a row make a split.
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
    private final List<String> splits = new ArrayList<>(); // Guarded by this, like the rest.
    private boolean wasOver;
    private int looks;
    private int looksWithoutOwner;
    private int looksFenced;

    private Owners(List<NodeProcess> nodes, int rooms) {
        this.nodes = List.copyOf(nodes);
        this.rooms = rooms;
    }

    /**
     * Begins to look.
     *
     * @param rooms in progress, from the first to the last look
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

    /** What was seen whenever rooms had more than one owner. */
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
