package org.rotunda.node.config;

import static org.rotunda.node.config.ValueKinds.accepted;
import static org.rotunda.node.config.ValueKinds.address;
import static org.rotunda.node.config.ValueKinds.addressAndPort;
import static org.rotunda.node.config.ValueKinds.addressAndPortOrEmpty;
import static org.rotunda.node.config.ValueKinds.addressOrEmpty;
import static org.rotunda.node.config.ValueKinds.addressOrOwn;
import static org.rotunda.node.config.ValueKinds.bytes;
import static org.rotunda.node.config.ValueKinds.duration;
import static org.rotunda.node.config.ValueKinds.durationAboveZero;
import static org.rotunda.node.config.ValueKinds.listOf;
import static org.rotunda.node.config.ValueKinds.matching;
import static org.rotunda.node.config.ValueKinds.number;
import static org.rotunda.node.config.ValueKinds.onOrOff;
import static org.rotunda.node.config.ValueKinds.oneOf;
import static org.rotunda.node.config.ValueKinds.oneOfInAnyCase;
import static org.rotunda.node.config.ValueKinds.port;
import static org.rotunda.node.config.ValueKinds.portOrEmpty;
import static org.rotunda.node.config.ValueKinds.portOrSame;
import static org.rotunda.node.config.ValueKinds.secret;
import static org.rotunda.node.config.ValueKinds.secretMatching;
import static org.rotunda.node.config.ValueKinds.secretOrEmpty;
import static org.rotunda.node.config.ValueKinds.text;
import static org.rotunda.node.config.ValueKinds.textOrEmpty;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.rotunda.gateway.turn.IceUrl;
import org.rotunda.gateway.turn.TurnSettings;
import org.rotunda.room.protocol.BandwidthSettings;
import org.rotunda.room.protocol.ClientLimits;

/**
 * Every key under {@code rotunda}, with the values that it may have. A test compares the keys with the
 * {@code reference.conf} of all modules, and the values with {@code docs/configuration.md}. The settings records check
 * rules that involve several keys.
 */
final class KnownKeys {
    static final String ROOT = "rotunda";

    /** The kind of value of each key. The keys include the prefix {@code rotunda.} */
    static final Map<String, ValueKind> KINDS = kinds();

    private KnownKeys() {}

    private static Map<String, ValueKind> kinds() {
        Map<String, ValueKind> kinds = new TreeMap<>();
        kinds.put("region", text());
        kinds.put("accounts", listOf(account()));
        kinds.put("account-store.secrets-keys", listOf(secretMatching("64 hex digits", "[0-9a-fA-F]{64}")));
        kinds.put("account-store.refresh", durationAboveZero());
        kinds.put("account-store.subaccounts-max", number(0));
        kinds.put("account-store.keys-max", number(0));
        kinds.put("log.format", oneOf("json", "text"));
        node(kinds);
        media(kinds);
        kubernetes(kinds);
        http(kinds);
        signaling(kinds);
        turn(kinds);
        callbacks(kinds);
        limits(kinds);
        insights(kinds);
        rooms(kinds);
        housekeeping(kinds);
        database(kinds);
        Map<String, ValueKind> whole = new TreeMap<>();
        kinds.forEach((key, kind) -> whole.put(ROOT + "." + key, kind));
        return Map.copyOf(whole);
    }

    private static void node(Map<String, ValueKind> kinds) {
        kinds.put("node.roles", listOf(oneOf("gateway", "room", "media")));
        kinds.put("node.mode", oneOf("dev", "production"));
        kinds.put("management.host", address());
        kinds.put("management.port", port());
        kinds.put("management.token", secretOrEmpty());
        kinds.put("drain.time-max", duration("1 s"));
        kinds.put("drain.media-time-max", duration("1 s"));
        kinds.put("drain.permit-wait-max", duration("0 s"));
        kinds.put("drain.deregister-after", duration("0 s"));
        kinds.put("cluster.host", address());
        kinds.put("cluster.port", port());
        kinds.put("cluster.bind-host", addressOrEmpty());
        kinds.put("cluster.bind-port", portOrEmpty());
        kinds.put("cluster.seeds", listOf(addressAndPort()));
        kinds.put("cluster.join-timeout", durationAboveZero());
        kinds.put("cluster.refused-is-lost", onOrOff());
        kinds.put("cluster.lifeline-port", port());
        kinds.put("cluster.beat-interval", durationAboveZero());
        kinds.put("cluster.node-lost-after", durationAboveZero());
        kinds.put("cluster.discovery.method", oneOf("none", "kubernetes"));
        kinds.put("cluster.discovery.service-name", text());
        kinds.put("cluster.discovery.namespace", textOrEmpty());
        kinds.put("cluster.discovery.label-selector", text());
        kinds.put("cluster.discovery.port-name", text());
        kinds.put("cluster.discovery.contact-points-min", number(1));
    }

