package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long MS = 1_000_000;
    private static final int SIZE = 1_000;
    private static final int BUCKET = 15; // The packets of a full bucket at 4 Mbit/s, a packet each 2 ms.

    private final List<Integer> released = new ArrayList<>();
    private long now = 7_000 * MS;
    private final Pacer<Integer> pacer = new Pacer<>(released::add, 4_000_000, now);

    private void offer(int packet) {
        if (pacer.tryPass(SIZE, Pacer.VIDEO, now)) {
            released.add(packet);
        } else {
            pacer.hold(packet, SIZE, now);
        }
    }

    private void runUntilEmpty() {
        while (pacer.held() > 0) {
            assertThat(pacer.nextDeadlineNanos()).isGreaterThan(now);
            now = pacer.nextDeadlineNanos();
            pacer.onTimeout(now);
        }
    }

    @Test
    void shouldPassPacketsWhileTheBucketHasRoom() {
        for (int i = 0; i < 100; i++) {
            offer(i);
            now += 2 * MS;
        }
        assertThat(released).hasSize(100);
        assertThat(pacer.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
    }

    @Test
    void shouldSpreadABurstAndKeepItsOrder() {
        long began = now;
        for (int i = 0; i < BUCKET + 20; i++) {
            offer(i);
        }
        assertThat(released).hasSize(BUCKET);
        assertThat(pacer.held()).isEqualTo(20);
        assertThat(pacer.heldBytes()).isEqualTo(20 * SIZE);
        runUntilEmpty();
        assertThat(released).hasSize(BUCKET + 20).isSorted();
        assertThat(now - began).isBetween(35 * MS, 50 * MS);
        assertThat(pacer.forced()).isZero();
    }

    @Test
    void shouldReleaseRunsAndNotSinglePackets() {
        for (int i = 0; i < BUCKET + 20; i++) {
            offer(i);
        }
        int calls = 0;
        while (pacer.held() > 0) {
            now = pacer.nextDeadlineNanos();
            pacer.onTimeout(now);
            calls++;
        }
        assertThat(calls).isLessThanOrEqualTo(15);
    }

    @Test
    void shouldLetUrgentPacketsPassAndChargeThem() {
        for (int i = 0; i < BUCKET + 2; i++) {
            offer(i);
        }
        assertThat(pacer.held()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            assertThat(pacer.tryPass(SIZE, Pacer.URGENT, now)).isTrue();
        }
        now += 5 * MS;
        pacer.onTimeout(now);
        assertThat(pacer.held()).isEqualTo(2); // The urgent packets have used this time.
        now += 10 * MS;
        pacer.onTimeout(now);
        assertThat(pacer.held()).isZero();
    }

    @Test
    void shouldNotLetVideoOvertakeHeldVideo() {
        for (int i = 0; i < BUCKET + 2; i++) {
            offer(i);
        }
        now += 15 * MS; // The bucket has room again, but two packets are held.
        assertThat(pacer.tryPass(SIZE, Pacer.VIDEO, now)).isFalse();
    }

    @Test
    void shouldHoldNoPacketForTooLong() {
        pacer.setRate(100_000, now);
        long began = now;
        for (int i = 0; i < 100; i++) {
            offer(i);
        }
        runUntilEmpty();
        assertThat(released).hasSize(100).isSorted();
        assertThat(now - began).isLessThanOrEqualTo(Pacer.HELD_NANOS_MAX);
    }

    @Test
    void shouldReleaseTheOldestWhenItIsFull() {
        for (int i = 0; i < Pacer.PACKETS_MAX + 20; i++) {
            offer(i);
        }
        assertThat(pacer.held()).isEqualTo(Pacer.PACKETS_MAX);
        assertThat(released).hasSize(20).isSorted();
        assertThat(pacer.forced()).isEqualTo(20 - BUCKET);
        runUntilEmpty();
        assertThat(released).hasSize(Pacer.PACKETS_MAX + 20).isSorted();
    }

    @Test
    void shouldHandOverWhatItHolds() {
        for (int i = 0; i < BUCKET + 3; i++) {
            offer(i);
        }
        List<Integer> rest = new ArrayList<>();
        pacer.drainTo(rest::add);
        assertThat(rest).containsExactly(BUCKET, BUCKET + 1, BUCKET + 2);
        assertThat(pacer.held()).isZero();
        assertThat(pacer.heldBytes()).isZero();
        assertThat(released).hasSize(BUCKET);
    }
}
