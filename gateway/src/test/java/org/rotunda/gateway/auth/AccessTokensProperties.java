package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.rotunda.room.protocol.AccountSid;

/** Properties of the check: it answers any text without throwing, and accepts only the untouched token. */
class AccessTokensProperties {
    private static final Instant NOW = Instant.parse("2024-03-01T10:30:00Z");
    private static final Accounts ACCOUNTS = new Accounts(List.of(Account.configured(
            new AccountSid("AC00000000000000000000000000000001"),
            List.of(),
            List.of(new ApiKey("SK00000000000000000000000000000001", Secret.of("secret"))))));
    private static final AccessTokens TOKENS = new AccessTokens(() -> ACCOUNTS, Clock.fixed(NOW, ZoneOffset.UTC));
    private static final String GOOD =
            AccessTokenMint.mint(ACCOUNTS.anyKey().orElseThrow(), "alice", "daily", NOW, Duration.ofHours(1));

    @Property(tries = 1000)
    void refusesAnyText(@ForAll @StringLength(max = 200) String text) {
        assertThat(TOKENS.check(text).error()).isNotNull();
    }

    @Property(tries = 2000)
    void refusesClaimsChangedAtRandom(
            @ForAll @IntRange(max = 1) int part, @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int changes) {
        String[] parts = GOOD.split("\\.", -1);
        String json = new String(Base64.getUrlDecoder().decode(parts[part]), StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(json);
        Random random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.setCharAt(at, "{}[]\",:0-e.".charAt(random.nextInt(11)));
            } else {
                text.insert(at, random.nextBoolean() ? "null" : "99999999999999999999");
            }
        }
        parts[part] = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));

        AccessTokens.Check check = TOKENS.check(String.join(".", parts));

        assertThat(check.token() == null).isNotEqualTo(check.error() == null);
        assertThat(check.error() == null).isEqualTo(text.toString().equals(json));
    }
}
