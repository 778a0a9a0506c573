package org.rotunda.load.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.rotunda.load.client.Ports;
import org.rotunda.load.livekit.LiveKitGuest;
import org.rotunda.load.livekit.LiveKitRoom;
import org.rotunda.media.testkit.PeerOptions.Announcement;

/**
 * A LiveKit server that the user has installed, alone and without TURN, set up to forward as cheaply as it can; {@code
 * docs/peers.md} names each setting.
 */
final class LiveKitServer {
    private static final String HOST = "127.0.0.1";
    private static final String KEY = "bench";
    private static final String SECRET = "bench-secret-for-one-run-on-this-machine"; // At least 32 characters.

    private static final String CONFIGURATION = """
            port: %d
            bind_addresses: [%s]
            keys: { %s: %s }
            logging: { level: warn, pion_level: error }
            rtc:
              udp_port: %s
              tcp_port: 0
              use_ice_lite: true
              node_ip: %2$s
              ips: { includes: [%2$s/32] }
              enable_loopback_candidate: true
              allow_tcp_fallback: false
              congestion_control: { enabled: %6$b, use_send_side_bwe: %6$b }
            room:
              enabled_codecs: [{ mime: video/vp8 }, { mime: video/rtx }]
            turn: { enabled: false }
            """;

    private LiveKitServer() {}

    /** Starts the server of the option {@code --peer-command} and returns when it is ready. */
    static BenchServer start(BenchOptions options, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path configuration = directory.resolve("livekit.yaml");
        int cores = Runtime.getRuntime().availableProcessors();
        int port = Ports.free();
        Files.writeString(
                configuration, CONFIGURATION.formatted(port, HOST, KEY, SECRET, mediaPorts(cores), options.feedback()));
        ServerProcess process = ServerProcess.start(
                List.of(
                        options.peerCommand(),
                        "--config",
                        configuration.toAbsolutePath().toString()),
                Map.of("GOMAXPROCS", Integer.toString(cores)),
                directory,
                "livekit.log",
                new HttpReadiness(URI.create("http://" + HOST + ":" + port + "/")));
        LiveKitRoom room = new LiveKitRoom(URI.create("ws://" + HOST + ":" + port), "fanout", KEY, SECRET);
        return new PeerServer(
                process,
                fleet -> new GuestDoor(
                        fleet, seat -> new LiveKitGuest(room, seat.identity()), Announcement.MID, options.feedback()),
                room::close);
    }

    /** Returns a range of free ports, one for each core, as LiveKit's sample configuration recommends. */
    private static String mediaPorts(int cores) {
        int first = Ports.free();
        int last = first;
        while (last - first < cores - 1) {
            int next = Ports.free();
            first = next == last + 1 ? first : next;
            last = next;
        }
        return cores == 1 ? Integer.toString(first) : first + "-" + last;
    }
}
