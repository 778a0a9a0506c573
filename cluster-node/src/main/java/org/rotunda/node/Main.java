package org.rotunda.node;

import ch.qos.logback.classic.LoggerContext;
import org.rotunda.node.client.AccountCommand;
import org.rotunda.node.client.CallbackCommand;
import org.rotunda.node.client.DrainCommand;
import org.rotunda.node.client.EraseCommand;
import org.rotunda.node.client.KeyCommand;
import org.rotunda.node.client.ParticipantCommand;
import org.rotunda.node.client.RoomCommand;
import org.rotunda.node.client.UndrainCommand;
import org.rotunda.node.client.WhyCommand;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: {@code rotunda dev | node | check | account | key | room | participant | callback | erase | drain |
 * undrain | version | help}. The script {@code bin/rotunda} has further commands in a checkout of the sources.
 */
@Command(
        name = "rotunda",
        description = "A self-hosted video-rooms platform.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DevCommand.class,
            NodeCommand.class,
            CheckCommand.class,
            AccountCommand.class,
            KeyCommand.class,
            RoomCommand.class,
            ParticipantCommand.class,
            WhyCommand.class,
            CallbackCommand.class,
            EraseCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    /** The exit code for a configuration that cannot be used. For a bad command line, picocli exits with 2. */
    static final int EXIT_CONFIGURATION = 78; // EX_CONFIG of sysexits.h

    /**
     * The property for the sampling interval of Netty's leak detection, in buffers. Netty's default of 128 took 4.5 %
     * of the media loops' time when each packet was forwarded to 50 subscribers. With {@link #LEAK_SAMPLING_DEFAULT}, a
     * leak on a packet's path is still found within a second (ADR 7).
     */
    private static final String LEAK_SAMPLING = "io.netty.leakDetection.samplingInterval";

    private static final int LEAK_SAMPLING_DEFAULT = 4_096;

    private Main() {}

    public static void main(String[] arguments) {
        if (System.getProperty(LEAK_SAMPLING) == null) {
            // The property must be set before Netty is loaded.
            System.setProperty(LEAK_SAMPLING, Integer.toString(LEAK_SAMPLING_DEFAULT));
        }
        StopSignals.handle();
        int exitCode = commandLine().execute(arguments);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
            log.stop(); // Flushes the log.
        }
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        showVersion(line);
        return line;
    }

    /** Makes {@code --version} of every command print the version, also in packages that do not know it. */
    private static void showVersion(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Main::showVersion);
    }
}
