package org.rotunda.node;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.rotunda.node.turn.DevTurnServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rotunda node -c FILE}: runs a deployed node with the roles that its file names. */
@Command(
        name = "node",
        description = "Runs a node as its configuration says.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class NodeCommand implements Callable<Integer> {
    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Mixin
    private final StartOptions start = new StartOptions();

    @Option(names = "-c", paramLabel = "FILE", required = true, description = "The configuration (HOCON).")
    private Path file = Path.of("rotunda.conf");

    @Override
    public Integer call() {
        return options.withFile(file, true, configuration -> {
            Config config = configuration.complete();
            Console console = Console.take(config);
            try (DevTurnServer turn = DevTurnServer.start(config)) {
                return NodeProcess.run(
                        turn.configure(config), node -> console.say(ReadyLine.forNode(node)), start.untilReady());
            }
        });
    }
}
