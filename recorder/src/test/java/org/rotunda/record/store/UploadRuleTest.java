package org.rotunda.record.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.record.store.UploadRule.Verdict;

/** Tests what follows a failed upload. */
class UploadRuleTest {
    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");

    private final UploadRule rule = new UploadRule(new Random(1));

    private Verdict after(StoreFailure failure, int attempts, boolean isOfAccount, Duration since) {
        return rule.after(failure, attempts, isOfAccount, START, START.plus(since));
    }

    @ParameterizedTest
    @CsvSource({
        "AWAY, 1, 1000",
        "BUSY, 2, 2000",
        "CORRUPT, 3, 4000",
        "AWAY, 9, 256000",
        "AWAY, 10, 300000",
        "AWAY, 2000000000, 300000",
        "REFUSED, 1, 300000",
        "FULL, 1, 300000"
    })
    void thePauseGrows(StoreFailure failure, int attempts, long wholeMs) {
        for (int i = 0; i < 100; i++) {
            Verdict verdict = after(failure, attempts, false, Duration.ZERO);
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Retry.class,
                            retry -> assertThat(
                                            Duration.between(START, retry.at()).toMillis())
                                    .isBetween(wholeMs / 2, wholeMs));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AWAY", "REFUSED", "FULL", "CORRUPT", "BUSY"})
    void anAccountHasThreeDaysToRepairItsSettings(StoreFailure failure) {
        assertThat(after(failure, 900, true, Duration.ofDays(3).minusMillis(1))).isInstanceOf(Verdict.Retry.class);
        assertThat(after(failure, 900, true, Duration.ofDays(3))).isEqualTo(new Verdict.GiveUp());
        assertThat(after(failure, 900, false, Duration.ofDays(100))).isInstanceOf(Verdict.Retry.class);
    }

    @Test
    void aFileThatIsGoneIsNotTriedAgain() {
        assertThat(after(StoreFailure.MISSING, 1, false, Duration.ZERO)).isEqualTo(new Verdict.GiveUp());
    }
}
