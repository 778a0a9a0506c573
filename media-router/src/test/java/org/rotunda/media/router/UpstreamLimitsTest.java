package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DesiredTransport.Publication;
import org.rotunda.media.control.TrackKind;

class UpstreamLimitsTest {
    @Test
    void limitsOfVideoAddUpAndAudioGetsItsShare() {
        assertThat(RouterRoom.upstreamLimitBps(List.of(
                        new Publication("MT1", "a", TrackKind.VIDEO, 500_000),
                        new Publication("MT2", "b", TrackKind.VIDEO, 200_000),
                        new Publication("MA1", "c", TrackKind.AUDIO),
                        new Publication("MD1", "d", TrackKind.DATA))))
                .isEqualTo(700_000 + RouterRoom.UPSTREAM_AUDIO_BPS);
    }

    @Test
    void oneVideoWithoutALimitLiftsTheLimit() {
        assertThat(RouterRoom.upstreamLimitBps(List.of(
                        new Publication("MT1", "a", TrackKind.VIDEO, 500_000),
                        new Publication("MT2", "b", TrackKind.VIDEO))))
                .isZero();
    }

    @Test
    void audioAloneHasNoLimit() {
        assertThat(RouterRoom.upstreamLimitBps(List.of(new Publication("MA1", "c", TrackKind.AUDIO))))
                .isZero();
    }
}
