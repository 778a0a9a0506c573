package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.callback.RetryRule.Verdict;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.StatusCallback;

/** Tests what follows an attempt, with the default settings. */
class RetryRuleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final CallbackSettings SETTINGS = CallbackSettings.from(ConfigFactory.load());

    /** The random generator that takes nothing off a pause. */
    private static final RandomGenerator WHOLE = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }
    };

    private final RetryRule rule = new RetryRule(SETTINGS, WHOLE);

    private static StatusCallback callback(int attempts, Duration age) {
        return Callbacks.callback(0, attempts, NOW.minus(age));
    }

    private Duration pause(AttemptResult result, int attempts) {
        Verdict verdict = rule.after(result, callback(attempts, Duration.ZERO), NOW);
        assertThat(verdict).isInstanceOf(Verdict.Retry.class);
        return Duration.between(NOW, ((Verdict.Retry) verdict).at());
    }

    @Test
    void aDeliveryIsADelivery() {
        assertThat(rule.after(AttemptResult.answered(204, Duration.ZERO), callback(9, Duration.ofDays(9)), NOW))
                .isInstanceOf(Verdict.Delivered.class);
    }

    @Test
    void pausesDoubleUpToTheMaximum() {
        AttemptResult down = AttemptResult.failed(CallbackFailure.UNREACHABLE, "down");
        List<Long> seconds = new ArrayList<>();
        for (int attempts = 0; attempts < 9; attempts++) {
            seconds.add(pause(down, attempts).toSeconds());
        }

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(pause(down, 1_000_000)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void pausesAreSpreadOverTheirSecondHalf() {
        RetryRule jittered = new RetryRule(SETTINGS, new Random(1));
        AttemptResult down = AttemptResult.failed(CallbackFailure.TIMEOUT, "down");
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Verdict.Retry retry = (Verdict.Retry) jittered.after(down, callback(3, Duration.ZERO), NOW);
            pauses.add(Duration.between(NOW, retry.at()).toMillis());
        }

        assertThat(pauses).allSatisfy(ms -> assertThat(ms).isBetween(4_000L, 8_000L));
        assertThat(pauses.stream().mapToLong(ms -> ms).average().orElse(0)).isBetween(5_800.0, 6_200.0);
    }

    @ParameterizedTest
    @EnumSource(
            value = CallbackFailure.class,
            names = {"SERVER_ERROR", "TIMEOUT", "UNREACHABLE", "UNSIGNED"})
    void whatMayGetBetterIsTriedUntilTheKeepTimeIsOver(CallbackFailure failure) {
        AttemptResult result = AttemptResult.failed(failure, "down");

        assertThat(rule.after(result, callback(5_000, Duration.ofHours(24).minusMillis(1)), NOW))
                .isInstanceOf(Verdict.Retry.class);
        assertThat(rule.after(result, callback(0, Duration.ofHours(24)), NOW)).isEqualTo(new Verdict.GiveUp(failure));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 401, 403, 404, 410, 422})
    void aRefusalOrARedirectIsTriedThreeTimes(int status) {
        AttemptResult result = AttemptResult.answered(status, Duration.ZERO);

        assertThat(rule.after(result, callback(0, Duration.ZERO), NOW)).isInstanceOf(Verdict.Retry.class);
        assertThat(rule.after(result, callback(1, Duration.ZERO), NOW)).isInstanceOf(Verdict.Retry.class);
        assertThat(rule.after(result, callback(2, Duration.ZERO), NOW)).isInstanceOf(Verdict.GiveUp.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void aStatusThatAsksForARepeatIsTriedAgain(int status) {
        assertThat(rule.after(AttemptResult.answered(status, Duration.ZERO), callback(99, Duration.ZERO), NOW))
                .isInstanceOf(Verdict.Retry.class);
    }

    @Test
    void aForbiddenAddressIsFinal() {
        assertThat(rule.after(
                        AttemptResult.failed(CallbackFailure.FORBIDDEN, "private"), callback(0, Duration.ZERO), NOW))
                .isEqualTo(new Verdict.GiveUp(CallbackFailure.FORBIDDEN));
    }

    @Test
    void theReceiverMayAskForALongerPauseUpToTheMaximum() {
        assertThat(pause(AttemptResult.answered(503, Duration.ofSeconds(20)), 0))
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(pause(AttemptResult.answered(429, Duration.ofHours(2)), 0)).isEqualTo(Duration.ofMinutes(1));
        assertThat(pause(AttemptResult.answered(503, Duration.ofSeconds(20)), 6))
                .isEqualTo(Duration.ofMinutes(1));
    }
}
