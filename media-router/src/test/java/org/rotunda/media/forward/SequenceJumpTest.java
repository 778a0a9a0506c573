package org.rotunda.media.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests the budget of skipped sequence numbers, which bounds the work that one packet can cause. */
class SequenceJumpTest {
    private final EncodingActivity activity = new EncodingActivity();
    private int sequenceNumber;

    private boolean skip(int skipped) {
        sequenceNumber = (sequenceNumber + skipped + 1) & 0xFFFF;
        boolean allowed = activity.maySkipTo(sequenceNumber);
        if (allowed) {
            activity.extend(sequenceNumber);
        }
        return allowed;
    }

    @Test
    void aStreamThatLosesEightOfNinePacketsGoesOn() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(skip(EncodingActivity.SKIPS_PER_PACKET)).isTrue();
        }
    }

    @Test
    void someOutagesInARowAreFollowed() {
        skip(0);
        for (int outage = 0; outage < 4; outage++) {
            assertThat(skip(900)).isTrue();
            for (int i = 0; i < 100; i++) {
                assertThat(skip(0)).isTrue();
            }
        }
    }

    @Test
    void aStreamThatJumpsWithEachPacketIsMostlyDropped() {
        skip(0);
        long reserved = 0;
        for (int i = 0; i < 2_000; i++) {
            long before = activity.highestSequence();
            skip(SequenceRewriter.WINDOW_PACKETS);
            long skipped = Math.max(0, activity.highestSequence() - before - 1);
            reserved += Math.min(skipped, SequenceRewriter.WINDOW_PACKETS);
        }
        // Without the budget, each subscription would reserve 2,000 windows of sequence numbers.
        assertThat(reserved)
                .isPositive()
                .isLessThanOrEqualTo(EncodingActivity.SKIPS_MAX + 2_000L * EncodingActivity.SKIPS_PER_PACKET);
    }

    @Test
    void lateAndRepeatedPacketsCostNothing() {
        skip(0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(activity.maySkipTo(sequenceNumber)).isTrue();
            assertThat(activity.maySkipTo((sequenceNumber - 500) & 0xFFFF)).isTrue();
        }
    }
}
