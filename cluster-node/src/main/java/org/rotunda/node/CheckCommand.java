package org.rotunda.node;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.rotunda.node.config.NodeSettings;
import org.rotunda.room.readmodel.DatabaseConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rotunda check -c FILE}: reads a configuration as a node would and says what the node would be. Starts nothing. */
@Command(
        name = "check",
        description = "Reads a configuration as a node would, and says what the node would be; starts nothing.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "-c", paramLabel = "FILE", required = true, description = "The configuration (HOCON).")
    private Path file = Path.of("rotunda.conf");

    @Override
    public Integer call() {
        return options.withFile(file, config -> {
            NodeSettings settings = NodeSettings.from(config.getConfig("rotunda"));
            System.out.println("ok: roles " + settings.roles() + ", "
                    + (settings.dev() ? "dev" : "production") + " mode, "
                    + settings.cluster().describe()
                    + ", database "
                    + (DatabaseConfig.isEmbedded(config.getConfig("rotunda.db")) ? "embedded" : "PostgreSQL")
                    + ", http " + config.getString("rotunda.http.host") + ":" + config.getInt("rotunda.http.port")
                    + ", media " + settings.media().bind() + ":"
                    + settings.media().port() + " with "
                    + settings.media().loops() + " loops");
            return 0;
        });
    }
}
