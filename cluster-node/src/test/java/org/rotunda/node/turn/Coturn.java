package org.rotunda.node.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.turn.TurnCredentials;

/**
 * The programs of coturn on this machine, and requests to a running server. Tests that need them are skipped on machines
 * without coturn; {@code bin/test} installs it.
 */
final class Coturn {
    static final String PATH = Optional.ofNullable(System.getenv("PATH")).orElse("");

    private static final Duration TTL = Duration.ofMinutes(10);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNSUPPORTED_TRANSPORT = 442;

    private final InetSocketAddress server;
    private final String secret;

    Coturn(int port, String secret) {
        this.server = CoturnConfiguration.listening(port);
        this.secret = secret;
    }

    static void assumeInstalled() throws InterruptedException {
        assumeTrue(isInstalled("turnserver") && isInstalled("turnutils_uclient"), "needs coturn");
    }

    private static boolean isInstalled(String program) throws InterruptedException {
        try {
            return new ProcessBuilder("/bin/sh", "-c", "command -v " + program)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noShell) {
            return false;
        }
    }

    static List<ProcessHandle> processes() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/turnserver"))
                .toList();
    }

    InetSocketAddress server() {
        return server;
    }

    TurnCredentials credentials() {
        return credentials(secret, Instant.now());
    }

    private static TurnCredentials credentials(String secret, Instant issuedAt) {
        return TurnCredentials.issue(Secret.of(secret), "5f0e", issuedAt, TTL);
    }

    /** Asserts that a client with credentials of a gateway gets a relay with this address. */
    void assertRelays(String address) throws IOException {
        try (TurnClient client = new TurnClient(server, credentials())) {
            TurnClient.Answer answer = client.allocate(TurnClient.TRANSPORT_UDP);
            assertThat(answer.error()).isZero();
            assertThat(answer.relay().getAddress().getHostAddress()).isEqualTo(address);
        }
    }

    /** Asserts that expired and forged credentials give no relay. */
    void assertRefusesOtherCredentials() throws IOException {
        assertThat(error(credentials(secret, Instant.now().minus(TTL).minusSeconds(2))))
                .as("expired")
                .isEqualTo(UNAUTHORIZED);
        assertThat(error(credentials("another secret", Instant.now())))
                .as("of another secret")
                .isEqualTo(UNAUTHORIZED);
        TurnCredentials own = credentials();
        assertThat(error(new TurnCredentials("9" + own.username(), own.password())))
                .as("with a later expiry")
                .isEqualTo(UNAUTHORIZED);
    }

    private int error(TurnCredentials credentials) throws IOException {
        try (TurnClient client = new TurnClient(server, credentials)) {
            return client.allocate(TurnClient.TRANSPORT_UDP).error();
        }
    }

    /** Asserts that there are no relays for TCP. */
    void assertHasNoTcpRelays() throws IOException {
        try (TurnClient client = new TurnClient(server, credentials())) {
            assertThat(client.allocate(TurnClient.TRANSPORT_TCP).error()).isEqualTo(UNSUPPORTED_TRANSPORT);
        }
    }

    /** Asserts to which addresses a relay may send. */
    void assertPeers(List<String> allowed, List<String> denied) throws IOException {
        try (TurnClient client = new TurnClient(server, credentials())) {
            assertThat(client.allocate(TurnClient.TRANSPORT_UDP).error()).isZero();
            for (String address : allowed) {
                assertThat(client.permit(new InetSocketAddress(address, 9)).error())
                        .as(address)
                        .isZero();
            }
            for (String address : denied) {
                assertThat(client.permit(new InetSocketAddress(address, 9)).error())
                        .as(address)
                        .isEqualTo(FORBIDDEN);
            }
        }
    }

    /** Asserts that two clients reach each other through their relays, as a preflight test does. */
    void assertConnectsRelays() throws IOException {
        try (TurnClient one = new TurnClient(server, credentials());
                TurnClient other = new TurnClient(server, credentials())) {
            InetSocketAddress relayOfOne =
                    one.allocate(TurnClient.TRANSPORT_UDP).relay();
            InetSocketAddress relayOfOther =
                    other.allocate(TurnClient.TRANSPORT_UDP).relay();
            assertThat(one.permit(relayOfOther).error()).isZero();
            assertThat(other.permit(relayOfOne).error()).isZero();

            one.send(relayOfOther, "from one");
            assertThat(other.receive()).isEqualTo("from one");
            other.send(relayOfOne, "from the other");
            assertThat(one.receive()).isEqualTo("from the other");
        }
    }
}
