package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.testkit.Await;

/**
 * Tests the drain of a media node while the database is away. Moves are journalled, so nothing moves, and the call goes on
 * where it is until the database is back.
 */
@Tag("long")
class DrainWithoutDatabaseTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final BotFleet fleet = BotFleet.start();
    private ClusterRig rig;

    @BeforeEach
    void start() {
        rig = new ClusterRig.Plan("drain-without-database")
                .node("gateway-1", "gateway", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .oneByOne()
                .start();
        rig.awaitConverged();
    }

    @AfterEach
    void end() {
        fleet.close();
        rig.close();
    }

    @Test
    void theCallStaysUntilTheDatabaseIsBackAndThenMoves() {
        BotCall call = BotCall.join(fleet, rig, rig.freshRoom());
        NodeProcess drained = rig.onlyNodeWith("rotunda_media_publications");
        int connections = (int) drained.metrics().sum("rotunda_media_transports");

        rig.postgres().stop();
        Await.until(
                "the outage to be noticed",
                PATIENCE,
                () -> rig.node("gateway-1").metrics().sum("rotunda_database_up") == 0);
        drained.order("/drain");
        call.awaitFlowing();
        assertThat(drained.drain().path("state").asText()).isEqualTo("draining");
        assertThat(drained.drain().path("left").asInt()).isEqualTo(connections);

        rig.postgres().start();
        Await.until(
                "the node to be empty",
                PATIENCE,
                () -> drained.drain().path("state").asText().equals("drained"));
        assertThat(drained.drain().path("moved").asInt()).isEqualTo(connections);
        call.awaitFlowing();
        call.assertNotCut();
    }
}
