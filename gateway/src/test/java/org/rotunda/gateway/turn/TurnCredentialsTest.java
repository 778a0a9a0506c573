package org.rotunda.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.room.protocol.AccountSid;

/** Tests credentials against the scheme of coturn. {@code CoturnTest} of cluster-node tests them at a coturn. */
class TurnCredentialsTest {
    private static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    private static final AccountSid OTHER = new AccountSid("AC00000000000000000000000000000002");

    /** The expected values were computed with {@code openssl dgst -sha1 -hmac SECRET -binary | base64}. */
    @ParameterizedTest
    @CsvSource({
        "north, alice, 1433809518, 86400, 1433895918:alice, RqMvcGPYTJMGThVLSi4amT4zFtI=",
        "logen, ninefingers, 1375043187, 300, 1375043487:ninefingers, gKTCNGYqvC3aMTWof6IGTYXJYkg=",
        "0123456789abcdef0123456789abcdef, 5f0e, 1750000000, 600, 1750000600:5f0e, X6bEp0493nDUoRlpNAXux7LFQMM="
    })
    void isTheExpiryAndTheUserWithTheirHmac(
            String secret, String user, long now, long ttl, String username, String password) {
        TurnCredentials credentials = TurnCredentials.issue(
                Secret.of(secret), user, Instant.ofEpochSecond(now, 999_999_999), Duration.ofSeconds(ttl));

        assertThat(credentials.username()).isEqualTo(username);
        assertThat(credentials.password()).isEqualTo(password);
    }

    /** The second test case of RFC 2202, section 3. */
    @Test
    void theHmacIsThatOfTheRfc() {
        assertThat(Secret.of("Jefe").hmacSha1("what do ya want for nothing?"))
                .isEqualTo("7/zfauXrL6LSdBbV8YTfnCWafHk=");
    }

    @Test
    void aUserIsTheSameForEachConnectAndDoesNotTellTheIdentity() {
        Secret secret = Secret.of("secret");

        assertThat(TurnCredentials.user(secret, ACCOUNT, "alice")).isEqualTo("bd20557e6604e5ae");
        assertThat(TurnCredentials.user(secret, ACCOUNT, "bob")).isNotEqualTo("bd20557e6604e5ae");
        assertThat(TurnCredentials.user(secret, OTHER, "alice")).isNotEqualTo("bd20557e6604e5ae");
        assertThat(TurnCredentials.user(Secret.of("another"), ACCOUNT, "alice")).isNotEqualTo("bd20557e6604e5ae");
        assertThat(TurnCredentials.user(secret, ACCOUNT, "a:b/c\n").matches("[0-9a-f]{16}"))
                .as("an identity with the separator of the scheme")
                .isTrue();
    }

    @Test
    void thePasswordIsNotInTheText() {
        TurnCredentials credentials =
                TurnCredentials.issue(Secret.of("s"), "alice", Instant.EPOCH, Duration.ofHours(1));

        assertThat(credentials.toString()).contains("3600:alice").doesNotContain(credentials.password());
    }
}
