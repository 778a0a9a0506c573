package org.rotunda.node;

import com.typesafe.config.Config;
import java.util.function.Function;
import org.rotunda.node.config.NodeConfiguration;

/** A node as a process: starts it, says that it is ready, and stays until it has stopped. */
final class NodeProcess {
    /** Something outside the configuration kept the node from starting: a port in use, no database. */
    static final int EXIT_UNAVAILABLE = 69; // EX_UNAVAILABLE of sysexits.h

    /** The node could not stay in its cluster, and again not after several starts; a supervisor starts it in a new process. */
    static final int EXIT_DOWNED = 75; // EX_TEMPFAIL of sysexits.h

    private NodeProcess() {}

    /**
     * Returns the process's exit code once the node has stopped. One that the others took for lost is started again, as a new member:
     * whoever was stopped for seconds, or cut off, is of use again as soon as it can be.
     *
     * @param untilReady stops the node in order as soon as it is ready
     */
    static int run(Config config, Function<RotundaNode, String> readyLine, boolean untilReady) {
        Restarts restarts = new Restarts();
        Config present = config;
        while (true) {
            RotundaNode node;
            try {
                node = RotundaNode.start(present);
            } catch (IllegalStateException failure) {
                System.err.println("rotunda: " + failure.getMessage());
                return EXIT_UNAVAILABLE;
            } catch (IllegalArgumentException refused) {
                System.err.println("rotunda: " + refused.getMessage());
                return Main.EXIT_CONFIGURATION;
            }
            System.out.println(readyLine.apply(node));
            if (untilReady) {
                node.close();
            }
            node.awaitStopped();
            if (!node.wasDowned()) {
                return 0;
            }
            if (!restarts.take(System.nanoTime())) {
                System.err.println("rotunda: stopped, because the other nodes of the cluster took this one for lost "
                        + (Restarts.MAX + 1) + " times within " + Restarts.WITHIN.toMinutes() + " minutes");
                return EXIT_DOWNED;
            }
            System.err.println("rotunda: the other nodes of the cluster took this one for lost; it starts again");
            present = NodeConfiguration.rejoining(config);
        }
    }
}
