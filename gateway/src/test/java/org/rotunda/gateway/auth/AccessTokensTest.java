package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.jwt.accesstoken.VideoGrant;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.protocol.AccountSid;

class AccessTokensTest {
    private static final Instant NOW = Instant.parse("2024-03-01T10:30:00Z");
    private static final AccountSid ACCOUNT = new AccountSid("AC0123456789abcdef0123456789abcdef");
    private static final String KEY = "SK00112233445566778899aabbccddeeff";
    private static final String SECRET = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private static final Accounts ACCOUNTS = new Accounts(List.of(
            Account.configured(ACCOUNT, List.of(Secret.of("auth")), List.of(new ApiKey(KEY, Secret.of(SECRET))))));
    private static final AccessTokens TOKENS = new AccessTokens(() -> ACCOUNTS, Clock.fixed(NOW, ZoneOffset.UTC));

    private static Map<String, Object> header() {
        return new HashMap<>(Map.of("typ", "JWT", "alg", "HS256", "cty", "twilio-fpa;v=1"));
    }

    private static Map<String, Object> payload() {
        return new HashMap<>(Map.of(
                "iss",
                KEY,
                "sub",
                ACCOUNT.value(),
                "exp",
                NOW.getEpochSecond() + 3600,
                "grants",
                Map.of("identity", "alice", "video", Map.of())));
    }

