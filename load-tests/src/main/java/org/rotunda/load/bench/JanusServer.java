package org.rotunda.load.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.rotunda.load.bot.BotFleet;
import org.rotunda.load.bot.Guest;
import org.rotunda.load.bot.GuestSettings;
import org.rotunda.load.bot.Publishing;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.client.Ports;
import org.rotunda.load.janus.JanusGuest;
import org.rotunda.load.janus.JanusSession;

/**
 * A Janus gateway that the user has installed, with the plugin VideoRoom and nothing else, set up to forward as cheaply
 * as it can; {@code docs/peers.md} names each setting. Main thread only.
 */
final class JanusServer implements BenchServer {
    private static final String HOST = "127.0.0.1";
    private static final Duration ASK = Duration.ofSeconds(5);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);
    private static final long ROOM = 1;
    private static final Metrics NO_METRICS = new Metrics(Map.of());

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

    private final BenchOptions options;
    private final ServerProcess process;
    private final JanusSession session;
    private CompletionStage<Guest> publisher =
            CompletableFuture.failedStage(new IllegalStateException("the scenario's first seat publishes no video"));

    private JanusServer(BenchOptions options, ServerProcess process, JanusSession session) {
        this.options = options;
        this.process = process;
        this.session = session;
    }

    /** Starts the gateway of the option {@code --peer-command} and returns when it is ready. */
    static JanusServer start(BenchOptions options, Path directory) throws IOException {
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
        HttpClient http = HttpClient.newBuilder().connectTimeout(ASK).build();
        ServerProcess process = ServerProcess.start(
                List.of(
                        options.peerCommand(),
                        "--configs-folder=" + configuration.toAbsolutePath(),
                        "--disable-colors"),
                Map.of(),
                directory,
                "janus.log",
                () -> isReady(http, URI.create(base + "/info")));
        boolean started = false;
        try {
            JanusSession session = JanusSession.create(base)
                    .toCompletableFuture()
                    .orTimeout(FIRST_ANSWER.toSeconds(), TimeUnit.SECONDS)
                    .join();
            started = true;
            return new JanusServer(options, process, session);
        } finally {
            if (!started) {
                process.close();
            }
        }
    }

    private static boolean isReady(HttpClient http, URI information) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(information).timeout(ASK).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) { // A server that starts refuses connections.
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    @Override
    public Door door(BotFleet fleet) {
        return seat -> join(fleet, seat);
    }

    /** Joins a publisher at once, and a viewer when the publisher is in: Janus knows no feed before. */
    private CompletionStage<Visit> join(BotFleet fleet, Seat seat) {
        GuestSettings settings = new GuestSettings(
                seat.identity(),
                new JanusGuest(session, ROOM),
                seat.publishing().video(),
                options.feedback());
        CompletionStage<Guest> joined;
        if (seat.publishing().video() == Publishing.Video.NONE) {
            joined = publisher.thenCompose(published -> fleet.visit(settings));
        } else {
            publisher = fleet.visit(settings);
            joined = publisher;
        }
        return joined.thenApply(guest -> new Visit(guest.times(), guest.leave()));
    }

    /** Does nothing: the room of the configuration has no limit of viewers. */
    @Override
    public void createRoom(String name, int participantsMax) {}

    @Override
    public NodeSample sample() throws IOException {
        return new NodeSample(System.nanoTime(), process.usage(), NO_METRICS);
    }

    @Override
    public Map<Figure, Double> figures(NodeSample begin, NodeSample end) {
        return RunFigures.ofProcess(begin, end);
    }

    @Override
    public OptionalDouble liveHeapBytes() {
        return OptionalDouble.empty();
    }

    /** Returns nothing: the profiler reads only JVMs. */
    @Override
    public Optional<Profiler> profile() {
        return Optional.empty();
    }

    /** Returns false: Janus 1.x sends each datagram by itself. */
    @Override
    public boolean isSegmenting() {
        return false;
    }

    @Override
    public void close() {
        session.close();
        process.close();
    }
}
