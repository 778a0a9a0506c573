package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayDeque;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RateMeterTest {
    private static final long MS = 1_000_000;

    @Example
    void aSteadyStreamShowsItsRateSoonAndFallsToZeroAfterASecond() {
        RateMeter meter = new RateMeter();
        long now = -5_000 * MS;
        for (int i = 0; i < 300; i++) {
            now += 10 * MS;
            meter.onPacket(1_250, now);
            if (i > 50) {
                assertThat(meter.bitrateBps(now)).isCloseTo(1_000_000, withinPercentage(3));
                assertThat(meter.packetsPerSecond(now)).isBetween(97L, 103L);
            }
        }
        assertThat(meter.bitrateBps(now + 1_000 * MS)).isZero();
    }

    @Example
    void onePacketIsNoRate() {
        RateMeter meter = new RateMeter();
        assertThat(meter.bitrateBps(0)).isZero();
        meter.onPacket(1_000, 0);
        assertThat(meter.bitrateBps(0)).isEqualTo(32_000);
    }

    @Property(tries = 100)
    void agreesWithAListOfThePacketsOfTheLastSecond(@ForAll Random random) {
        RateMeter meter = new RateMeter();
        ArrayDeque<long[]> packets = new ArrayDeque<>();
        meter.onPacket(0, 0);
        long now = 1_000 * MS; // Past the start, when the rate is that of a shorter time.
        for (int i = 0; i < 2_000; i++) {
            now += random.nextInt(100) == 0 ? random.nextInt(3_000) * MS : random.nextInt(20) * MS;
            meter.onPacket(1_000, now);
            packets.add(new long[] {now});
            while (packets.getFirst()[0] <= now - 1_000 * MS) {
                packets.removeFirst();
            }
            long inBuckets = meter.packetsPerSecond(now);
            if (now > 2_000 * MS) {
                assertThat(inBuckets).isBetween((long) (packets.size() * 0.9) - 60, (long) (packets.size() * 1.1) + 60);
            }
        }
    }
}
