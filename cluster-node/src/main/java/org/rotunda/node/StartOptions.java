package org.rotunda.node;

import picocli.CommandLine.Option;

/** The options of the commands that start a node. */
final class StartOptions {
    @Option(
            names = "--until-ready",
            description = "Stops in order as soon as the node is ready: tries a configuration on this machine, or lets"
                    + " the JVM record what a start needs.")
    private boolean untilReady;

    boolean untilReady() {
        return untilReady;
    }
}
