package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.algorithms.Algorithm;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.protocol.AccountSid;

/**
 * Fuzzes the check of access tokens. An input that begins with a brace is the header of a token, a line end, and its
 * claims: the test signs them with the right key. Any other input is a whole token.
 */
class AccessTokenFuzzTest {
    private static final Instant NOW = Instant.parse("2024-03-01T10:30:00Z");
    private static final AccountSid ACCOUNT = new AccountSid("AC00000000000000000000000000000001");
    private static final Secret SECRET = Secret.of("secret");
    private static final Accounts ACCOUNTS = new Accounts(List.of(
            Account.configured(ACCOUNT, List.of(), List.of(new ApiKey("SK00000000000000000000000000000001", SECRET)))));
    private static final AccessTokens TOKENS = new AccessTokens(() -> ACCOUNTS, Clock.fixed(NOW, ZoneOffset.UTC));

    static Stream<byte[]> seeds() {
        String good = token("alice", "daily");
        return Stream.of(
                        good,
                        decoded(good),
                        decoded(token("bob", null)),
                        decoded(token("", "\uD83D\uDE00")),
                        decoded(good).replace("HS256", "HS512"),
                        decoded(good).replace("\"grants\"", "\"nbf\":1709289000,\"grants\""))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(String identity, @Nullable String room) {
        return AccessTokenMint.mint(ACCOUNTS.anyKey().orElseThrow(), identity, room, NOW, Duration.ofHours(1));
    }

    private static String decoded(String token) {
        String[] parts = token.split("\\.", -1);
        return decodedPart(parts[0]) + "\n" + decodedPart(parts[1]);
    }

    private static String decodedPart(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    @MethodSource("seeds")
    @FuzzTest
    void takesOrRefuses(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        AccessTokens.Check check = TOKENS.check(text.startsWith("{") ? signed(text) : text);
        assertThat(check.token() == null).isNotEqualTo(check.error() == null);
        AccessToken token = check.token();
        if (token != null) {
            assertThat(token.account()).isEqualTo(ACCOUNT);
            assertThat(NameFault.of(token.identity())).isNull();
            assertThat(token.expiresAt()).isAfter(NOW);
            assertThat(token.room()).isNotEqualTo("");
            if (token.room() != null) {
                assertThat(token.opens(token.room(), "", "")).isTrue();
            }
        }
    }

    private static String signed(String text) {
        int line = text.indexOf('\n');
        String header = line < 0 ? text : text.substring(0, line);
        String claims = line < 0 ? "" : text.substring(line + 1);
        String content = part(header) + "." + part(claims);
        Algorithm algorithm = AccessTokens.algorithm(
                header.contains("HS512") ? "HS512" : header.contains("HS384") ? "HS384" : "HS256", SECRET);
        byte[] signature = algorithm.sign(
                part(header).getBytes(StandardCharsets.UTF_8), part(claims).getBytes(StandardCharsets.UTF_8));
        return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
