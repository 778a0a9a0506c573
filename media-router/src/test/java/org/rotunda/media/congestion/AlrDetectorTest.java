package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlrDetectorTest {
    private static final long MS = 1_000_000;
    private static final double ESTIMATE = 1_000_000;

    private final AlrDetector alr = new AlrDetector(ESTIMATE, AlrDetector.USE);
    private long now;

    /** Sends a share of the estimate for some time, 10 ms at a time. */
    private void send(double share, long nanos) {
        for (long end = now + nanos; now < end; now += 10 * MS) {
            alr.onSent((int) (ESTIMATE * share / 8 / 100), now);
        }
    }

    @Test
    void shouldNotBeLimitedAtTheEstimate() {
        send(1.0, 5_000 * MS);
        assertThat(alr.isLimited()).isFalse();
    }

    @Test
    void shouldBeLimitedWhenLittleIsSent() {
        send(1.0, 2_000 * MS);
        send(0.2, 2_000 * MS);
        assertThat(alr.isLimited()).isTrue();
    }

    /** The region must not end at the level at which it begins: it would flap. */
    @Test
    void shouldEndAtALowerLevelThanItBegins() {
        send(0.2, 3_000 * MS); // The budget is full.
        assertThat(alr.isLimited()).isTrue();
        // A budget of 65 % is spent at 85 % of the estimate: 0.2 of a window each 0.5 s. From 1.0 to 0.7 it is below
        // the
        // level of entry, 0.8, and above the level of leaving, 0.5.
        send(0.85, 500 * MS);
        assertThat(alr.isLimited()).isTrue();
        send(0.85, 2_000 * MS);
        assertThat(alr.isLimited()).isFalse();
    }

    @Test
    void shouldRememberForAWhileThatItWasLimited() {
        send(0.2, 2_000 * MS);
        send(1.0, 2_000 * MS);
        assertThat(alr.isLimited()).isFalse();
        assertThat(alr.wasLimitedWithin(3_000 * MS, now)).isTrue();
        assertThat(alr.wasLimitedWithin(3_000 * MS, now + 4_000 * MS)).isFalse();
    }

    @Test
    void shouldBecomeLimitedWithoutAnyPacket() {
        send(1.0, 2_000 * MS);
        alr.update(now + 5_000 * MS);
        assertThat(alr.isLimited()).isTrue();
    }
}
