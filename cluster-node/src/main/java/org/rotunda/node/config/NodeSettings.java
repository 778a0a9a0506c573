package org.rotunda.node.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;
import org.rotunda.room.readmodel.DatabaseConfig;

/**
 * The keys under {@code rotunda.node}, {@code rotunda.cluster}, {@code rotunda.management}, {@code rotunda.media} and
 * {@code rotunda.drain}, read and checked once. {@code reference.conf} describes each key.
 *
 * @param managementToken the token with which other machines may drain this node; empty if they may not
 */
public record NodeSettings(
        Set<NodeRole> roles,
        boolean dev,
        ClusterSettings cluster,
        Endpoint management,
        Optional<String> managementToken,
        MediaSettings media,
        AdvertiseSettings advertise,
        DrainSettings drain) {
    /** The shortest token that nobody guesses. */
    private static final int TOKEN_CHARS_MIN = 16;

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    public NodeSettings {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("rotunda.node.roles must name at least one role");
        }
        if (roles.equals(Set.of(NodeRole.MEDIA)) && cluster.isFirstSeed()) {
            throw new IllegalArgumentException(
                    "rotunda.cluster.seeds names this node first, but a node with the role media alone has no database"
                            + " and so cannot form the cluster: name a node with the role room first");
        }
        if (managementToken.filter(token -> token.length() < TOKEN_CHARS_MIN).isPresent()) {
            throw new IllegalArgumentException(
                    "rotunda.management.token must have at least " + TOKEN_CHARS_MIN + " characters");
        }
        if (advertise.source() == AdvertiseSettings.Source.NODE && media.port() == 0) {
            throw new IllegalArgumentException(
                    "rotunda.media.advertise-from = node tells clients the bound ports, so rotunda.media.port cannot be 0");
        }
        if (media.bind().equals("0.0.0.0")
                && media.advertise().isEmpty()
                && advertise.source() == AdvertiseSettings.Source.LIST) {
            throw new IllegalArgumentException(
                    "rotunda.media.bind = 0.0.0.0 needs rotunda.media.advertise, because clients must be given"
                            + " addresses that they can reach");
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
        AdvertiseSettings advertise = AdvertiseSettings.from(rotunda);
        MediaSettings media = mediaSettings(rotunda.getConfig("media"));
        if (advertise.source() == AdvertiseSettings.Source.ORDINAL) {
            media = media.withAdvertise(AdvertiseSettings.byOrdinal(rotunda, media.loops()));
        }
        NodeSettings settings = new NodeSettings(
                roles,
                dev,
                ClusterSettings.from(rotunda.getConfig("cluster")),
                Endpoint.from(rotunda.getConfig("management")),
                Optional.of(rotunda.getString("management.token")).filter(token -> !token.isEmpty()),
                media,
                advertise,
                DrainSettings.from(rotunda.getConfig("drain")));
        if (settings.usesDatabase()
                && settings.cluster().isShared()
                && DatabaseConfig.isEmbedded(rotunda.getConfig("db"))) {
            throw new IllegalArgumentException(
                    "rotunda.cluster.seeds or rotunda.cluster.discovery is set, but rotunda.db.url is an embedded"
                            + " database, which nodes cannot share: use PostgreSQL");
        }
        if (dev) {
            settings.requireLoopback(rotunda.getString("http.host"));
            settings.requireOneMediaAddress();
        } else if (rotunda.getBoolean("http.dev-token")) {
            throw new IllegalArgumentException("rotunda.http.dev-token = on needs rotunda.node.mode = dev, because it"
                    + " lets everybody who reaches the HTTP port into every room");
        } else if (rotunda.getBoolean("rooms.simulate-recording")) {
            throw new IllegalArgumentException("rotunda.rooms.simulate-recording = on needs rotunda.node.mode = dev,"
                    + " because clients would be told that they are recorded while nothing is recorded");
        } else if (rotunda.getBoolean("turn.dev-server")) {
            throw new IllegalArgumentException(
                    "rotunda.turn.dev-server = on needs rotunda.node.mode = dev, because that"
                            + " server relays between programs of this machine only: name servers of yours in"
                            + " rotunda.turn.urls");
        }
        return settings;
    }

    /** Returns whether this node opens the database. A node with the role media alone opens none. */
    public boolean usesDatabase() {
        return roles.stream().anyMatch(NodeRole.DATABASE_USERS::contains);
    }

    static MediaSettings mediaSettings(Config media) {
        int loops = media.getInt("loops");
        String bind = media.getString("bind");
        return new MediaSettings(
                bind.equals(OwnAddress.OWN) ? OwnAddress.find() : bind,
                media.getInt("port"),
                loops == 0 ? Runtime.getRuntime().availableProcessors() : loops,
                media.getStringList("advertise"),
                media.getInt("transports-max"),
                media.getInt("loop-share"),
                media.getInt("egress-max"),
                media.getInt("packets-max"),
                media.getBoolean("native-transport"),
                media.getBoolean("segmentation"),
                media.getDuration("audio-wait"),
                media.getDuration("abandoned-after"),
                Optional.of(media.getString("congestion-traces"))
                        .filter(directory -> !directory.isEmpty())
                        .map(Path::of),
                mediaTcpSettings(media.getConfig("tcp")));
    }

    private static MediaTcpSettings mediaTcpSettings(Config tcp) {
        String port = tcp.getString("port");
        return new MediaTcpSettings(
                tcp.getBoolean("enabled"),
                port.equals(ValueKinds.SAME) ? OptionalInt.empty() : OptionalInt.of(tcp.getInt("port")),
                tcp.getStringList("advertise"),
                tcp.getInt("connections-max"),
                tcp.getInt("connections-per-address-max"),
                tcp.getInt("accepts-per-second"),
                tcp.getDuration("check-timeout"),
                Math.toIntExact(tcp.getBytes("check-bytes-max")));
    }

    private void requireLoopback(String httpHost) {
        Map<String, String> hosts = new TreeMap<>(Map.of(
                "rotunda.http.host", httpHost,
                "rotunda.management.host", management.host(),
                "rotunda.cluster.host", cluster.self().host()));
        cluster.bindHost().ifPresent(host -> hosts.put("rotunda.cluster.bind-host", host));
        hosts.values().removeIf(LOOPBACK::contains);
        if (!hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "in dev mode, whose credentials are public, these must be addresses of the loopback interface: "
                            + hosts.entrySet().stream()
                                    .map(entry -> entry.getKey() + " = " + entry.getValue())
                                    .collect(Collectors.joining(", ")));
        }
    }

    /**
     * Media may use an address outside loopback, because the public credentials open nothing there. The media sockets
     * answer only clients with ICE credentials, which come over the HTTP port.
     */
    private void requireOneMediaAddress() {
        if (EVERYWHERE.contains(media.bind())) {
            throw new IllegalArgumentException(
                    "in dev mode rotunda.media.bind must be own or one address of this machine, so that nothing else"
                            + " is opened: " + media.bind());
        }
    }

    /**
     * Returns every port that a node with these settings listens on.
     *
     * @param http the settings of REST and signaling; only a gateway opens their ports
     */
    List<ListeningPort> listeningPorts(HttpSettings http) {
        List<ListeningPort> ports = new ArrayList<>();
        if (roles.contains(NodeRole.GATEWAY)) {
            if (http.hasPlainPort()) {
                ports.add(ListeningPort.tcp(
                        "rotunda.http.port", "rotunda.http.host", new Endpoint(http.host(), http.port())));
            }
            http.tls()
                    .ifPresent(tls -> ports.add(ListeningPort.tcp(
                            "rotunda.http.tls.port", "rotunda.http.host", new Endpoint(http.host(), tls.port()))));
        }
        ports.add(ListeningPort.tcp("rotunda.management.port", "rotunda.management.host", management));
        ports.add(ListeningPort.tcp(
                cluster.bindPort().isPresent() ? "rotunda.cluster.bind-port" : "rotunda.cluster.port",
                cluster.bindHost().isPresent() ? "rotunda.cluster.bind-host" : "rotunda.cluster.host",
                new Endpoint(
                        cluster.bindHost().orElse(cluster.self().host()),
                        cluster.bindPort().orElse(cluster.self().port()))));
        cluster.lifeline()
                .ifPresent(lifeline -> ports.add(ListeningPort.tcp(
                        "rotunda.cluster.lifeline-port",
                        cluster.bindHost().isPresent() ? "rotunda.cluster.bind-host" : "rotunda.cluster.host",
                        lifeline)));
        if (roles.contains(NodeRole.MEDIA)) {
            for (int loop = 0; loop < media.loops(); loop++) {
                int port = media.port() == 0 ? 0 : media.port() + loop;
                ports.add(ListeningPort.udp(
                        "rotunda.media.port", "rotunda.media.bind", new Endpoint(media.bind(), port)));
                if (media.tcp().enabled()) {
                    int tcpPort = media.tcp().port().orElse(media.port());
                    ports.add(ListeningPort.tcp(
                            media.tcp().port().isEmpty() ? "rotunda.media.port" : "rotunda.media.tcp.port",
                            "rotunda.media.bind",
                            new Endpoint(media.bind(), tcpPort == 0 ? 0 : tcpPort + loop)));
                }
            }
        }
        return List.copyOf(ports);
    }
}
