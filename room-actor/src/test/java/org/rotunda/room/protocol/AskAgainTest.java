package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AskAgainTest {
    private static final CompletableFuture<String> LOST = CompletableFuture.failedFuture(new TimeoutException());

    private final Queue<CompletableFuture<String>> answers = new ArrayDeque<>();
    private final List<Duration> asked = new ArrayList<>();

    private CompletionStage<String> ask(Duration timeout) {
        return AskAgain.ask(timeout, once -> {
            asked.add(once);
            return answers.remove();
        });
    }

    @Test
    void aLostQuestionIsAskedAgain() {
        answers.addAll(List.of(LOST, LOST, CompletableFuture.completedFuture("here")));

        assertThat(ask(Duration.ofSeconds(10))).isCompletedWithValue("here");
        assertThat(asked).hasSize(3);
    }

    @Test
    void allQuestionsTogetherTakeNoLongerThanAllowed() {
        answers.addAll(List.of(LOST, LOST, LOST));

        assertThatThrownBy(
                        () -> ask(Duration.ofSeconds(5)).toCompletableFuture().join())
                .hasRootCauseInstanceOf(TimeoutException.class);
        assertThat(asked).containsExactly(AskAgain.AGAIN_AFTER, AskAgain.AGAIN_AFTER, Duration.ofSeconds(1));
    }

    @Test
    void aRefusalIsAnAnswer() {
        answers.add(CompletableFuture.failedFuture(new RoomRefusal(RoomError.ROOM_NOT_FOUND)));

        assertThatThrownBy(
                        () -> ask(Duration.ofSeconds(10)).toCompletableFuture().join())
                .hasRootCauseInstanceOf(RoomRefusal.class);
        assertThat(asked).hasSize(1);
    }
}
