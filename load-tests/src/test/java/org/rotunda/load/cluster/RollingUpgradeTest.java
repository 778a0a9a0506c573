package org.rotunda.load.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.BotFleet;

/**
 * Tests that a call lives through an upgrade from the previous release, process by process, and through the roll-back.
 * Skipped if no release is known; see {@link PreviousRelease}.
 */
@Tag("long")
class RollingUpgradeTest {
    /** The recommended order: media first, and last the node that runs the coordinator of the shards. */
    private static final List<String> ORDER = List.of("media-1", "media-2", "gateway-2", "gateway-1");

    private ClusterRig rig;
    private BotFleet fleet;
    private Path previous;

    @BeforeEach
    void start() {
        Optional<String> commit = PreviousRelease.commit();
        Assumptions.assumeTrue(
                commit.isPresent(),
                "no previous release: the history has no tag v*, and -Drotunda.upgrade.from names no commit");
        previous = PreviousRelease.product(commit.orElseThrow());
        rig = new ClusterRig.Plan("rolling-upgrade")
                .node("gateway-1", "gateway", "room")
                .node("gateway-2", "gateway", "room")
                .node("media-1", "media")
                .node("media-2", "media")
                .with("rotunda.rooms.session-timeout", "180s") // A start on a busy machine must not end sessions.
                .build(previous)
                .start();
        rig.awaitConverged();
        fleet = BotFleet.start(1);
    }

    @AfterEach
    void end() {
        if (fleet != null) {
            fleet.close();
        }
        if (rig != null) { // Nothing was started if the test is skipped.
            rig.close();
        }
    }

    @Test
    void aCallLivesThroughAnUpgradeAndARollBack() {
        BotCall call = BotCall.join(fleet, rig, rig.freshRoom());
        for (String name : ORDER) {
            NodeProcess node = stop(name);
            node.runTestedBuild();
            restart(node, call);
        }
        BotCall ofTheNewVersion = BotCall.join(fleet, rig, rig.freshRoom());
        for (String name : ORDER) {
            NodeProcess node = stop(name);
            node.runBuild(previous);
            restart(node, call);
        }
        ofTheNewVersion.awaitFlowing();
        call.assertNotCut();
        MessageFaults.assertNone(rig);
    }

    private NodeProcess stop(String name) {
        NodeProcess node = rig.node(name);
        node.terminate();
        node.awaitExit();
        return node;
    }

    private void restart(NodeProcess node, BotCall call) {
        node.start().awaitReady(ClusterRig.START);
        rig.awaitConverged();
        call.awaitFlowing();
    }
}
