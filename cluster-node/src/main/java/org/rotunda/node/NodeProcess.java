package org.rotunda.node;

import com.typesafe.config.Config;
import java.util.function.Consumer;
import org.rotunda.node.cluster.NotJoinedException;

/** Runs a node as a process: starts the node, reports that it is ready, and waits until it has stopped. */
final class NodeProcess {
    /**
     * The exit code for a failed start whose cause is not in the configuration, such as a port in use or a missing
     * database.
     */
    static final int EXIT_UNAVAILABLE = 69; // EX_UNAVAILABLE of sysexits.h

    /**
     * The exit code of a node that its cluster counted as lost too often. A supervisor can then start a new process.
     */
    static final int EXIT_DOWNED = 75; // EX_TEMPFAIL of sysexits.h

    private NodeProcess() {}

    /**
     * Runs the node until it has stopped, and returns the exit code of the process. A node that the other nodes counted
     * as lost starts again as a new member, because the cause may have been only a short pause or network cut. The
     * media router of the node stays open meanwhile, so clients continue to send and receive through it.
     *
     * @param onReady called when the node is ready, after its first start and after every further start
     * @param untilReady true to stop the node as soon as it is ready
     */
    static int run(Config config, Consumer<RotundaNode> onReady, boolean untilReady) {
        try (KeptRouter router = new KeptRouter()) {
            return run(config, router, onReady, untilReady);
        }
    }

    private static int run(Config config, KeptRouter router, Consumer<RotundaNode> onReady, boolean untilReady) {
        Restarts restarts = new Restarts();
        while (true) {
            RotundaNode node;
            try {
                node = RotundaNode.start(config, router);
            } catch (IllegalStateException failure) {
                System.err.println("rotunda: " + failure.getMessage());
                if (failure.getCause() instanceof NotJoinedException && router.isInUse()) {
                    System.err.println(
                            "rotunda: clients still use this node's media router; it goes on trying to join");
                    continue;
                }
                return EXIT_UNAVAILABLE;
            } catch (IllegalArgumentException refused) {
                System.err.println("rotunda: " + refused.getMessage());
                return Main.EXIT_CONFIGURATION;
            }
            onReady.accept(node);
            if (untilReady) {
                node.close();
            }
            node.awaitStopped();
            if (!node.wasDowned()) {
                return 0;
            }
            if (!restarts.take(System.nanoTime())) {
                System.err.println("rotunda: stopped, because the other nodes of the cluster counted this one as lost "
                        + (Restarts.MAX + 1) + " times within " + Restarts.WITHIN.toMinutes() + " minutes");
                return EXIT_DOWNED;
            }
            System.err.println("rotunda: the other nodes of the cluster counted this one as lost; it starts again");
        }
    }
}