    private static String token(Map<String, Object> header, Map<String, Object> payload, String secret) {
        try {
            ObjectMapper mapper = new ObjectMapper();
            byte[] first = encode(mapper.writeValueAsBytes(header));
            byte[] second = encode(mapper.writeValueAsBytes(payload));
            String algorithm = String.valueOf(header.get("alg"));
            Algorithm signer = algorithm.equals("HS512")
                    ? Algorithm.HMAC512(secret)
                    : algorithm.equals("HS384") ? Algorithm.HMAC384(secret) : Algorithm.HMAC256(secret);
            return text(first) + "." + text(second) + "." + text(encode(signer.sign(first, second)));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encode(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static String with(String claim, @Nullable Object value) {
        Map<String, Object> payload = payload();
        if (value == null) {
            payload.remove(claim);
        } else {
            payload.put(claim, value);
        }
        return token(header(), payload, SECRET);
    }

    private static String withHeader(String name, String value) {
        Map<String, Object> header = header();
        header.put(name, value);
        return token(header, payload(), SECRET);
    }

    private static String withGrants(Object grants) {
        return with("grants", grants);
    }

    private static String withIdentity(Object identity) {
        return withGrants(Map.of("identity", identity, "video", Map.of()));
    }

    static Stream<Arguments> defects() {
        long now = NOW.getEpochSecond();
        String good = token(header(), payload(), SECRET);
        String[] parts = good.split("\\.", -1);
        return Stream.of(
                Arguments.of("empty", "", 20101),
                Arguments.of("text", "hello", 20101),
                Arguments.of("two parts", parts[0] + "." + parts[1], 20101),
                Arguments.of("four parts", good + ".x", 20101),
                Arguments.of("header is no JSON", "eA." + parts[1] + "." + parts[2], 20101),
                Arguments.of("payload is no JSON", parts[0] + ".eA." + parts[2], 20101),
                Arguments.of("payload is null", parts[0] + ".bnVsbA." + parts[2], 20101),
                Arguments.of("payload is a list", parts[0] + ".W10." + parts[2], 20101),
                Arguments.of("signature is no base64", parts[0] + "." + parts[1] + ".!!", 20101),
                Arguments.of("a date beyond all calendars", with("exp", Long.MAX_VALUE), 20101),
                Arguments.of("a date in words", with("nbf", "tomorrow"), 20101),
                Arguments.of("issuer is a list", with("iss", List.of(KEY)), 20101),
                Arguments.of("far too long", "x".repeat(AccessTokens.LENGTH_MAX + 1), 20101),
                Arguments.of("wrong typ", withHeader("typ", "JWE"), 20102),
                Arguments.of("wrong cty", withHeader("cty", "twilio-sat;v=1"), 20102),
                Arguments.of("unsigned", withHeader("alg", "none"), 20102),
                Arguments.of("asymmetric", withHeader("alg", "RS256"), 20102),
                Arguments.of("no issuer", with("iss", null), 20103),
                Arguments.of("unknown issuer", with("iss", "SKffffffffffffffffffffffffffffffff"), 20103),
                Arguments.of("no subject", with("sub", null), 20103),
                Arguments.of("other subject", with("sub", "ACffffffffffffffffffffffffffffffff"), 20103),
                Arguments.of("other secret", token(header(), payload(), "another secret"), 20107),
                Arguments.of("signature cut", good.substring(0, good.length() - 3), 20107),
                Arguments.of("no expiry", with("exp", null), 20104),
                Arguments.of("expired", with("exp", now), 20104),
                Arguments.of("lives too long", with("exp", now + 24 * 3600 + 1), 20104),
                Arguments.of("not yet valid", with("nbf", now + 31), 20105),
                Arguments.of("no grants", with("grants", null), 20106),
                Arguments.of("grants are text", withGrants("all"), 20106),
                Arguments.of("no video grant", withGrants(Map.of("identity", "alice", "chat", Map.of())), 20106),
                Arguments.of(
                        "room is a number", withGrants(Map.of("identity", "a", "video", Map.of("room", 1))), 20106),
                Arguments.of("no identity", withGrants(Map.of("video", Map.of())), 53200),
                Arguments.of("empty identity", withIdentity(""), 53200),
                Arguments.of("identity is a number", withIdentity(5), 53200),
                Arguments.of("long identity", withIdentity("x".repeat(129)), 53201),
                Arguments.of("broken identity", withIdentity("a\uFFFDb"), 53202),
                Arguments.of("half a character", withIdentity("a\uDC00"), 53202));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("defects")
    void tellsTheCodeOfEveryDefect(String name, String token, int code) {
        AccessTokens.Check check = TOKENS.check(token);

        assertThat(check.token()).isNull();
        assertThat(check.error()).isNotNull().extracting(TokenError::code).isEqualTo(code);
    }

    @Test
    void readsTheWorkedExampleOfTheReference() {
        String example =
                "eyJjdHkiOiJ0d2lsaW8tZnBhO3Y9MSIsInR5cCI6IkpXVCIsImFsZyI6IkhTMjU2In0.eyJqdGkiOiJTSzAwMTEyMjMzNDQ1"
                        + "NTY2Nzc4ODk5YWFiYmNjZGRlZWZmLTE3MDkyODcyMDAiLCJncmFudHMiOnsiaWRlbnRpdHkiOiJhbGljZSIsInZpZGVvIjp7InJv"
                        + "b20iOiJEYWlseVN0YW5kdXAifX0sImlhdCI6MTcwOTI4NzIwMCwiZXhwIjoxNzA5MjkwODAwLCJpc3MiOiJTSzAwMTEyMjMzNDQ1"
                        + "NTY2Nzc4ODk5YWFiYmNjZGRlZWZmIiwic3ViIjoiQUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZiJ9."
                        + "guguEU1S6VUeRtiz0moToOJNDst4ogkW9G8YN9Yc4TE";
        Clock then = Clock.fixed(Instant.ofEpochSecond(1709287260), ZoneOffset.UTC);

        AccessToken token =
                new AccessTokens(() -> ACCOUNTS, then).check(example).token();

        assertThat(token)
                .isEqualTo(new AccessToken(ACCOUNT, "alice", "DailyStandup", Instant.ofEpochSecond(1709290800)));
    }

    @Test
    void acceptsTokensOfTheHelperLibrary() {
        String text = new com.twilio.jwt.accesstoken.AccessToken.Builder(
                        ACCOUNT.value(), KEY, SECRET.getBytes(StandardCharsets.UTF_8))
                .identity("bob")
                .grant(new VideoGrant().setRoom("standup"))
                .build()
                .toJwt();

        AccessToken token = Objects.requireNonNull(
                new AccessTokens(() -> ACCOUNTS, Clock.systemUTC()).check(text).token());

        assertThat(token.identity()).isEqualTo("bob");
        assertThat(token.opens("standup", "standup", "RM1")).isTrue();
        assertThat(token.opens("lobby", "lobby", "RM1")).isFalse();
    }

    @Test
    void acceptsTokensOfItsOwnMint() {
        String text = AccessTokenMint.mint(
                ACCOUNTS.anyKey().orElseThrow(), "carol", null, NOW.minusSeconds(5), Duration.ofHours(24));

        assertThat(TOKENS.check(text).token())
                .isEqualTo(new AccessToken(
                        ACCOUNT, "carol", null, NOW.minusSeconds(5).plus(Duration.ofHours(24))));
    }

    @Test
    void acceptsAllThreeSignatures() {
        for (String algorithm : List.of("HS256", "HS384", "HS512")) {
            assertThat(TOKENS.check(withHeader("alg", algorithm)).token()).isNotNull();
        }
    }

    @Test
    void allowsALittleSkewAndMeasuresLifeFromTheBeginningOfValidity() {
        assertThat(TOKENS.check(with("nbf", NOW.getEpochSecond() + 29)).token()).isNotNull();

        Map<String, Object> payload = payload();
        payload.put("iat", NOW.getEpochSecond() + 20); // The clock of the token's maker is ahead.
        payload.put("exp", NOW.getEpochSecond() + 20 + 24 * 3600);
        assertThat(TOKENS.check(token(header(), payload, SECRET)).token()).isNotNull();
    }

    @Test
    void opensItsOneRoomByNameOrSid() {
        AccessToken bySid = new AccessToken(ACCOUNT, "a", "RM1", NOW);

        assertThat(bySid.opens("lobby", "lobby", "RM1")).isTrue();
        assertThat(bySid.opens("lobby", "lobby", "RM2")).isFalse();
        assertThat(new AccessToken(ACCOUNT, "a", null, NOW).opens("x", "x", "RM2"))
                .isTrue();
    }
}
