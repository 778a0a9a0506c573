package org.rotunda.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rotunda.gateway.account.AccountSettings;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.callback.CallbackSettings;
import org.rotunda.gateway.connection.SessionSettings;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.gateway.rest.RestSettings;
import org.rotunda.gateway.tls.CertificateKeeper;
import org.rotunda.gateway.tls.TlsSettings;
import org.rotunda.gateway.tls.UnusableCertificateException;
import org.rotunda.gateway.turn.TurnSettings;
import org.rotunda.room.nodewatch.WatchSettings;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.readmodel.HousekeepingSettings;
import org.rotunda.room.readmodel.RoomConfig;

/**
 * The configuration of one node, as read. It is either complete, or has a list of all its faults. This class also
 * derives keys of libraries from keys of Rotunda.
 */
public final class NodeConfiguration {
    /** The command-line option that overrides a key. Messages name this option in place of a file. */
    static final String SET_OPTION = "--set";

    /**
     * How much longer the phase of the shutdown in which the node is drained may take than the drain itself: the time
     * that clients have to follow the last moves, and some seconds more.
     */
    private static final Duration DRAIN_MARGIN = Duration.ofSeconds(15);

    private final Optional<Config> complete;
    private final Optional<NodeSettings> settings;
    private final List<ListeningPort> ports;
    private final List<String> faults;

    private NodeConfiguration(
            Optional<Config> complete,
            Optional<NodeSettings> settings,
            List<ListeningPort> ports,
            List<String> faults) {
        this.complete = complete;
        this.settings = settings;
        this.ports = ports;
        this.faults = faults;
    }

    /** Reads the built-in developer settings and applies the {@code key=value} overrides. */
    public static NodeConfiguration readDev(Map<String, String> overrides) {
        return read(ConfigFactory.parseResources("dev.conf"), overrides, new FaultList());
    }

    /** Reads a deployed file and applies the overrides. A missing file is a fault. */
    public static NodeConfiguration readFile(Path file, Map<String, String> overrides) {
        FaultList faults = new FaultList();
        Config own = parse(file, faults);
        return faults.isEmpty() ? read(own, overrides, faults) : unreadable(faults);
    }

    /**
     * Returns the complete developer configuration.
     *
     * @throws ConfigurationFaults if it cannot be used
     */
    public static Config dev(Map<String, String> overrides) {
        return readDev(overrides).complete();
    }

    /**
     * Returns the complete configuration of a deployed file.
     *
     * @throws ConfigurationFaults if it cannot be used
     */
    public static Config file(Path file, Map<String, String> overrides) {
        return readFile(file, overrides).complete();
    }

    /** Returns all faults, one sentence for each; empty if the configuration can be used. */
    public List<String> faults() {
        return faults;
    }

    /** Returns the ports that the node would listen on; empty if the settings for them cannot be read. */
    public List<ListeningPort> ports() {
        return ports;
    }

    /**
     * Reads the files that a node needs at its start, and returns a sentence for each that cannot be used. Reports
     * nothing if the configuration itself has faults.
     */
    public List<String> fileFaults() {
        if (complete.isEmpty() || !settings().roles().contains(NodeRole.GATEWAY)) {
            return List.of();
        }
        Optional<TlsSettings> tls = HttpSettings.from(complete.get()).tls();
        try {
            if (tls.isPresent()) {
                CertificateKeeper.check(tls.get());
            }
            return List.of();
        } catch (UnusableCertificateException unusable) {
            return List.of(String.valueOf(unusable.getMessage()));
        }
    }

    /**
     * Returns the configuration to start a node with.
     *
     * @throws ConfigurationFaults if there are faults
     */
    public Config complete() {
        return complete.orElseThrow(() -> new ConfigurationFaults(faults));
    }

    /**
     * Returns the settings of the node.
     *
     * @throws ConfigurationFaults if they could not be read
     */
    public NodeSettings settings() {
        return settings.orElseThrow(() -> new ConfigurationFaults(faults));
    }

    private static Config parse(Path file, FaultList faults) {
        try {
            if (!Files.isDirectory(file) && Files.isReadable(file)) {
                return ConfigFactory.parseFile(
                        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            }
            String reason = !Files.exists(file) ? "does not exist" : "is not a file that this user can read";
            faults.add("", "the configuration " + file + " " + reason);
        } catch (ConfigException unreadable) {
            faults.add("", String.valueOf(unreadable.getMessage()));
        }
        return ConfigFactory.empty();
    }

    private static Config parse(Map<String, String> overrides, FaultList faults) {
        Config all = ConfigFactory.empty();
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            try {
                Config one = ConfigFactory.parseString(
                        override.getKey() + "=" + override.getValue(),
                        ConfigParseOptions.defaults().setOriginDescription(SET_OPTION));
                all = one.withFallback(all);
            } catch (ConfigException refused) { // The exception's message would quote the value, which may be a secret.
                faults.add(
                        override.getKey(),
                        SET_OPTION + " " + override.getKey() + ": the value is not valid HOCON; put it in quotes: "
                                + SET_OPTION + " '" + override.getKey() + "=\"…\"'");
            }
        }
        return all;
    }

