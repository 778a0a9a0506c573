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

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
