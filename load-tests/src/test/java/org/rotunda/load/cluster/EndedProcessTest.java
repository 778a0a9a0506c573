package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.load.testkit.Await;

/**
 * Tests what lifelines show about the processes of a cluster. Silence finds no loss here, because it would have to last
 * for ten minutes.
 */
class EndedProcessTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ENDED = "rotunda_nodes_ended_total";
    private static final String LOST = "rotunda_nodes_lost_total";
    private static final int EXIT_SIGTERM = 143;

    private ClusterRig rig;

    @BeforeEach
    void start() {
        rig = new ClusterRig.Plan("ended-process")
                .node("gateway-1", "gateway", "room")
                .node("room-1", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .with("rotunda.cluster.node-lost-after", "10m")
                .start();
        rig.awaitConverged();
        // Each of the two room nodes has lifelines to the three others.
        Await.until("lifelines", PATIENCE, () -> rig.sum("rotunda_lifelines") == 6);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void aKilledProcessIsLostAtOnceAndAStoppedOrLeavingOneIsNot() {
        List<NodeProcess> roomNodes = rig.roomNodes();
        NodeProcess killed = rig.node("media-1");
        killed.suspend();
        // A stopped process still has its connections, and its kernel takes new ones.
        assertThat(rig.sumOf(roomNodes, LOST)).isZero();

        LocalTime at = LocalTime.now(ZoneId.systemDefault());
        System.out.printf("%s is killed at %s%n", killed.name(), at);
        killed.kill();

        Await.until(
                "the room nodes to find the end of " + killed.name(),
                PATIENCE,
                () -> roomNodes.stream()
                        .allMatch(node -> node.metrics().sum(ENDED) == 1
                                && node.metrics().sum(LOST) == 1
                                && node.metrics().sum("rotunda_media_nodes") == 1));

        roomNodes.forEach(node -> node.loggedAfter("process of a node has ended", at)
                .ifPresent(found -> System.out.printf(
                        "%s found the end of %s after %d ms%n", node.name(), killed.name(), found.toMillis())));

        NodeProcess leaving = rig.node("media-2");
        leaving.terminate();

        assertThat(leaving.awaitExit()).isEqualTo(EXIT_SIGTERM);
        Await.until(
                "the media node to be gone",
                PATIENCE,
                () -> roomNodes.stream().allMatch(node -> node.metrics().sum("rotunda_media_nodes") == 0));
        assertThat(rig.sumOf(roomNodes, ENDED)).isEqualTo(2);
        assertThat(rig.sumOf(roomNodes, LOST)).isEqualTo(2);
    }
}
