package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaSettings;
import org.rotunda.media.control.MediaTcpSettings;

class LoadMeterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static LoadMeter meter(int loops, int egressMax, int packetsMax) {
        return new LoadMeter(new MediaSettings(
                "127.0.0.1",
                0,
                loops,
                List.of(),
                100,
                MediaSettings.LOOP_SHARE,
                egressMax,
                packetsMax,
                true,
                true,
                Duration.ZERO,
                Duration.ofMinutes(2),
                Optional.empty(),
                MediaTcpSettings.OFF));
    }

    private static LoadMeter.Sample waited(long nanos, Long... waitedNanos) {
        return new LoadMeter.Sample(nanos, List.of(waitedNanos), 0, 0, 0);
    }

    @Test
    void nodeWithoutAMeasurementIsIdle() {
        LoadMeter meter = meter(2, 0, 0);
        assertThat(meter.load(0)).isZero();
        meter.add(waited(5 * SECOND, 0L, 0L));
        assertThat(meter.load(0)).isZero();
        assertThat(meter.busyShare(1)).isZero();
    }

    @Test
    void busiestQuarterOfTheLoopsCounts() {
        LoadMeter meter = meter(8, 0, 0);
        meter.add(waited(0, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
        // The loops work 90, 50 and 10 % of the time, the others not at all.
        meter.add(waited(
                10 * SECOND,
                SECOND,
                10 * SECOND,
                5 * SECOND,
                9 * SECOND,
                10 * SECOND,
                10 * SECOND,
                10 * SECOND,
                10 * SECOND));

        assertThat(meter.busyShare(0)).isEqualTo(0.9, within(1e-9));
        assertThat(meter.busyShare(1)).isZero();
        assertThat(meter.load(0)).as("two of eight loops").isEqualTo((0.9 + 0.5) / 2, within(1e-9));
    }

    @Test
    void meansAreThoseOfTheLastTenSeconds() {
        LoadMeter meter = meter(1, 0, 0);
        for (int second = 0; second <= 30; second++) {
            meter.add(waited(second * SECOND, 0L)); // The loop never waits.
        }
        assertThat(meter.load(0)).isEqualTo(1);
        for (int second = 31; second <= 35; second++) {
            meter.add(waited(second * SECOND, (second - 30) * SECOND)); // The loop only waits.
        }
        assertThat(meter.load(0)).isEqualTo(0.5, within(1e-9));
        for (int second = 36; second <= 40; second++) {
            meter.add(waited(second * SECOND, (second - 30) * SECOND));
        }
        assertThat(meter.load(0)).isZero();
    }

    @Test
    void transportsCount() {
        assertThat(meter(1, 0, 0).load(25)).isEqualTo(0.25, within(1e-9));
        assertThat(meter(1, 0, 0).load(1_000)).isEqualTo(1);
    }

    @Test
    void bitsAndPacketsCountIfTheirLimitsAreSet() {
        LoadMeter.Sample begin = new LoadMeter.Sample(0, List.of(0L), 0, 0, 0);
        // In 10 s, the node receives 10,000 packets and sends 20,000 packets. A sent packet has 972 bytes, or 1,000
        // bytes with headers.
        LoadMeter.Sample end = new LoadMeter.Sample(10 * SECOND, List.of(10 * SECOND), 19_440_000, 10_000, 20_000);

        assertThat(List.of(
                        loadBetween(begin, end, 0, 0),
                        loadBetween(begin, end, 32, 0),
                        loadBetween(begin, end, 0, 10_000),
                        loadBetween(begin, end, 32, 10_000)))
                .usingElementComparator((one, other) -> Math.abs(one - other) < 1e-9 ? 0 : Double.compare(one, other))
                .containsExactly(0.0, 0.5, 0.3, 0.5);
    }

    private static double loadBetween(LoadMeter.Sample begin, LoadMeter.Sample end, int egressMax, int packetsMax) {
        LoadMeter meter = meter(1, egressMax, packetsMax);
        meter.add(begin);
        meter.add(end);
        return meter.load(0);
    }
}