    private static void media(Map<String, ValueKind> kinds) {
        kinds.put("media.bind", addressOrOwn());
        kinds.put("media.port", port());
        kinds.put("media.loops", number(0));
        kinds.put("media.advertise", listOf(addressAndPort()));
        kinds.put("media.advertise-from", oneOf("list", "service", "node", "ordinal"));
        kinds.put("media.advertise-service", textOrEmpty());
        kinds.put("media.advertise-timeout", durationAboveZero());
        kinds.put("media.advertise-node", oneOf("external", "internal"));
        kinds.put("media.advertise-first", addressAndPortOrEmpty());
        kinds.put("media.transports-max", number(1));
        kinds.put("media.loop-share", number(1));
        kinds.put("media.egress-max", number(0));
        kinds.put("media.packets-max", number(0));
        kinds.put("media.abandoned-after", duration("30 s"));
        kinds.put("media.native-transport", onOrOff());
        kinds.put("media.segmentation", onOrOff());
        kinds.put("media.audio-wait", duration("0 ms"));
        kinds.put("media.congestion-traces", textOrEmpty());
        kinds.put("media.tcp.enabled", onOrOff());
        kinds.put("media.tcp.port", portOrSame());
        kinds.put("media.tcp.advertise", listOf(addressAndPort()));
        kinds.put("media.tcp.connections-max", number(1));
        kinds.put("media.tcp.connections-per-address-max", number(1));
        kinds.put("media.tcp.accepts-per-second", number(1));
        kinds.put("media.tcp.check-timeout", durationAboveZero());
        kinds.put("media.tcp.check-bytes-max", bytes(1));
    }

    private static void kubernetes(Map<String, ValueKind> kinds) {
        kinds.put("kubernetes.pod-name", textOrEmpty());
        kinds.put("kubernetes.node-name", textOrEmpty());
        kinds.put("kubernetes.node-address", addressOrEmpty());
        kinds.put("kubernetes.namespace", textOrEmpty());
        kinds.put("kubernetes.api-server", matching("https://host[:port], or empty", "(https://[^/?#\\s]+)?"));
        kinds.put("kubernetes.credentials", text());
    }

    private static void http(Map<String, ValueKind> kinds) {
        kinds.put("http.host", address());
        kinds.put("http.port", port());
        kinds.put("http.tls.certificate", textOrEmpty());
        kinds.put("http.tls.key", textOrEmpty());
        kinds.put("http.tls.port", port());
        kinds.put("http.tls.plain-http", oneOf("serve", "redirect", "off"));
        kinds.put("http.tls.reload-interval", durationAboveZero());
        kinds.put(
                "http.trusted-proxies",
                listOf(matching("IP address or range of IP addresses", "[0-9A-Fa-f:.]+(/[0-9]{1,3})?")));
        kinds.put("http.public-url", matching("http(s)://host[:port], or empty", "(https?://[^/?#\\s]+/*)?"));
        kinds.put("http.connections-max", number(1));
        kinds.put("http.form-bytes-max", bytes(1));
        kinds.put("http.room-timeout", durationAboveZero());
        kinds.put("http.answer-timeout", durationAboveZero());
        kinds.put("http.dev-token", onOrOff());
        kinds.put("http.demo-page", onOrOff());
    }

