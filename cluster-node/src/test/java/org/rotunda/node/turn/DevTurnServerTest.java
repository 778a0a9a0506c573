package org.rotunda.node.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.turn.TurnCredentials;
import org.rotunda.gateway.turn.TurnSettings;
import org.rotunda.node.config.NodeConfiguration;

/** Tests the TURN server that a node in dev mode starts beside itself. */
class DevTurnServerTest {
    private static final Duration START_MAX = Duration.ofSeconds(20);
    private static final long PROGRAM_SECONDS_MAX = 60;

    private final Path directory;

    DevTurnServerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Config config(Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(Map.of(
                "rotunda.media.bind",
                "127.0.0.1",
                "rotunda.turn.dev-directory",
                "\"" + directory.resolve("turn") + "\""));
        all.putAll(overrides);
        return NodeConfiguration.dev(all);
    }

    private Path fakeProgram(String script) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("bin"));
        Path program = Files.writeString(folder.resolve("turnserver"), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return folder;
    }

    private static DevTurnServer start(Config config) {
        DevTurnServer server = DevTurnServer.start(config, Coturn.PATH, START_MAX);
        assertThat(server.isRunning()).as(server.describe()).isTrue();
        return server;
    }

    /** Returns the server as clients of a node with this configuration are told it. */
    private static Coturn toldBy(Config config) {
        TurnSettings told = TurnSettings.from(config);
        assertThat(told.urls()).hasSize(2);
        String port = told.urls().get(0).text().replaceAll("^turn:127\\.0\\.0\\.1:(\\d+)\\?transport=udp$", "$1");
        return new Coturn(Integer.parseInt(port), config.getString("rotunda.turn.secret"));
    }

    @Test
    void withoutTheProgramItSaysHowToInstallIt() throws IOException {
        Config config = config(Map.of());

        try (DevTurnServer server = DevTurnServer.start(config, directory.toString(), START_MAX)) {
            assertThat(server.describe())
                    .isEqualTo("none, because coturn is not installed (Debian: apt-get install coturn)");
            assertThat(server.configure(config)).isSameAs(config);
        }
    }

    @Test
    void aNodeThatNamesOtherServersOrWantsNoneHasNone() throws IOException {
        String path = fakeProgram("exec sleep 600").toString();
        Map<String, String> others = Map.of("rotunda.turn.urls", "[\"stun:stun.example.com\"]");

        try (DevTurnServer server = DevTurnServer.start(config(others), path, START_MAX)) {
            assertThat(server.describe()).isEqualTo("clients are told the servers of rotunda.turn.urls");
        }
        try (DevTurnServer server =
                DevTurnServer.start(config(Map.of("rotunda.turn.dev-server", "off")), path, START_MAX)) {
            assertThat(server.describe()).isEqualTo("none (rotunda.turn.dev-server = off)");
        }
        assertThat(directory.resolve("turn")).doesNotExist();
    }

    @Test
    void aProgramThatDoesNotAnswerIsEnded() throws IOException {
        String path = fakeProgram("echo $$ >'" + directory.resolve("pid") + "'; exec sleep 600")
                .toString();

        Map<String, String> onePort =
                Map.of("rotunda.turn.dev-port", Integer.toString(freePort())); // So it tries once.

        try (DevTurnServer server = DevTurnServer.start(config(onePort), path, Duration.ofSeconds(2))) {
            assertThat(server.describe()).isEqualTo("none, because coturn does not answer; the log has its last lines");
            assertThat(server.isRunning()).isFalse();
        }
        Eventually.hasEnded(
                "the program",
                Long.parseLong(Files.readString(directory.resolve("pid")).trim()));
        assertThat(filesOfTheServer()).isEmpty();
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        String path = fakeProgram("exec sleep 600").toString();
        try (DatagramSocket taken = new DatagramSocket(CoturnConfiguration.listening(0))) {
            Map<String, String> port = Map.of("rotunda.turn.dev-port", Integer.toString(taken.getLocalPort()));
            try (DevTurnServer server = DevTurnServer.start(config(port), path, START_MAX)) {
                assertThat(server.describe())
                        .isEqualTo("none, because port " + taken.getLocalPort()
                                + " of 127.0.0.1 is in use (rotunda.turn.dev-port)");
            }
        }
    }

    @Test
    void clientsWithCredentialsOfTheGatewayGetRelaysToTheRouterAndToEachOther() throws Exception {
        Coturn.assumeInstalled();
        Config config = config(Map.of());
        try (DevTurnServer server = start(config)) {
            Coturn coturn = toldBy(server.configure(config));

            coturn.assertRelays("127.0.0.2");
            coturn.assertRefusesOtherCredentials();
            coturn.assertHasNoTcpRelays();
            coturn.assertConnectsRelays();
            coturn.assertPeers(
                    List.of("127.0.0.1", "127.0.0.2"),
                    List.of("127.0.0.3", "10.0.0.1", "192.168.1.1", "169.254.169.254", "203.0.113.1", "0.0.0.0"));
        }
    }

    @Test
    void relaysReachMediaOnAnotherAddressInsteadOfLoopback() throws Exception {
        Coturn.assumeInstalled();
        Config config = config(Map.of("rotunda.media.bind", "10.1.2.3"));
        try (DevTurnServer server = start(config)) {
            toldBy(server.configure(config))
                    .assertPeers(List.of("10.1.2.3", "127.0.0.2"), List.of("127.0.0.1", "10.1.2.4"));
        }
    }

    @Test
    void theToolOfCoturnTakesTheCredentialsToo() throws Exception {
        Coturn.assumeInstalled();
        Config config = config(Map.of());
        try (DevTurnServer server = start(config)) {
            Coturn coturn = toldBy(server.configure(config));

            assertThat(exchange(coturn, coturn.credentials())).contains("tot_send_msgs=10, tot_recv_msgs=10");
            TurnCredentials forged =
                    TurnCredentials.issue(Secret.of("another secret"), "5f0e", Instant.now(), Duration.ofHours(1));
            assertThat(exchange(coturn, forged)).doesNotContain("tot_recv_msgs=10");
        }
    }

    /** Lets two clients of coturn's own tool exchange messages through relays. Returns what the tool prints. */
    private String exchange(Coturn coturn, TurnCredentials credentials) throws IOException, InterruptedException {
        Path output = directory.resolve("uclient");
        Process tool = new ProcessBuilder(
                        "turnutils_uclient",
                        "-y", // Clients send to each other.
                        "-c", // No second relay for RTCP.
                        "-n",
                        "5",
                        "-p",
                        Integer.toString(coturn.server().getPort()),
                        "-u",
                        credentials.username(),
                        "-w",
                        credentials.password(),
                        "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(tool.waitFor(PROGRAM_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        } finally {
            tool.destroyForcibly();
        }
        return Files.readString(output);
    }

    @Test
    void aKilledServerComesBackWithItsPortAndSecret() throws Exception {
        Coturn.assumeInstalled();
        Config config = config(Map.of());
        try (DevTurnServer server = start(config)) {
            Coturn coturn = toldBy(server.configure(config));
            ProcessHandle first = onlyProcess();

            assertThat(first.destroyForcibly()).isTrue();
            Eventually.hasEnded("the server", first.pid());

            assertThat(StunProbe.answers(coturn.server(), START_MAX)).isTrue();
            assertThat(onlyProcess().pid()).isNotEqualTo(first.pid());
            coturn.assertRelays("127.0.0.2");
        }
    }

    @Test
    void nothingOfItIsLeftAndNothingShowsTheSecret() throws Exception {
        Coturn.assumeInstalled();
        Config config = config(Map.of());
        DevTurnServer server = start(config);
        Config configured = server.configure(config);
        String secret = configured.getString("rotunda.turn.secret");
        assertThat(secret).hasSize(64);
        ProcessHandle process = onlyProcess();
        assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")))
                .contains("turnserver", "-c")
                .doesNotContain(secret);
        assertThat(server.describe()).startsWith("turn:127.0.0.1:").doesNotContain(secret);
        assertThat(server.toString()).doesNotContain(secret);

        server.close();

        Eventually.hasEnded("the server", process.pid());
        assertThat(filesOfTheServer()).isEmpty();
        try (DevTurnServer next = start(config)) {
            assertThat(next.configure(config).getString("rotunda.turn.secret")).isNotEqualTo(secret);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(CoturnConfiguration.listening(0))) {
            return socket.getLocalPort();
        }
    }

    private static ProcessHandle onlyProcess() {
        List<ProcessHandle> processes = Coturn.processes();
        assertThat(processes).hasSize(1);
        return processes.get(0);
    }

    private List<Path> filesOfTheServer() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("turn"))) {
            return files.toList();
        }
    }
}
