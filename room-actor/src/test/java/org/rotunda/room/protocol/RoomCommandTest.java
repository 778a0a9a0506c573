package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoomCommandTest {

    /**
     * Only the sender of a {@code Request} is told of a refusal. If another kind of command expected an answer, its
     * sender could wait in vain.
     */
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandWithAnAnswerIsARequest(Class<?> command) {
        boolean answered = Arrays.stream(command.getRecordComponents())
                .map(RecordComponent::getName)
                .anyMatch("replyTo"::equals);

        assertThat(RoomCommand.Request.class.isAssignableFrom(command)).isEqualTo(answered);
    }

    static Stream<Class<?>> commands() {
        return Stream.concat(
                        Arrays.stream(RoomCommand.Public.class.getPermittedSubclasses()),
                        Arrays.stream(RoomCommand.Request.class.getPermittedSubclasses()))
                .filter(Class::isRecord)
                .map(each -> (Class<?>) each);
    }
}
