package org.rotunda.node.config;

import com.typesafe.config.Config;
import java.util.Set;
import java.util.stream.Collectors;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.room.readmodel.DatabaseConfig;

/**
 * The keys under {@code rotunda.node}, {@code rotunda.cluster}, {@code rotunda.management} and {@code rotunda.media}, read and
 * checked once; {@code reference.conf} says what each means.
 */
public record NodeSettings(
        Set<NodeRole> roles, boolean dev, ClusterSettings cluster, Endpoint management, MediaSettings media) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

    public NodeSettings {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("rotunda.node.roles must name at least one role");
        }
        if (media.bind().equals("0.0.0.0") && media.advertise().isEmpty()) {
            throw new IllegalArgumentException(
                    "rotunda.media.bind = 0.0.0.0 needs rotunda.media.advertise: clients cannot be told"
                            + " \"everywhere\"");
        }
    }

    public static NodeSettings from(Config rotunda) {
        Set<NodeRole> roles =
                rotunda.getStringList("node.roles").stream().map(NodeRole::of).collect(Collectors.toUnmodifiableSet());
        boolean dev = switch (rotunda.getString("node.mode")) {
            case "dev" -> true;
            case "production" -> false;
            default ->
                throw new IllegalArgumentException(
                        "rotunda.node.mode is dev or production, not: " + rotunda.getString("node.mode"));
        };
        NodeSettings settings = new NodeSettings(
                roles,
                dev,
                ClusterSettings.from(rotunda.getConfig("cluster")),
                Endpoint.from(rotunda.getConfig("management")),
                mediaSettings(rotunda.getConfig("media")));
        if (settings.cluster().isShared() && DatabaseConfig.isEmbedded(rotunda.getConfig("db"))) {
            throw new IllegalArgumentException(
                    "rotunda.cluster.seeds or rotunda.cluster.discovery is set, but rotunda.db.url is an embedded"
                            + " database, which nodes cannot share: use PostgreSQL");
        }
        if (dev) {
            requireLoopback("rotunda.http.host", rotunda.getString("http.host"));
            requireLoopback("rotunda.management.host", settings.management().host());
            requireLoopback("rotunda.cluster.host", settings.cluster().self().host());
            requireLoopback("rotunda.media.bind", settings.media().bind());
        }
        return settings;
    }

    private static MediaSettings mediaSettings(Config media) {
        int loops = media.getInt("loops");
        return new MediaSettings(
                media.getString("bind"),
                media.getInt("port"),
                loops == 0 ? Runtime.getRuntime().availableProcessors() : loops,
                media.getStringList("advertise"),
                media.getInt("transports-max"),
                media.getBoolean("native-transport"),
                media.getBoolean("segmentation"),
                media.getDuration("abandoned-after"));
    }

    private static void requireLoopback(String key, String host) {
        if (!LOOPBACK.contains(host)) {
            throw new IllegalArgumentException(
                    key + " must be loopback in dev mode, whose credentials everybody knows: " + host);
        }
    }
}
