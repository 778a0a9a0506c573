package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QualityRecordTest {
    private final List<QualityRecord.Sample> samples = new ArrayList<>();
    private double at;
    private double bytes;
    private double frames;

    /** Adds samples of one video for this time. Each second has 100,000 bytes in 100 packets and one lost audio packet. */
    private void run(double seconds, boolean off, int height, double framesPerSecond) {
        for (int i = 0; i < seconds * 10; i++) {
            at += QualityRecord.SAMPLE_EVERY_MS;
            bytes += 10_000;
            frames += framesPerSecond / 10;
            samples.add(new QualityRecord.Sample(
                    at,
                    bytes,
                    at / 10,
                    at / 20,
                    at / 1_000,
                    Map.of("MT1", new QualityRecord.Video(off, height, frames, Math.floor(frames)))));
        }
    }

    private QualityRecord taken() {
        return new QualityRecord(samples);
    }

    @Test
    void theRateCountsHeaders() {
        run(5, false, 720, 30);

        assertThat(taken().rateBps(1_000, 4_000)).isCloseTo((100_000 + 100 * 28) * 8, within(1.0));
        assertThat(taken().peakToPeak(0, 5_000, 2_000)).isCloseTo(0, within(0.001));
        assertThat(taken().audioLoss(0, 5_000)).isCloseTo(1 / 51.0, within(0.001));
    }

    @Test
    void layersThatLastAreCounted() {
        run(5, false, 720, 30);
        run(5, false, 720, 15);
        run(1, false, 360, 30);
        run(5, false, 180, 7.5);
        run(5, true, 180, 0);

        assertThat(taken().layers(0, at)).isEqualTo(Map.of("MT1", List.of("720p30", "720p15", "180p8", "off")));
        assertThat(taken().layerSwitches(0, at)).isEqualTo(3);
        assertThat(taken().whenAllHave(1, 180, 0)).isEqualTo(11_100);
        assertThat(taken().whenAllHave(1, 1080, 0)).isInfinite();
    }

    @Test
    void aVideoThatIsOffIsNotFrozen() {
        run(2, false, 720, 30);
        run(3, false, 720, 0);
        run(5, true, 720, 0);
        run(2, false, 720, 30);

        assertThat(taken().longestFreeze(0, at)).isCloseTo(3_000, within(1.0));
        assertThat(taken().longestFreeze(5_100, at)).isLessThan(200);
    }
}
