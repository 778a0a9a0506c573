package org.rotunda.node.turn;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.node.config.NodeSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TURN server that a node in dev mode starts beside itself: a coturn on loopback, with a secret that lasts as long
 * as this object. A node without it has calls too, but no clients that only take relays. Closed after the node.
 */
public final class DevTurnServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DevTurnServer.class);

    private static final String PROGRAM = "turnserver"; // The package and the project have another name: coturn.
    private static final String INSTALL = "Debian: apt-get install coturn";
    private static final int SECRET_BYTES = 32;
    private static final Duration START_MAX = Duration.ofSeconds(10);

    /** The number of free ports that are tried: another program may take a port before coturn does. */
    private static final int FREE_PORTS_TRIED_MAX = 3;

    private static final Duration RESTART_FIRST = Duration.ofMillis(500);
    private static final Duration RESTART_LONGEST = Duration.ofSeconds(30);
    private static final Duration STEADY_AFTER = Duration.ofMinutes(1);

    private final String description;
    private final @Nullable Running running;

    /**
     * Stops the server at the beginning of the end of the JVM. After Ctrl-C, which coturn gets as well, the supervisor
     * would otherwise start it again.
     */
    private final @Nullable Thread hook;

    /** The parts of a server that runs. */
    private record Running(int port, String secret, CoturnFiles files, SupervisedProgram program) {
        @Override
        public String toString() {
            return "Running[port=" + port + "]";
        }
    }

    private DevTurnServer(String description, @Nullable Running running) {
        this.description = description;
        this.running = running;
        this.hook = running == null ? null : addHook(running);
    }

    private static Thread addHook(Running running) {
        Thread hook = new Thread(() -> stop(running), "turn-server-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    /**
     * Starts the server if the configuration wants one and coturn is installed, and waits until it answers. A server
     * that does not start is no reason for the node not to start.
     *
     * @param config the complete configuration, as {@link org.rotunda.node.config.NodeConfiguration} makes it
     */
    public static DevTurnServer start(Config config) {
        return start(config, Optional.ofNullable(System.getenv("PATH")).orElse(""), START_MAX);
    }

    /**
     * @param path the directories in which the program is looked for, separated as in the variable PATH
     * @param startMax the time limit for the first answer of the server
     */
    static DevTurnServer start(Config config, String path, Duration startMax) {
        DevTurnSettings settings = DevTurnSettings.from(config);
        if (settings.namesOthers()) {
            return without("clients are told the servers of rotunda.turn.urls");
        }
        if (!settings.isOn()) {
            return without("none (rotunda.turn.dev-server = off)");
        }
        Optional<Path> program = find(path);
        if (program.isEmpty()) {
            return without("none, because coturn is not installed (" + INSTALL + ")");
        }
        try {
            MediaSettings media = NodeSettings.from(config.getConfig("rotunda")).media();
            return start(program.get(), settings, addresses(media), startMax);
        } catch (IOException failure) {
            LOG.warn("coturn could not start", failure);
            return without("none, because coturn could not start: " + failure.getMessage());
        }
    }

    private static DevTurnServer without(String why) {
        return new DevTurnServer(why, null);
    }

    private static DevTurnServer start(Path program, DevTurnSettings settings, List<String> peers, Duration startMax)
            throws IOException {
        int attempts = settings.port() == 0 ? FREE_PORTS_TRIED_MAX : 1;
        List<String> lastLines = List.of();
        for (int attempt = 0; attempt < attempts; attempt++) {
            Optional<Integer> port = freePort(settings.port());
            if (port.isEmpty()) {
                return without("none, because port " + settings.port() + " of " + CoturnConfiguration.LISTENING
                        + " is in use (rotunda.turn.dev-port)");
            }
            Running started = launch(program, settings, peers, port.get());
            if (StunProbe.answers(CoturnConfiguration.listening(port.get()), startMax)) {
                LOG.atInfo().addKeyValue("port", port.get()).log("the TURN server of dev mode is ready");
                return new DevTurnServer(
                        "turn:" + CoturnConfiguration.LISTENING + ":" + port.get() + "  (coturn, which ends with"
                                + " this process; relays on " + CoturnConfiguration.RELAY + ")",
                        started);
            }
            lastLines = started.program().lastLines();
            stop(started);
        }
        LOG.warn("coturn does not answer. Its last lines: {}", String.join(System.lineSeparator(), lastLines));
        return without("none, because coturn does not answer; the log has its last lines");
    }

    private static Running launch(Path program, DevTurnSettings settings, List<String> peers, int port)
            throws IOException {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = HexFormat.of().formatHex(random);
        CoturnFiles files = new CoturnFiles(settings.directory(), port);
        files.write(new CoturnConfiguration(port, secret, peers, files).lines());
        SupervisedProgram supervised = SupervisedProgram.start(
                "coturn",
                // Coturn prints before it has read the file, so where it prints to must be an argument as well.
                List.of(program.toString(), "-c", files.configuration().toString(), "-l", "stdout"),
                line -> line.replace(secret, "…"),
                new RestartPauses(RESTART_FIRST, RESTART_LONGEST, STEADY_AFTER));
        return new Running(port, secret, files, supervised);
    }

    /** Returns the program's file; empty if it is not installed. */
    private static Optional<Path> find(String path) {
        for (String directory : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(directory).resolve(PROGRAM);
            if (!directory.isEmpty() && Files.isRegularFile(program) && Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /** Returns the addresses of the media router, as clients are told them. */
    private static List<String> addresses(MediaSettings media) throws IOException {
        List<String> hosts = new ArrayList<>();
        media.advertise().forEach(endpoint -> hosts.add(endpoint.substring(0, endpoint.lastIndexOf(':'))));
        if (hosts.isEmpty()) {
            hosts.add(media.bind());
        }
        List<String> addresses = new ArrayList<>();
        for (String host : hosts) {
            addresses.add(InetAddress.getByName(host).getHostAddress());
        }
        return addresses;
    }

    /**
     * Returns a port that is free for UDP and TCP; empty if none is.
     *
     * @param wanted the port, or 0 for any
     */
    private static Optional<Integer> freePort(int wanted) {
        for (int attempt = 0; attempt < FREE_PORTS_TRIED_MAX; attempt++) {
            try (DatagramSocket udp = new DatagramSocket(CoturnConfiguration.listening(wanted));
                    ServerSocket tcp = new ServerSocket()) {
                tcp.setReuseAddress(true); // Coturn sets it too, and so may take a port with closed connections.
                tcp.bind(CoturnConfiguration.listening(udp.getLocalPort()));
                return Optional.of(udp.getLocalPort());
            } catch (IOException taken) {
                LOG.debug("port {} cannot be taken for TURN: {}", wanted, taken.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Returns the configuration for the node, whose clients are told this server if it runs. */
    public Config configure(Config config) {
        if (running == null) {
            return config;
        }
        String server = "turn:" + CoturnConfiguration.LISTENING + ":" + running.port() + "?transport=";
        return config.withValue(
                        "rotunda.turn.urls", ConfigValueFactory.fromIterable(List.of(server + "udp", server + "tcp")))
                .withValue("rotunda.turn.secret", ConfigValueFactory.fromAnyRef(running.secret()));
    }

    /** Returns whether a server was started and has answered. */
    public boolean isRunning() {
        return running != null;
    }

    /** Returns the server's URL, or the reason why there is none, for people. */
    public String describe() {
        return description;
    }

    @Override
    public String toString() {
        return description;
    }

    /** Ends the server and removes its files. */
    @Override
    public void close() {
        if (running == null || hook == null) {
            return;
        }
        stop(running);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            LOG.trace("the JVM ends, and the hook has run or runs", ending);
        }
    }

    private static void stop(Running running) {
        running.program().close();
        try {
            running.files().delete();
        } catch (IOException failure) { // The files are of no use to anybody: the secret ends with the server.
            LOG.warn("the files of the TURN server could not be removed", failure);
        }
    }
}
