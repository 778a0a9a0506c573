package org.rotunda.media.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;

class EncodingActivityTest {
    private static final long MS = 1_000_000L;

    private final SourceTrack source =
            new SourceTrack(true, 1, new PayloadTypes().with(Vp8Packets.PAYLOAD_TYPE, Codec.VP8), 0, new SourceClock());
    private final EncodingActivity encoding = source.encoding(0);

    @Test
    void stopsAfterOneAndAHalfSecondsWithoutMedia() {
        assertThat(source.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        source.onPacket(0, Vp8Packets.keyFrame(1, 0, 1), 100 * MS);
        assertThat(encoding.isActive()).isTrue();
        assertThat(source.nextDeadlineNanos()).isEqualTo(1_600 * MS);

        int version = source.activityVersion();
        source.onTimeout(1_599 * MS);
        assertThat(encoding.isActive()).isTrue();
        source.onTimeout(1_600 * MS);
        assertThat(encoding.isActive()).isFalse();
        assertThat(source.activityVersion()).isNotEqualTo(version);
        assertThat(source.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void learnsTheFrameSizeFromKeyFrames() {
        source.onPacket(0, Vp8Packets.delta(1, 0, 1, 0), 0);
        assertThat(encoding.width()).isZero();
        source.onPacket(0, Vp8Packets.keyFrame(2, 0, 2), 0);
        source.onPacket(0, Vp8Packets.delta(3, 0, 3, 0), 0);
        assertThat(encoding.width()).isEqualTo(640);
        assertThat(encoding.height()).isEqualTo(360);
    }

    @Test
    void followsTheFastestReportOfThePublishersClock() {
        SourceClock clock = new SourceClock();
        clock.onSenderReport(1_000 * MS, 1_500 * MS);
        clock.onSenderReport(2_000 * MS, 2_400 * MS);
        assertThat(clock.toLocalNanos(3_000 * MS)).isEqualTo(3_400 * MS);
        clock.onSenderReport(3_000 * MS, 3_464 * MS);
        assertThat(clock.toLocalNanos(3_000 * MS)).isEqualTo(3_401 * MS);
        clock.onSenderReport(4_000 * MS, 9_000 * MS); // The clock was set back.
        assertThat(clock.toLocalNanos(4_000 * MS)).isEqualTo(9_000 * MS);
        assertThat(SourceClock.ntpToNanos((5L << 32) | 0x8000_0000L)).isEqualTo(5_500 * MS);
    }
}
