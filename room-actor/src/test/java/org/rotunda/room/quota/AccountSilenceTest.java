package org.rotunda.room.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;

class AccountSilenceTest {
    private final AccountSilence silence = new AccountSilence(Duration.ofSeconds(15));

    @Test
    void isLongOnlyAfterTheWholeTime() {
        silence.onUnanswered(ACCOUNT, START);

        assertThat(silence.isLong(ACCOUNT, START.plusMillis(14_999))).isFalse();
        assertThat(silence.isLong(ACCOUNT, START.plusSeconds(15))).isTrue();
    }

    @Test
    void countsFromTheFirstRequestWithoutAnAnswer() {
        silence.onUnanswered(ACCOUNT, START.plusSeconds(10));
        silence.onUnanswered(ACCOUNT, START);
        silence.onUnanswered(ACCOUNT, START.plusSeconds(12));

        assertThat(silence.isLong(ACCOUNT, START.plusSeconds(15))).isTrue();
    }

    @Test
    void anAnswerEndsIt() {
        silence.onUnanswered(ACCOUNT, START);
        silence.onAnswered(ACCOUNT);
        assertThat(silence.isLong(ACCOUNT, START.plusSeconds(60))).isFalse();

        silence.onUnanswered(ACCOUNT, START.plusSeconds(60));
        assertThat(silence.isLong(ACCOUNT, START.plusSeconds(70))).isFalse();
    }

    @Test
    void concernsOneAccount() {
        silence.onUnanswered(ACCOUNT, START);

        assertThat(silence.isLong(new AccountSid("AC" + "9".repeat(32)), START.plusSeconds(60)))
                .isFalse();
    }
}
