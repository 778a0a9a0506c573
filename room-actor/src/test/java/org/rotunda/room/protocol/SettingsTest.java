package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @Test
    void acceptsTheShortestPositiveDuration() {
        assertThatCode(() -> Settings.requirePositive("rotunda.some.key", Duration.ofNanos(1)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void refusesADurationThatIsNotPositiveAndNamesItsKey(Duration value) {
        assertThatThrownBy(() -> Settings.requirePositive("rotunda.some.key", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotunda.some.key")
                .hasMessageContaining(value.toString());
    }
}
