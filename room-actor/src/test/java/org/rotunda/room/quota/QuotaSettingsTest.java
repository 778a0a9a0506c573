package org.rotunda.room.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.room.protocol.AccountSid;

class QuotaSettingsTest {
    private static QuotaSettings settings(String overrides) {
        return QuotaSettings.from(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.load())
                .resolve()
                .getConfig("rotunda"));
    }

    @Test
    void readsTheDefaults() {
        assertThat(settings("").of(ACCOUNT)).isEqualTo(new Quota(10_000, 10_000, 500));
    }

    @Test
    void anAccountMayHaveQuotasOfItsOwnAndHasTheRestLikeEverybody() {
        QuotaSettings settings = settings("rotunda.limits { concurrent-rooms = 7," + " accounts = [{ account = "
                + ACCOUNT + ", concurrent-participants = 20000 }] }");

        assertThat(settings.of(ACCOUNT)).isEqualTo(new Quota(7, 20_000, 500));
        assertThat(settings.of(new AccountSid("AC" + "9".repeat(32)))).isEqualTo(new Quota(7, 10_000, 500));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rotunda.limits.concurrent-rooms = -1",
                "rotunda.limits.concurrent-participants = -1",
                "rotunda.limits.concurrent-go-participants = -1",
                "rotunda.limits.seat-timeout = 0 s",
                "rotunda.limits.seat-renewal = 0 s",
                "rotunda.limits.silence-max = -1 s"
            })
    void refusesImpossibleSettings(String override) {
        assertThatThrownBy(() -> settings(override)).isInstanceOf(IllegalArgumentException.class);
    }
}
