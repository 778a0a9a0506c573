package org.rotunda.load.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.rotunda.load.client.Ports;
import org.rotunda.load.janus.JanusGuest;
import org.rotunda.load.janus.JanusSession;
import org.rotunda.media.testkit.PeerOptions.Announcement;

/**
 * A Janus gateway that the user has installed, with the plugin VideoRoom and nothing else, set up to forward as cheaply
 * as it can; {@code docs/peers.md} names each setting.
 */
final class JanusServer {
    private static final String HOST = "127.0.0.1";
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);
    private static final long ROOM = 1;

    private static final String GATEWAY = """
            general: {
              configs_folder = "%s"
              debug_level = 3
              event_loops = %d
            }
            media: { ipv6 = false }
            nat: { ice_lite = true }
            plugins: { disable = "%s" }
            transports: { disable = "%s" }
            loggers: { disable = "libjanus_jsonlog.so" }
            events: { broadcast = false }
            """;

    private static final String OTHER_PLUGINS = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_recordplay.so,"
            + "libjanus_sip.so,libjanus_nosip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,"
            + "libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so";
    private static final String OTHER_TRANSPORTS =
            "libjanus_websockets.so,libjanus_rabbitmq.so,libjanus_pfunix.so," + "libjanus_mqtt.so,libjanus_nanomsg.so";

    private static final String HTTP = """
            general: { json = "compact", base_path = "/janus", http = true, port = %d, ip = "%s", https = false }
            admin: { admin_http = false }
            """;

    private static final String VIDEO_ROOM = """
            room-%d: {
              description = "bench"
              publishers = 10
              bitrate = 0
              fir_freq = 0
              videocodec = "vp8"
              notify_joining = false
              transport_wide_cc_ext = true
              videoorient_ext = false
              playoutdelay_ext = false
              record = false
            }
            """;

    private JanusServer() {}

    /** Starts the gateway of the option {@code --peer-command} and returns when it is ready. */
    static BenchServer start(BenchOptions options, Path directory) throws IOException {
        Path configuration = Files.createDirectories(directory.resolve("janus"));
        int port = Ports.free();
        Files.writeString(
                configuration.resolve("janus.jcfg"),
                GATEWAY.formatted(
                        configuration.toAbsolutePath(),
                        Runtime.getRuntime().availableProcessors(),
                        OTHER_PLUGINS,
                        OTHER_TRANSPORTS));
        Files.writeString(configuration.resolve("janus.transport.http.jcfg"), HTTP.formatted(port, HOST));
        Files.writeString(configuration.resolve("janus.plugin.videoroom.jcfg"), VIDEO_ROOM.formatted(ROOM));
        URI base = URI.create("http://" + HOST + ":" + port + "/janus");
        ServerProcess process = ServerProcess.start(
                List.of(
                        options.peerCommand(),
                        "--configs-folder=" + configuration.toAbsolutePath(),
                        "--disable-colors"),
                Map.of(),
                directory,
                "janus.log",
                new HttpReadiness(URI.create(base + "/info")));
        boolean started = false;
        try {
            JanusSession session = JanusSession.create(base)
                    .toCompletableFuture()
                    .orTimeout(FIRST_ANSWER.toSeconds(), TimeUnit.SECONDS)
                    .join();
            started = true;
            return new PeerServer(
                    process,
                    fleet -> new GuestDoor(
                            fleet, seat -> new JanusGuest(session, ROOM), Announcement.SSRC, options.feedback()),
                    session::close);
        } finally {
            if (!started) {
                process.close();
            }
        }
    }
}