    private static void signaling(Map<String, ValueKind> kinds) {
        kinds.put("signaling.heartbeat", duration("500 ms"));
        kinds.put("signaling.connect-timeout", durationAboveZero());
        kinds.put("signaling.sync-timeout", durationAboveZero());
        kinds.put("signaling.sync-repeat", durationAboveZero());
        kinds.put("signaling.busy-retry", durationAboveZero());
        kinds.put("signaling.away-retry", duration("500 ms"));
        kinds.put("signaling.close-grace", durationAboveZero());
        kinds.put("signaling.queue-frames-max", number(8));
        kinds.put("signaling.queue-chars-max", bytes(1));
        kinds.put("signaling.receive-frames-per-second", number(1));
        kinds.put("signaling.receive-frames-burst", number(8));
        kinds.put("signaling.receive-chars-per-second", bytes(64));
        kinds.put("signaling.receive-chars-burst", bytes(1024));
        kinds.put("signaling.sessions-max", number(1));
        kinds.put("signaling.joins-waiting-max", number(0));
        kinds.put("signaling.join-target", durationAboveZero());
        kinds.put("signaling.ice-servers", listOf(iceServer()));
    }

    private static void turn(Map<String, ValueKind> kinds) {
        kinds.put("turn.urls", listOf(iceUrl()));
        kinds.put("turn.secret", secretOrEmpty());
        kinds.put("turn.ttl", duration(TurnSettings.TTL_MIN.toSeconds() + " s"));
        kinds.put("turn.dev-server", onOrOff());
        kinds.put("turn.dev-port", port());
        kinds.put("turn.dev-directory", text());
    }

    private static void callbacks(Map<String, ValueKind> kinds) {
        kinds.put("callbacks.allow", listOf(target()));
        kinds.put("callbacks.in-flight-max", number(1));
        kinds.put("callbacks.account-in-flight-max", number(1));
        kinds.put("callbacks.poll-interval", durationAboveZero());
        kinds.put("callbacks.claim", durationAboveZero());
        kinds.put("callbacks.connect-timeout", durationAboveZero());
        kinds.put("callbacks.request-timeout", durationAboveZero());
        kinds.put("callbacks.keep", duration("0 s"));
        kinds.put("callbacks.backoff-min", durationAboveZero());
        kinds.put("callbacks.backoff-max", durationAboveZero());
        kinds.put("callbacks.refused-attempts-max", number(1));
        kinds.put("callbacks.failures-keep", duration("0 s"));
    }

    private static void limits(Map<String, ValueKind> kinds) {
        kinds.put("limits.reads-per-second", number(0));
        kinds.put("limits.writes-per-second", number(0));
        kinds.put("limits.connects-per-second", number(0));
        kinds.put("limits.burst", durationAboveZero());
        kinds.put("limits.failures-per-minute", number(0));
        kinds.put("limits.concurrent-rooms", number(0));
        kinds.put("limits.concurrent-participants", number(0));
        kinds.put("limits.concurrent-go-participants", number(0));
        kinds.put("limits.seat-timeout", durationAboveZero());
        kinds.put("limits.seat-renewal", durationAboveZero());
        kinds.put("limits.silence-max", duration("0 s"));
        kinds.put("limits.accounts", listOf(accountLimits()));
    }

    private static void insights(Map<String, ValueKind> kinds) {
        kinds.put("insights.sockets-max", number(0));
        kinds.put("insights.frame-chars-max", bytes(32));
        kinds.put("insights.events-per-second", number(1));
        kinds.put("insights.events-burst", number(1));
        kinds.put("insights.queue-events-max", number(1));
        kinds.put("insights.queue-chars-max", bytes(32));
        kinds.put("insights.room-events-max", number(0));
        kinds.put("insights.account-events-max", number(0));
    }

