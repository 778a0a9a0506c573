package org.rotunda.room.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.rotunda.room.testkit.RoomSamples;

class BandwidthSettingsTest {
    @Test
    void hasTheDefaultsOfTheConfiguration() {
        assertThat(RoomSamples.settings().bandwidth()).isEqualTo(new BandwidthSettings(4_000_000, 0, true));
    }

    @Test
    void refusesLimitsOutOfRangeAndNamesTheirKeys() {
        new BandwidthSettings(1, BandwidthSettings.LOUDEST_AUDIO_MAX, false);
        assertThatThrownBy(() -> new BandwidthSettings(0, 0, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotunda.rooms.subscription-bitrate-max");
        for (int loudest : new int[] {-1, BandwidthSettings.LOUDEST_AUDIO_MAX + 1}) {
            assertThatThrownBy(() -> new BandwidthSettings(1, loudest, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rotunda.rooms.loudest-audio");
        }
    }
}
