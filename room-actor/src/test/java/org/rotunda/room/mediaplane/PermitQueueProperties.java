package org.rotunda.room.mediaplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.rotunda.room.mediaplane.DrainPermit.Kind;
import org.rotunda.room.nodewatch.NodeId;

/** Tests the permits for any number of nodes that are emptied at any times, with any times that they take. */
class PermitQueueProperties {
    private static final Duration ASKED_EVERY = Duration.ofSeconds(1);

    /** A node that is to be emptied, and asks each second until it is empty. */
    private static final class Node {
        private final NodeId id;
        private final Kind kind;
        private int secondsLeft; // So long it needs from its permit on.
        private boolean holds;

        private Node(int number, boolean isRoom, int seconds) {
            id = new NodeId("10.0.0." + number, 7355, number);
            kind = isRoom ? Kind.HAND_OVER_ROOMS : Kind.MOVE_CONNECTIONS;
            secondsLeft = 1 + seconds;
        }
    }

    @Property
    void allAreEmptiedAndNoneBesideThoseWhoseMovesMeet(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 40) Integer> needs,
            @ForAll @IntRange(min = 1, max = 45) int mediaNodes,
            @ForAll @IntRange(min = 0, max = 60) int newQueueAt) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < needs.size(); i++) {
            nodes.add(new Node(i, needs.get(i) % 3 == 0, needs.get(i) / 3));
        }
        PermitQueue queue = new PermitQueue(0);
        int longest = 10 + nodes.stream().mapToInt(node -> node.secondsLeft + 8).sum();
        for (int second = 0; !nodes.isEmpty(); second++) {
            assertThat(second).as("all are emptied in time").isLessThan(longest);
            long nowNanos = second * ASKED_EVERY.toNanos();
            if (second == newQueueAt) {
                queue = new PermitQueue(nowNanos); // The node with the old one has ended.
            }
            for (Node node : List.copyOf(nodes)) {
                if (node.holds && --node.secondsLeft == 0) {
                    nodes.remove(node);
                    if (node.kind == Kind.MOVE_CONNECTIONS) {
                        queue.giveBack(node.id); // A room node ends, and says nothing.
                    }
                } else {
                    node.holds = queue.ask(node.id, node.kind, node.holds, mediaNodes, nowNanos)
                            .granted();
                }
            }
            Set<Node> holders = new HashSet<>(nodes);
            holders.removeIf(node -> !node.holds);
            if (holders.stream().anyMatch(node -> node.kind == Kind.HAND_OVER_ROOMS)) {
                assertThat(holders).hasSize(1);
            }
            assertThat(holders).hasSizeLessThanOrEqualTo(Math.max(1, mediaNodes / 10));
        }
    }
}
