package org.rotunda.load.cluster;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.testkit.Await;

/**
 * Tests a call through a cluster in which every second node writes its messages as a neighbouring version may write
 * them. The call comes up, moves between media nodes of both kinds and goes on, and no node logs a message that it could
 * not read or write.
 */
class NeighbouringVersionsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private ClusterRig rig;
    private BotFleet fleet;

    @BeforeEach
    void start() {
        rig = new ClusterRig.Plan("neighbouring-versions")
                .node("gateway-1", "gateway", "room")
                .node("room-1", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .neighbours("room-1", "media-2")
                .start();
        rig.awaitConverged();
        fleet = BotFleet.start(1);
    }

    @AfterEach
    void end() {
        fleet.close();
        rig.close();
    }

    @Test
    void aCallIsUpAndMovesWhileEverySecondNodeIsANeighbour() {
        String roomOfNeighbour = rig.roomOn("room-1");
        BotCall ofNeighbour = BotCall.join(fleet, rig, roomOfNeighbour);
        BotCall ofThisVersion = BotCall.join(fleet, rig, rig.roomOn("gateway-1"));
        for (String leaving : List.of("media-1", "media-2")) {
            NodeProcess node = rig.node(leaving);
            node.order("/drain");
            Await.until(
                    leaving + " to be drained",
                    PATIENCE,
                    () -> node.drain().path("state").asText().equals("drained"));
            ofNeighbour.awaitFlowing();
            ofThisVersion.awaitFlowing();
            node.order("/undrain");
            node.awaitReady(PATIENCE);
            rig.awaitConverged();
        }
        rig.rest("gateway-1").completeRoom(roomOfNeighbour);
        ofThisVersion.awaitFlowing();
        ofThisVersion.assertNotCut();

        MessageFaults.assertNone(rig);
    }
}
