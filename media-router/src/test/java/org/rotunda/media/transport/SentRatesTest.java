package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentRatesTest {
    private static final long MS = 1_000_000L;

    private final SentRates rates = new SentRates();

    @Test
    void isZeroBeforeTheFirstPacket() {
        assertThat(rates.sentBps(5_000 * MS)).isZero();
        assertThat(rates.audioPeakBps(5_000 * MS)).isZero();
    }

    @Test
    void measuresTheLastWholeSecond() {
        for (long now = 0; now < 3_000; now += 10) {
            rates.onSent(125, now * MS);
        }

        assertThat(rates.sentBps(3_000 * MS)).isEqualTo(100_000);
        assertThat(rates.sentBps(3_500 * MS)).isEqualTo(50_000);
        assertThat(rates.sentBps(4_100 * MS)).isZero();
        assertThat(rates.bytes()).isEqualTo(300 * 125);
    }

    @Test
    void remembersThePeakOfAudioForFiveSeconds() {
        rates.onAudio(4_000, 1_500 * MS);
        rates.onAudio(1_000, 2_500 * MS);

        assertThat(rates.audioPeakBps(6_900 * MS)).isEqualTo(32_000);
        assertThat(rates.audioPeakBps(7_100 * MS)).isEqualTo(8_000);
        assertThat(rates.audioPeakBps(3_600_000 * MS)).isZero();
    }
}
