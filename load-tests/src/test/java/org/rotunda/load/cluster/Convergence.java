package org.rotunda.load.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.rotunda.load.testkit.Rest;

/**
 * Waits until a cluster has recovered, that is, until every node is ready and sees all other nodes, and every room
 * answers through every gateway.
 */
final class Convergence {
    /** The time for which the recovered state must last. A node that resumes shows its old state for a moment. */
    private static final Duration STAYS = Duration.ofSeconds(4);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int OK = 200;

    private final ClusterRig rig;
    private final List<String> rooms;
    private final List<NodeProcess> asked;
    private String missing = "everything";

    /** Creates a check of all nodes of a cluster; {@code rooms} are the SIDs of all rooms in progress. */
    Convergence(ClusterRig rig, List<String> rooms) {
        this(rig, rooms, rig.nodes());
    }

    private Convergence(ClusterRig rig, List<String> rooms, List<NodeProcess> asked) {
        this.rig = rig;
        this.rooms = List.copyOf(rooms);
        this.asked = List.copyOf(asked);
    }

    /**
     * Returns a check that leaves out {@code starting}, which may still be starting. It tests only what clients notice:
     * the other nodes are ready, and every room answers through every gateway among them.
     */
    static Convergence besides(NodeProcess starting, ClusterRig rig, List<String> rooms) {
        return new Convergence(
                rig,
                rooms,
                rig.nodes().stream().filter(node -> !node.equals(starting)).toList());
    }

    /** Waits until the cluster has recovered for good, and returns the time from now to the recovery. */
    Duration await(Duration patience) {
        return await(patience, System.nanoTime());
    }

    /** Waits until the cluster has recovered for good, and returns the time from {@code began} to the recovery. */
    Duration await(Duration patience, long began) {
        long since = began;
        boolean there = false;
        while (true) {
            Optional<String> lacking = lacking();
            long now = System.nanoTime();
            if (lacking.isPresent()) {
                missing = lacking.get();
                there = false;
                if (now - began > patience.toNanos()) {
                    throw new AssertionError(
                            "waited " + patience.toSeconds() + " s in vain for the cluster: " + missing);
                }
            } else if (!there) {
                there = true;
                since = now;
            } else if (now - since > STAYS.toNanos()) {
                return Duration.ofNanos(since - began);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Returns the last condition that was unmet before the recovery. */
    String last() {
        return missing;
    }

    private Optional<String> lacking() {
        int members = rig.nodes().size();
        for (NodeProcess node : asked) {
            if (!node.isReady()) {
                return Optional.of(node.name() + " is not ready");
            }
            double seen = node.tryMetrics()
                    .map(metrics -> metrics.sum("rotunda_cluster_members{role=\"media\"}")
                            + metrics.sum("rotunda_cluster_members{role=\"room\"}"))
                    .orElse(0.0);
            // Every node of the checked clusters has exactly one of the roles room and media, so the sum over these
            // two roles counts each node once.
            if (asked.size() == members && seen != members) {
                return Optional.of(node.name() + " sees " + seen + " of " + members + " nodes");
            }
        }
        for (NodeProcess gateway :
                rig.gateways().stream().filter(asked::contains).toList()) {
            Rest rest = rig.restOf(gateway.name());
            for (String room : rooms) {
                Optional<String> unanswered = unanswered(rest, room);
                if (unanswered.isPresent()) {
                    return unanswered.map(why -> room + " through " + gateway.name() + ": " + why);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unanswered(Rest rest, String room) {
        try {
            Rest.Answer answer = rest.tryRoom(room);
            JsonNode status = answer.body().path("status");
            return answer.status() == OK && status.asText().equals("in-progress")
                    ? Optional.empty()
                    : Optional.of(answer.toString());
        } catch (UncheckedIOException silent) {
            return Optional.of(String.valueOf(silent.getMessage()));
        }
    }
}
