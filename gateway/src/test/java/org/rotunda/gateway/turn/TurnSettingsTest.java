package org.rotunda.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Tests the settings of the servers that clients are told. */
class TurnSettingsTest {
    private static TurnSettings settings(String turn) {
        return TurnSettings.from(ConfigFactory.parseString("rotunda.turn { " + turn + " }")
                .withFallback(ConfigFactory.load())
                .resolve());
    }

    @Test
    void thereAreNoServersByDefault() {
        assertThat(settings("").urls()).isEmpty();
        assertThat(settings("").secret()).isNull();
        assertThat(settings("").ttl()).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void stunAloneNeedsNoSecret() {
        assertThat(settings("urls = [\"stun:s.example.com\"]").urls())
                .extracting(IceUrl::text)
                .containsExactly("stun:s.example.com");
    }

    @Test
    void turnAloneNeedsASecretOnly() {
        TurnSettings settings = settings("urls = [\"turn:t.example.com\"], secret = hunter2");

        assertThat(settings.secret()).isNotNull();
        assertThat(settings.toString()).contains("turn:t.example.com").doesNotContain("hunter2");
    }

    @Test
    void everyFaultNamesItsKey() {
        assertFault(
                "urls = [\"turn:t.example.com\"]",
                "rotunda.turn.secret is empty, but rotunda.turn.urls names a"
                        + " TURN server: set it to the server's secret (static-auth-secret of coturn)");
        assertFault(
                "urls = [\"stun:s\", \"example.com\"]",
                "rotunda.turn.urls[1] must be a stun:, stuns:, turn: or"
                        + " turns: URL, such as turn:turn.example.com:3478?transport=udp, not: example.com");
        assertFault("ttl = 59 s", "rotunda.turn.ttl must be at least 60 s: 59 s");
        assertFault(
                "urls = [" + String.join(",", Collections.nCopies(9, "\"stun:s\"")) + "]",
                "rotunda.turn.urls has 9 entries, but must have at most 8, because clients try all of them");
        assertThat(settings("urls = [" + String.join(",", Collections.nCopies(8, "\"stun:s\"")) + "]")
                        .urls())
                .hasSize(TurnSettings.URLS_MAX);
    }

    private static void assertFault(String turn, String message) {
        assertThatThrownBy(() -> settings(turn))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
