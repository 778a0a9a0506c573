package org.rotunda.node.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a coturn with the example of {@code docs/examples/turnserver.conf}, with addresses of loopback. */
class CoturnExampleTest {
    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "turnserver.conf");
    private static final Duration START_MAX = Duration.ofSeconds(20);
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    /** The lines of the example that a reader has to change, and their values in this test. */
    private static final Map<String, String> REPLACED = Map.of(
            "listening-ip=203.0.113.20", "listening-ip=127.0.0.1",
            "relay-ip=203.0.113.20", "relay-ip=127.0.0.2",
            "allowed-peer-ip=203.0.113.20", "allowed-peer-ip=127.0.0.2",
            "allowed-peer-ip=203.0.113.10", "allowed-peer-ip=127.0.0.3",
            "static-auth-secret=CHANGE-ME", "static-auth-secret=" + SECRET,
            "cert=/etc/coturn/fullchain.pem", "no-tls",
            "\nsyslog\n", "\n");

    private final Path directory;

    CoturnExampleTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void itRelaysForRotundaAndForNothingElse() throws Exception {
        Coturn.assumeInstalled();
        int port = freePort();
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder("turnserver", "-c", write(port).toString(), "-l", "stdout")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            Coturn coturn = new Coturn(port, SECRET);
            assertThat(StunProbe.answers(coturn.server(), START_MAX))
                    .as(Files.readString(output))
                    .isTrue();

            coturn.assertRelays("127.0.0.2");
            coturn.assertRefusesOtherCredentials();
            coturn.assertHasNoTcpRelays();
            coturn.assertConnectsRelays();
            coturn.assertPeers(
                    List.of("127.0.0.2", "127.0.0.3", "203.0.113.11"),
                    List.of("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "8.8.8.8"));
            assertThat(Files.readAllLines(output))
                    .as("options that this coturn does not know")
                    .noneMatch(line -> line.contains("Bad configuration"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Path write(int port) throws IOException {
        String text = Files.readString(EXAMPLE);
        for (Map.Entry<String, String> each : REPLACED.entrySet()) {
            assertThat(text).contains(each.getKey());
            text = text.replace(each.getKey(), each.getValue());
        }
        assertThat(text).contains("\nlistening-port=3478\n");
        return Files.writeString(
                directory.resolve("turnserver.conf"),
                text.replace("\nlistening-port=3478\n", "\nlistening-port=" + port + "\n")
                        + "allow-loopback-peers\nuserdb=" + directory.resolve("db") + "\npidfile="
                        + directory.resolve("pid") + "\n");
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(CoturnConfiguration.listening(0))) {
            return socket.getLocalPort();
        }
    }
}
