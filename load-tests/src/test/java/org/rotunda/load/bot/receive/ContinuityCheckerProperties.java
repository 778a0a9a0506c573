package org.rotunda.load.bot.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Tests that the checker reports no fault for reordered or resent packets, counts packets that never arrive, and never
 * throws.
 */
class ContinuityCheckerProperties {
    private static final long MS = 1_000_000L;

    @Property(tries = 200)
    void lossesThatAreResentAndReorderingAreNoFaults(
            @ForAll long seed,
            @ForAll @IntRange(max = 30) int lossPercent,
            @ForAll @IntRange(min = 1, max = 20) int delay) {
        Random random = new Random(seed);
        FaultCounters faults = new FaultCounters();
        ContinuityChecker checker = new ContinuityChecker(true, "video", faults);
        List<ByteBuf> packets = new Vp8Packets().frames(100);
        List<ByteBuf> arrivals = new ArrayList<>(packets.subList(0, 1));
        List<ByteBuf> late = new ArrayList<>();
        for (ByteBuf packet : packets.subList(1, packets.size())) {
            if (random.nextInt(100) < lossPercent) {
                late.add(packet);
            } else {
                arrivals.add(packet);
            }
            if (late.size() > delay) {
                arrivals.addAll(late);
                late.clear();
            }
        }
        arrivals.addAll(late);
        for (int i = 0; i < arrivals.size(); i++) {
            checker.onPacket(arrivals.get(i), i * MS);
        }

        assertThat(faults.details()).isEmpty();
        assertThat(checker.frames()).isEqualTo(100);
        assertThat(checker.lost()).isZero();
    }

    @Property(tries = 200)
    void everyPacketThatNeverComesIsCountedAsLost(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int losses) {
        Random random = new Random(seed);
        FaultCounters faults = new FaultCounters();
        ContinuityChecker checker = new ContinuityChecker(true, "video", faults);
        List<ByteBuf> packets = new Vp8Packets().frames(100);
        for (int i = 0; i < losses; i++) {
            packets.remove(1 + random.nextInt(packets.size() - 2)); // The first and the last packet are kept.
        }
        long now = 0;
        for (ByteBuf packet : packets) {
            now += MS;
            checker.onPacket(packet, now);
        }
        for (int i = 0; i < losses; i++) {
            now += ContinuityChecker.HOLE_WAIT_NANOS;
            checker.onTime(now);
        }

        assertThat(checker.lost()).isEqualTo(losses);
        assertThat(faults.byKind()).containsOnlyKeys(ContinuityFault.GAP);
    }

    @Property(tries = 500)
    void arbitraryBytesNeverMakeTheCheckerThrow(
            @ForAll @Size(min = 12, max = 200) byte[] bytes, @ForAll boolean video) {
        bytes[0] = (byte) (0x80 | (bytes[0] & 0x3F));
        ByteBuf packet = Unpooled.wrappedBuffer(bytes);
        if (!RtpHeader.isValid(packet)) {
            return;
        }
        FaultCounters faults = new FaultCounters();
        ContinuityChecker checker = new ContinuityChecker(video, "fuzz", faults);
        Vp8Packets encoder = new Vp8Packets();
        encoder.frames(3).forEach(one -> checker.onPacket(one, 0));
        checker.onPacket(packet, MS);
        checker.onTime(10_000 * MS);
        encoder.frame(true).forEach(one -> checker.onPacket(one, 10_001 * MS));
        checker.onTime(20_000 * MS);

        assertThat(checker.packets()).isEqualTo(3L * Vp8Packets.PACKETS_PER_FRAME + 1 + Vp8Packets.PACKETS_PER_FRAME);
    }
}
