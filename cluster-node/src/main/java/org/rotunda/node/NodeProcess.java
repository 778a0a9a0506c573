package org.rotunda.node;

import com.typesafe.config.Config;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rotunda.node.cluster.DownedException;
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
     * as lost, even while it joined, starts again as a new member, because the cause may have been only a short pause or
     * network cut. The media router of the node stays open meanwhile, so clients continue to send and receive through it, and so do
     * the lifelines of the other nodes.
     *
     * @param onReady called when the node is ready, after its first start and after every further start
     * @param untilReady true to stop the node as soon as it is ready
     */
    static int run(Config config, Consumer<RotundaNode> onReady, boolean untilReady) {
        try (KeptParts parts = new KeptParts()) {
            return run(() -> RotundaNode.start(config, parts), parts, onReady, untilReady);
        }
    }

    /** Runs the nodes that {@code starter} starts, one after the other. */
    static int run(Supplier<RotundaNode> starter, KeptParts parts, Consumer<RotundaNode> onReady, boolean untilReady) {
        Restarts restarts = new Restarts();
        while (true) {
            RotundaNode node;
            try {
                node = starter.get();
            } catch (IllegalStateException failure) {
                System.err.println("rotunda: " + failure.getMessage());
                if (failure.getCause() instanceof NotJoinedException && parts.isInUse()) {
                    System.err.println(
                            "rotunda: clients still use this node's media router; it goes on trying to join");
                    continue;
                }
                if (failure.getCause() instanceof DownedException) {
                    if (!mayStartAgain(restarts)) {
                        return EXIT_DOWNED;
                    }
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
            if (node.hasOtherAddresses()) {
                System.err.println("rotunda: stopped, because clients must be told other addresses from now on");
                return EXIT_UNAVAILABLE;
            }
            if (!node.wasDowned()) {
                return 0;
            }
            if (!mayStartAgain(restarts)) {
                return EXIT_DOWNED;
            }
        }
    }

    /** Returns whether a node that was counted as lost may start again in this process, and says so. */
    private static boolean mayStartAgain(Restarts restarts) {
        boolean may = restarts.take(System.nanoTime());
        System.err.println(
                may
                        ? "rotunda: the other nodes of the cluster counted this one as lost; it starts again"
                        : "rotunda: stopped, because the other nodes of the cluster counted this one as lost "
                                + (Restarts.MAX + 1) + " times within " + Restarts.WITHIN.toMinutes() + " minutes");
        return may;
    }
}
