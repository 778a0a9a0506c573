package org.rotunda.gateway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the defaults, and the rules for settings that depend on each other. */
class CallbackSettingsTest {
    private static CallbackSettings with(String overrides) {
        return CallbackSettings.from(ConfigFactory.parseString(overrides).withFallback(ConfigFactory.load()));
    }

    @Test
    void theDefaultsAllowNothingAndKeepADay() {
        CallbackSettings settings = with("");

        assertThat(settings.allow()).isEmpty();
        assertThat(settings.keep()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.requestTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.claim()).isEqualTo(Duration.ofSeconds(45));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rotunda.callbacks.claim = 24s | claim",
                "rotunda.callbacks.backoff-max = 999ms | backoff-max",
                "rotunda.callbacks.in-flight-max = 0 | in-flight-max",
                "rotunda.callbacks.account-in-flight-max = 0 | account-in-flight-max",
                "rotunda.callbacks.refused-attempts-max = 0 | refused-attempts-max",
                "rotunda.callbacks.poll-interval = 0s | poll-interval",
                "rotunda.callbacks.connect-timeout = 0s | connect-timeout",
                "rotunda.callbacks.keep = -1s | keep",
                "rotunda.callbacks.allow = [\"10.0.0.0/99\"] | allow"
            })
    void refusesSettingsThatCannotWork(String setting, String named) {
        assertThatThrownBy(() -> with(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotunda.callbacks")
                .hasMessageContaining(named);
    }
}
