package org.rotunda.node;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.NodeSettings;
import org.rotunda.room.readmodel.DatabaseConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code rotunda check -c FILE}: reads a configuration as a node would. Reports its faults, or the roles, database and
 * ports of such a node. Starts nothing.
 */
@Command(
        name = "check",
        description = "Checks a configuration and its ports, reports every fault; starts nothing.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "-c", paramLabel = "FILE", required = true, description = "The configuration (HOCON).")
    private Path file = Path.of("rotunda.conf");

    @Option(
            names = "--no-ports",
            description =
                    "Looks neither at ports nor at certificates: for the file of another machine, or of a node that"
                            + " runs.")
    private boolean noPorts;

    @Override
    public Integer call() {
        return options.withFile(file, !noPorts, configuration -> {
            System.out.println("ok: " + describe(configuration));
            return 0;
        });
    }

    private static String describe(NodeConfiguration configuration) {
        Config config = configuration.complete();
        NodeSettings settings = configuration.settings();
        return "roles " + settings.roles() + ", "
                + (settings.dev() ? "dev" : "production") + " mode, "
                + settings.cluster().describe()
                + ", database "
                + (DatabaseConfig.isEmbedded(config.getConfig("rotunda.db")) ? "embedded" : "PostgreSQL")
                + http(HttpSettings.from(config))
                + ", media " + settings.media().bind() + ":"
                + settings.media().port() + " with "
                + settings.media().loops() + " loops";
    }

    private static String http(HttpSettings http) {
        return (http.hasPlainPort() ? ", http " + http.host() + ":" + http.port() : "")
                + http.tls()
                        .map(tls -> ", https " + http.host() + ":" + tls.port())
                        .orElse("");
    }
}
