package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final RoomRefusal refusal = new RoomRefusal(RoomError.BUSY);

    @Test
    void takesOffWhatStagesAndFuturesWrapAround() {
        assertThat(Failures.rootCause(refusal)).isSameAs(refusal);
        assertThat(Failures.rootCause(new CompletionException(refusal))).isSameAs(refusal);
        assertThat(Failures.rootCause(new ExecutionException(new CompletionException(refusal))))
                .isSameAs(refusal);
    }

    @Test
    void leavesTheCauseOfOtherFailures() {
        IllegalStateException fault = new IllegalStateException(refusal);
        CompletionException bare = new CompletionException("nothing inside", null);

        assertThat(Failures.rootCause(fault)).isSameAs(fault);
        assertThat(Failures.rootCause(bare)).isSameAs(bare);
    }
}
