package org.rotunda.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.rotunda.gateway.GatewaySettings;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.protocol.RoomSettings;
import picocli.CommandLine.Option;

/** The options all commands share, and how a configuration that cannot be used is told. */
final class ConfigurationOptions {
    @Option(names = "--set", paramLabel = "key=value", description = "Overrides a configuration key; may be repeated.")
    private final Map<String, String> overrides = new LinkedHashMap<>();

    /** Runs with the built-in developer configuration. */
    int withDev(ToIntFunction<Config> action) {
        return with(NodeConfiguration::dev, action);
    }

    /** Runs with a deployed file. */
    int withFile(Path file, ToIntFunction<Config> action) {
        return with(settings -> NodeConfiguration.file(file, settings), action);
    }

    /** Everything that reads the configuration reads it before anything is started. */
    private int with(Function<Map<String, String>, Config> source, ToIntFunction<Config> action) {
        Config config;
        try {
            config = source.apply(overrides);
            GatewaySettings.from(config);
            RoomSettings.from(config.getConfig("rotunda"));
        } catch (ConfigException | IllegalArgumentException refused) {
            System.err.println("rotunda: " + refused.getMessage());
            return Main.EXIT_CONFIGURATION;
        }
        System.setProperty("rotunda.log.format", config.getString("rotunda.log.format"));
        return action.applyAsInt(config);
    }
}
