package org.rotunda.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.config.PortCheck;
import picocli.CommandLine.Option;

/** The options that all commands share. Also reports the faults of a configuration. */
final class ConfigurationOptions {
    @Option(names = "--set", paramLabel = "key=value", description = "Overrides a configuration key; may be repeated.")
    private final Map<String, String> overrides = new LinkedHashMap<>();

    /** Runs the action with the built-in developer configuration. */
    int withDev(ToIntFunction<NodeConfiguration> action) {
        return with(NodeConfiguration.readDev(overrides), true, action);
    }

    /**
     * Runs the action with a deployed file.
     *
     * @param looksAtMachine true if on this machine the ports must be free and the files there that the configuration
     *     names
     */
    int withFile(Path file, boolean looksAtMachine, ToIntFunction<NodeConfiguration> action) {
        return with(NodeConfiguration.readFile(file, overrides), looksAtMachine, action);
    }

    /** Reports all faults on standard error, one line for each fault. Runs the action only if there are no faults. */
    private static int with(
            NodeConfiguration configuration, boolean looksAtMachine, ToIntFunction<NodeConfiguration> action) {
        List<String> unusable = new ArrayList<>(configuration.faults());
        if (looksAtMachine) {
            unusable.addAll(configuration.fileFaults());
        }
        List<String> taken = looksAtMachine ? PortCheck.faults(configuration.ports()) : List.of();
        unusable.forEach(ConfigurationOptions::report);
        taken.forEach(ConfigurationOptions::report);
        if (!unusable.isEmpty()) {
            return Main.EXIT_CONFIGURATION;
        }
        return taken.isEmpty() ? action.applyAsInt(configuration) : NodeProcess.EXIT_UNAVAILABLE;
    }

    private static void report(String fault) {
        System.err.println("rotunda: " + fault);
    }
}