    private static NodeConfiguration read(Config own, Map<String, String> overrides, FaultList faults) {
        Config top = parse(overrides, faults).withFallback(own);
        Config reference = ConfigFactory.defaultReferenceUnresolved();
        Config whole;
        try {
            whole = top.withFallback(reference).resolve();
        } catch (ConfigException unresolved) {
            faults.add("", String.valueOf(unresolved.getMessage()));
            return unreadable(faults);
        }
        Set<String> libraries = reference.root().keySet();
        new KeyCheck(faults).check(whole.root(), libraries, own.root().keySet());
        Optional<NodeSettings> settings = readSettings(whole, faults);
        Optional<Config> complete = settings.isPresent() && faults.isEmpty()
                ? Optional.of(complete(top, settings.get()))
                : Optional.empty();
        List<ListeningPort> ports = settings.isPresent() && !faults.touches("rotunda.http")
                ? settings.get().listeningPorts(HttpSettings.from(whole))
                : List.of();
        return new NodeConfiguration(complete, settings, ports, faults.messages());
    }

    private static NodeConfiguration unreadable(FaultList faults) {
        return new NodeConfiguration(Optional.empty(), Optional.empty(), List.of(), faults.messages());
    }

    /** Lets every module read its own settings, and so check its rules that involve several keys. */
    private static Optional<NodeSettings> readSettings(Config whole, FaultList faults) {
        if (!(whole.root().get(KnownKeys.ROOT) instanceof ConfigObject section)) {
            return Optional.empty(); // KeyCheck has already reported this fault.
        }
        Config rotunda = section.toConfig();
        SettingsReader reader = new SettingsReader(faults);
        reader.read("rotunda.cluster", () -> ClusterSettings.from(rotunda.getConfig("cluster")));
        reader.read("rotunda.cluster", () -> WatchSettings.from(rotunda));
        reader.read("rotunda.drain", () -> DrainSettings.from(rotunda.getConfig("drain")));
        reader.read("rotunda.media", () -> NodeSettings.mediaSettings(rotunda.getConfig("media")));
        reader.read("rotunda.media", () -> AdvertiseSettings.from(rotunda), "rotunda.kubernetes");
        reader.read("rotunda.http", () -> HttpSettings.from(whole));
        reader.read(
                "rotunda.http",
                () -> RestSettings.from(whole),
                "rotunda.region",
                "rotunda.rooms.group",
                "rotunda.rooms.simulate-recording");
        reader.read("rotunda.turn", () -> TurnSettings.from(whole));
        reader.read("rotunda.signaling", () -> SessionSettings.from(whole), "rotunda.region", "rotunda.turn");
        reader.read("rotunda.callbacks", () -> CallbackSettings.from(whole));
        reader.read("rotunda.accounts", () -> Accounts.from(whole.getConfigList("rotunda.accounts")));
        reader.read("rotunda.account-store", () -> AccountSettings.from(whole));
        reader.read("rotunda.rooms", () -> RoomSettings.from(rotunda), "rotunda.region");
        reader.read("rotunda.housekeeping", () -> HousekeepingSettings.from(rotunda));
        return reader.read(
                "rotunda.node",
                () -> NodeSettings.from(rotunda),
                "rotunda.cluster",
                "rotunda.management",
                "rotunda.drain",
                "rotunda.media",
                "rotunda.kubernetes",
                "rotunda.db.url",
                "rotunda.http.host",
                "rotunda.http.dev-token",
                "rotunda.rooms.simulate-recording",
                "rotunda.turn.dev-server");
    }

    /** Adds the defaults, and the library keys that follow from keys of Rotunda. */
    private static Config complete(Config top, NodeSettings settings) {
        Config pekko = ConfigFactory.parseResources("rotunda-node-pekko.conf");
        Config ours = settings.cluster().isShared()
                ? pekko
                : ConfigFactory.parseResources("rotunda-lone-pekko.conf").withFallback(pekko);
        Config merged = RoomConfig.complete(top.withFallback(ours));
        Endpoint management = settings.management();
        List<String> roles =
                settings.roles().stream().map(NodeRole::wireName).sorted().toList();
        Duration drained = settings.drain()
                .timeMaxOf(settings.roles())
                .plus(settings.drain().deregisterAfter())
                .plus(DRAIN_MARGIN);
        Config derived = ConfigFactory.parseMap(Map.of(
                        "pekko.management.http.hostname", management.host(),
                        "pekko.management.http.port", management.port(),
                        "pekko.coordinated-shutdown.phases.before-service-unbind.timeout", drained))
                .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(roles));
        return derived.withFallback(settings.cluster().pekkoSettings()).withFallback(merged);
    }
}
