package org.rotunda.node;

import com.typesafe.config.Config;
import java.util.function.Consumer;
import org.rotunda.node.cluster.NotJoinedException;

/** The life of a node as a process: starts the node, says that it is ready, and waits until it has stopped. */
final class NodeProcess {
    /**
     * The exit code when something outside the configuration kept the node from starting, such as a port in use or a
     * missing database.
     */
    static final int EXIT_UNAVAILABLE = 69; // EX_UNAVAILABLE of sysexits.h

    /**
     * The exit code of a node that its cluster counted as lost too often. A supervisor then starts the node again in a
     * new process.
     */
    static final int EXIT_DOWNED = 75; // EX_TEMPFAIL of sysexits.h

    private NodeProcess() {}

    /**
     * Returns the process's exit code once the node has stopped. A node that the other nodes counted as lost is started
     * again as a new member, because its process may only have been stopped or cut off from the network for seconds. Its
     * media router stays open meanwhile, so clients go on sending and receiving through it.
     *
     * @param onReady is called after every start
     * @param untilReady true to stop the node in order as soon as it is ready
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
