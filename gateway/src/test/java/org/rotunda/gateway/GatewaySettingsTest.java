package org.rotunda.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {
    private static GatewaySettings settings(String overrides) {
        return GatewaySettings.from(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.load())
                .resolve());
    }

    @Test
    void readsTheDefaults() {
        GatewaySettings settings = settings("");

        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.rest().publicUrl()).isNull();
        assertThat(settings.http().devToken()).isFalse();
        assertThat(settings.http().tls()).isEmpty();
        assertThat(settings.http().hasPlainPort()).isTrue();
        assertThat(settings.http().trustedProxies()).hasSize(2);
        assertThat(settings.rest().participantsMax()).isEqualTo(500);
        assertThat(settings.sessions().heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.sessions().region()).isEqualTo("us1");
        assertThat(settings.accounts().anyKey()).isEmpty();
    }

    @Test
    void namesTheLimitsThatClientsCanMeet() {
        assertThat(settings("rotunda.signaling.sessions-max = 17").limits())
                .containsEntry("signaling_sessions", 17L)
                .containsEntry("account_keys", 100L)
                .containsEntry("account_reads_per_second", 80L)
                .containsEntry("account_writes_per_second", 20L)
                .containsEntry("account_connects_per_second", 200L)
                .containsEntry("address_failures_per_minute", 120L)
                .containsEntry("account_subaccounts", 1000L)
                .containsEntry("signaling_frame_chars", 1024 * 1024L)
                .containsEntry("http_form_bytes", 256 * 1024L)
                .containsEntry("room_participants", 500L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rotunda.http.port = 70000",
                "rotunda.http.public-url = example.com",
                "rotunda.http.public-url = \"http://example.com/path\"",
                "rotunda.http.connections-max = 0",
                "rotunda.http.trusted-proxies = [\"10.0.0.0/33\"]",
                "rotunda.http.trusted-proxies = [proxy.example.com]",
                "rotunda.http.tls.certificate = /a/file",
                "rotunda.http.tls.key = /a/file",
                "rotunda.http.tls.port = 65536",
                "rotunda.http.tls.reload-interval = 0 s",
                "rotunda.http.form-bytes-max = 1",
                "rotunda.http.room-timeout = 0 s",
                "rotunda.http.answer-timeout = 0 s",
                "rotunda.http.answer-timeout = 20 s",
                "rotunda.signaling.heartbeat = 200 ms",
                "rotunda.signaling.connect-timeout = 0 s",
                "rotunda.signaling.queue-frames-max = 1",
                "rotunda.signaling.sessions-max = 0",
                "rotunda.signaling.receive-frames-per-second = 0",
                "rotunda.signaling.receive-frames-burst = 7",
                "rotunda.signaling.receive-chars-per-second = 63 KiB",
                "rotunda.signaling.receive-chars-burst = 1023 KiB",
                "rotunda.rooms.group.participants-max = 0",
                "rotunda.rooms.group.participants-max = 1001",
                "rotunda.account-store.refresh = 0 s",
                "rotunda.account-store.keys-max = -1",
                "rotunda.account-store.subaccounts-max = -1",
                "rotunda.turn.urls = [\"turn:turn.example.com\"]",
                "rotunda.turn.ttl = 59 s",
                "rotunda.limits.reads-per-second = -1",
                "rotunda.limits.writes-per-second = -1",
                "rotunda.limits.connects-per-second = -1",
                "rotunda.limits.failures-per-minute = -1",
                "rotunda.limits.burst = 0 s",
                "rotunda.limits.burst = 61 s",
                "rotunda.limits.accounts = [{ account = AC00000000000000000000000000000001, reads-per-second = -1 }]",
                "rotunda.limits.accounts = [{ account = x }]",
                "rotunda.insights.sockets-max = -1",
                "rotunda.insights.frame-chars-max = 31 KiB",
                "rotunda.insights.events-per-second = 0",
                "rotunda.insights.events-burst = 0",
                "rotunda.insights.queue-events-max = 0",
                "rotunda.insights.queue-chars-max = 255 KiB",
                "rotunda.region = \"\""
            })
    void refusesImpossibleSettings(String override) {
        assertThatThrownBy(() -> settings(override)).isInstanceOf(IllegalArgumentException.class);
    }
}
