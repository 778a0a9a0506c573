package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final RoomRefusal REFUSAL = new RoomRefusal(RoomError.BUSY);

    @Test
    void takesOffWhatStagesAndFuturesWrapAround() {
        assertThat(Failures.rootCause(REFUSAL)).isSameAs(REFUSAL);
        assertThat(Failures.rootCause(new CompletionException(REFUSAL))).isSameAs(REFUSAL);
        assertThat(Failures.rootCause(new ExecutionException(new CompletionException(REFUSAL))))
                .isSameAs(REFUSAL);
    }

    @Test
    void leavesTheCauseOfOtherFailures() {
        IllegalStateException fault = new IllegalStateException(REFUSAL);
        CompletionException bare = new CompletionException("nothing inside", null);

        assertThat(Failures.rootCause(fault)).isSameAs(fault);
        assertThat(Failures.rootCause(bare)).isSameAs(bare);
    }
}