    private static void rooms(Map<String, ValueKind> kinds) {
        kinds.put("rooms.session-timeout", durationAboveZero());
        kinds.put("rooms.age-max", durationAboveZero());
        kinds.put("rooms.ad-hoc-join-timeout", durationAboveZero());
        kinds.put("rooms.ask-timeout", durationAboveZero());
        kinds.put("rooms.desired-resend", durationAboveZero());
        kinds.put("rooms.desired-resends-max", number(1));
        kinds.put("rooms.passivate-after", durationAboveZero());
        kinds.put("rooms.snapshot-every", number(1));
        kinds.put("rooms.snapshots-kept", number(1));
        kinds.put("rooms.restart-backoff-min", durationAboveZero());
        kinds.put("rooms.restart-backoff-max", durationAboveZero());
        kinds.put("rooms.group.participants-max", number(1, ClientLimits.ROOM_PARTICIPANTS_MAX));
        kinds.put("rooms.simulate-recording", onOrOff());
        kinds.put("rooms.subscription-bitrate-max", number(1));
        kinds.put("rooms.loudest-audio", number(0, BandwidthSettings.LOUDEST_AUDIO_MAX));
        kinds.put("rooms.throttle-publishers", onOrOff());
        kinds.put("rooms.default.type", oneOfInAnyCase("group", "group-small", "peer-to-peer", "go"));
        kinds.put("rooms.default.participants-max", number(1, ClientLimits.ROOM_PARTICIPANTS_MAX));
        kinds.put("rooms.default.participant-duration-max", duration("1 s"));
        kinds.put("rooms.default.video-codecs", listOf(oneOfInAnyCase("VP8", "H264")));
        kinds.put("rooms.default.audio-only", onOrOff());
    }

    private static void housekeeping(Map<String, ValueKind> kinds) {
        kinds.put("housekeeping.journal-keep", duration("0 s"));
        kinds.put("housekeeping.rooms-keep", duration("0 s"));
        kinds.put("housekeeping.participants-keep", duration("0 s"));
        kinds.put("housekeeping.insights-keep", duration("0 s"));
        kinds.put("housekeeping.interval", durationAboveZero());
        kinds.put("housekeeping.first-after", duration("0 s"));
        kinds.put("housekeeping.batch", number(1));
        kinds.put("housekeeping.run-max", number(1));
    }

    private static void database(Map<String, ValueKind> kinds) {
        kinds.put("db.url", secretMatching("jdbc:h2:… or jdbc:postgresql:…", "jdbc:(h2|postgresql):.+"));
        kinds.put("db.user", text());
        kinds.put("db.password", secretOrEmpty());
        kinds.put("db.pool-size", number(1));
        kinds.put("db.journal-pool-size", number(1));
        kinds.put("db.connection-timeout", duration("250 ms")); // The connection pool accepts no shorter time.
        kinds.put("db.statement-timeout", durationAboveZero());
        kinds.put("db.probe-interval", durationAboveZero());
        kinds.put("db.probe-timeout", duration("1 s"));
        kinds.put("db.start-timeout", duration("0 s"));
    }

    private static ValueKind target() {
        return matching("IP address, range of IP addresses, or host name", "[A-Za-z0-9._:-]+(/[0-9]{1,3})?");
    }

    private static ValueKind account() {
        ValueKind key = new ValueKind.Fields(
                "{ sid, secret }",
                Map.of("sid", matching("SK and 32 lower-case hex digits", "SK[0-9a-f]{32}"), "secret", secret()),
                Set.of("sid", "secret"));
        return new ValueKind.Fields(
                "{ sid, auth-tokens, keys }",
                Map.of(
                        "sid", matching("AC and 32 lower-case hex digits", "AC[0-9a-f]{32}"),
                        "auth-tokens", listOf(secret()),
                        "keys", listOf(key)),
                Set.of("sid"));
    }

    private static ValueKind accountLimits() {
        Map<String, ValueKind> fields = new TreeMap<>();
        fields.put("account", matching("AC and 32 lower-case hex digits", "AC[0-9a-f]{32}"));
        for (String limit : List.of(
                "reads-per-second",
                "writes-per-second",
                "connects-per-second",
                "concurrent-rooms",
                "concurrent-participants",
                "concurrent-go-participants")) {
            fields.put(limit, number(0));
        }
        return new ValueKind.Fields("{ account, and its own limits }", Map.copyOf(fields), Set.of("account"));
    }

    private static ValueKind iceServer() {
        return new ValueKind.Fields(
                "{ urls, username, credential }",
                Map.of("urls", listOf(iceUrl()), "username", textOrEmpty(), "credential", secretOrEmpty()),
                Set.of("urls"));
    }

    private static ValueKind iceUrl() {
        return accepted(IceUrl.ALLOWED, url -> IceUrl.parse(url).isPresent());
    }
}
