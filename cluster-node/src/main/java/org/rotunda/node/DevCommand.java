package org.rotunda.node;

import com.typesafe.config.Config;
import java.util.concurrent.Callable;
import org.rotunda.node.turn.DevTurnServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code rotunda dev}: runs every role in one process, with publicly known credentials. Everything but media is on
 * loopback.
 */
@Command(
        name = "dev",
        description = "Runs everything in one process on this machine, for trying out and developing.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DevCommand implements Callable<Integer> {
    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Mixin
    private final StartOptions start = new StartOptions();

    @Override
    public Integer call() {
        return options.withDev(configuration -> {
            Config config = configuration.complete();
            Console console = Console.take(config);
            try (DevTurnServer turn = DevTurnServer.start(config)) {
                return NodeProcess.run(
                        turn.configure(config),
                        node -> console.say(ReadyLine.forDev(node, turn, config)),
                        start.untilReady());
            }
        });
    }
}
