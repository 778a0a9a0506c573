package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.room.allocation.BandwidthProfile.Mode;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;

/** Tests which of the priorities of a track counts, and the reserve and cap of a subscriber. */
class EffectivePriorityTest {
    private static final ParticipantSid A = new ParticipantSid("PA" + "a".repeat(32));
    private static final ParticipantSid B = new ParticipantSid("PA" + "b".repeat(32));

    @ParameterizedTest
    @CsvSource({
        "STANDARD,         , false, HIGH,     STANDARD",
        "STANDARD, LOW     , false, HIGH,     LOW",
        "LOW,      HIGH    , false, STANDARD, HIGH",
        "STANDARD,         , true,  HIGH,     HIGH",
        "LOW,      LOW     , true,  STANDARD, STANDARD",
        "HIGH,             , true,  LOW,      HIGH"
    })
    void theSubscriberDecidesAndTheDominantSpeakerIsRaised(
            TrackPriority publish,
            @Nullable TrackPriority subscribe,
            boolean dominant,
            TrackPriority dominantPriority,
            TrackPriority expected) {
        BandwidthProfile profile =
                new BandwidthProfile(Mode.GRID, dominantPriority, 0, 0, SwitchOffMode.PREDICTED, null, null, null);

        assertThat(EffectivePriority.of(publish, subscribe, dominant, profile)).isEqualTo(expected);
    }

    @Test
    void theDominantSpeakerIsTheFirstThatTheSubscriberReceives() {
        assertThat(EffectivePriority.dominantFor(List.of(A, B), A::equals)).contains(A);
        assertThat(EffectivePriority.dominantFor(List.of(A, B), B::equals)).contains(B);
        assertThat(EffectivePriority.dominantFor(List.of(A), B::equals)).isEmpty();
    }

    @Test
    void audioDataAndRetransmissionsAreReserved() {
        assertThat(SubscriberInput.reserve(0, 0, 1_000_000, 0)).isEqualTo(30_000);
        assertThat(SubscriberInput.reserve(50_000, 1, 1_000_000, 0)).isEqualTo(80_000);
        assertThat(SubscriberInput.reserve(50_000, 2, 1_000_000, 0)).isEqualTo(110_000);
        assertThat(SubscriberInput.reserve(0, 9, 1_000_000, 0.05)).isEqualTo(200_000);
        assertThat(SubscriberInput.reserve(0, 0, 1_000_000, 0.5)).isEqualTo(130_000);
    }

    @Test
    void theLowerLimitCounts() {
        BandwidthProfile capped = new BandwidthProfile(
                Mode.GRID, TrackPriority.STANDARD, 400, 0, SwitchOffMode.PREDICTED, null, null, null);

        assertThat(SubscriberInput.cap(4_000_000, BandwidthProfile.DEFAULT)).isEqualTo(4_000_000);
        assertThat(SubscriberInput.cap(4_000_000, capped)).isEqualTo(400);
        assertThat(SubscriberInput.cap(300, capped)).isEqualTo(300);
    }
}
