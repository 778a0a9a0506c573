package org.rotunda.node;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code rotunda dev | node | check}. */
@Command(
        name = "rotunda",
        description = "A self-hosted video-rooms platform.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {DevCommand.class, NodeCommand.class, CheckCommand.class})
public final class Main {
    /** Exit code for a configuration that cannot be used; 2 is picocli's for a bad command line. */
    static final int EXIT_CONFIGURATION = 78; // EX_CONFIG of sysexits.h

    /**
     * Netty follows one buffer of so many, writing down stacks, to see whether it is released. One of 128, its default, took 4.5 % of
     * the media loops' time in a fanout to 50. With this a leak on a packet's way is still found within a second (ADR 7).
     */
    private static final String LEAK_SAMPLING = "io.netty.leakDetection.samplingInterval";

    private static final int LEAK_SAMPLING_DEFAULT = 4_096;

    private Main() {}

    public static void main(String[] arguments) {
        if (System.getProperty(LEAK_SAMPLING) == null) {
            System.setProperty(LEAK_SAMPLING, Integer.toString(LEAK_SAMPLING_DEFAULT)); // Before Netty is loaded.
        }
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
