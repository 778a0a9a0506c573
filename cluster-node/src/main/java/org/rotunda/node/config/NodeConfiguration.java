package org.rotunda.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rotunda.room.readmodel.RoomConfig;

/** Where a node's configuration comes from, and how the keys of ours reach the libraries' keys. */
public final class NodeConfiguration {
    private NodeConfiguration() {}

    /** {@code rotunda dev}: the built-in developer settings, with {@code key=value} overrides on top. */
    public static Config dev(Map<String, String> overrides) {
        return complete(overrides(overrides).withFallback(ConfigFactory.parseResources("dev.conf")));
    }

    /** {@code rotunda node}: a deployed file; its absence is an error. */
    public static Config file(Path file, Map<String, String> overrides) {
        return complete(overrides(overrides)
                .withFallback(ConfigFactory.parseFile(
                        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))));
    }

    /**
     * That of a node which was a member and was taken for lost: the others go on without it, so it waits for them rather than form
     * another cluster on the same database.
     */
    public static Config rejoining(Config config) {
        ClusterSettings settings =
                NodeSettings.from(config.getConfig("rotunda")).cluster();
        Config waiting = config.withValue(
                "pekko.management.cluster.bootstrap.new-cluster-enabled", ConfigValueFactory.fromAnyRef(false));
        List<String> others = settings.otherSeeds();
        return others.isEmpty()
                ? waiting
                : waiting.withValue("rotunda.cluster.seeds", ConfigValueFactory.fromIterable(others));
    }

    private static Config overrides(Map<String, String> overrides) {
        return ConfigFactory.parseString(overrides.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n")));
    }

    /** Adds the defaults, and tells the libraries what our keys say, so that nobody has to say it twice. */
    private static Config complete(Config own) {
        Config merged = RoomConfig.complete(own.withFallback(ConfigFactory.parseResources("rotunda-node-pekko.conf")));
        NodeSettings settings = NodeSettings.from(merged.getConfig("rotunda"));
        Endpoint management = settings.management();
        List<String> roles =
                settings.roles().stream().map(NodeRole::wireName).sorted().toList();
        Config derived = ConfigFactory.parseMap(Map.of(
                        "pekko.management.http.hostname", management.host(),
                        "pekko.management.http.port", management.port()))
                .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(roles));
        return derived.withFallback(settings.cluster().pekkoSettings()).withFallback(merged);
    }
}
