package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.signal.ServerMessage.IceServer;
import org.rotunda.room.protocol.AccountSid;

/** Tests the servers that one client is told. */
class IceServersTest {
    private static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    private static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");

    private static List<IceServer> servers(String overrides) {
        return IceServers.from(ConfigFactory.parseString(overrides)
                        .withFallback(ConfigFactory.load())
                        .resolve())
                .forClient(ACCOUNT, "alice", NOW);
    }

    @Test
    void thereAreNoneByDefault() {
        assertThat(servers("")).isEmpty();
    }

    @Test
    void stunServersHaveNoCredentials() {
        assertThat(servers("rotunda.turn.urls = [\"stun:a\", \"stuns:b\"]"))
                .containsExactly(new IceServer(List.of("stun:a", "stuns:b"), null, null));
    }

    @Test
    void turnServersHaveCredentialsThatExpire() {
        List<IceServer> servers = servers("rotunda.turn { urls = [\"turn:a\"], secret = secret, ttl = 1 h }");

        assertThat(servers).hasSize(1);
        assertThat(servers.get(0).urls()).containsExactly("turn:a");
        assertThat(servers.get(0).username()).isEqualTo(NOW.plusSeconds(3600).getEpochSecond() + ":bd20557e6604e5ae");
        assertThat(servers.get(0).toString())
                .doesNotContain(String.valueOf(servers.get(0).credential()));
    }

    @Test
    void serversWithFixedCredentialsComeFirst() {
        assertThat(servers("""
            rotunda.signaling.ice-servers = [
              { urls = ["turn:x"], username = u, credential = c }
              { urls = ["stun:y"], username = "" }
            ]
            rotunda.turn { urls = ["stun:a", "turn:b"], secret = s }
            """))
                .extracting(IceServer::urls)
                .containsExactly(List.of("turn:x"), List.of("stun:y"), List.of("stun:a"), List.of("turn:b"));
    }

    @Test
    void fixedServersThatBrowsersWouldRefuseAreFaults() {
        assertFault("[{ urls = [] }]", "rotunda.signaling.ice-servers[0].urls must not be empty");
        assertFault(
                "[{ urls = [\"stun:a\"] }, { urls = [\"turn:b\"], username = u }]",
                "rotunda.signaling.ice-servers[1] names a TURN server, and so needs a username and a credential: no"
                        + " client could connect");
        assertFault(
                "[{ urls = [\"b\"] }]",
                "rotunda.signaling.ice-servers[0].urls must be a stun:, stuns:, turn: or"
                        + " turns: URL, such as turn:turn.example.com:3478?transport=udp, not: b");
    }

    private static void assertFault(String iceServers, String message) {
        assertThatThrownBy(() -> servers("rotunda.signaling.ice-servers = " + iceServers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
