package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;

/** Arbitrary inputs never break the controller: feedback is written by the client, who may be hostile. */
class DownlinkControllerProperties {
    private static final int EVENTS = 3_000;

    @Property(tries = 60)
    void anyInputLeavesTheEstimateInItsBounds(@ForAll long seed) {
        Random random = new Random(seed);
        long now = random.nextLong(1L << 50);
        DownlinkController controller = new DownlinkController(now);
        RtcpCompound compound = new RtcpCompound();
        int sequence = random.nextInt(1 << 16);
        int scale = 1 + random.nextInt(40);
        for (int i = 0; i < EVENTS; i++) {
            now += (long) (random.nextDouble() * random.nextDouble() * scale * 2_000_000);
            switch (random.nextInt(24)) {
                case 0 -> controller.onRemb(random.nextLong() >>> random.nextInt(64), now);
                case 1 -> controller.onRtt(random.nextLong(5_000_000_000L), now);
                case 2 -> controller.onLossReport(random.nextInt(1_000), random.nextInt(1_000), now);
                case 3 -> controller.setDemand(random.nextInt(9_000_000), random.nextInt(9_000_000), 0, now);
                case 4, 5, 6, 7, 8 -> {
                    if (any(random, compound, sequence)) {
                        controller.onFeedback(compound, now);
                    }
                }
                case 9 -> {
                    if (random.nextInt(100) == 0) {
                        controller.onRouteChanged(now);
                    }
                }
                case 10 -> sequence = random.nextInt(50) == 0 ? random.nextInt(1 << 16) : sequence;
                case 11 -> now += random.nextInt(50) == 0 ? 20_000_000_000L : 0;
                default -> {
                    controller.onSent(sequence, random.nextInt(1_500), random.nextInt(10) == 0, now);
                    sequence = (sequence + 1) & 0xFFFF;
                }
            }
            controller.onTimeout(now);
            int due = controller.probeBytesDue(now);
            for (int packets = 0; due > 0; packets++) {
                assertThat(packets).isLessThan(1_000); // A transport in this loop comes to an end.
                controller.onSent(sequence, Math.min(due, 1_200), true, now);
                sequence = (sequence + 1) & 0xFFFF;
                due = controller.probeBytesDue(now);
            }
            assertThat(controller.estimateBps()).isBetween(DownlinkController.MIN_BPS, DownlinkController.MAX_BPS);
            assertThat(controller.loss()).isBetween(0.0, 1.0);
            assertThat(controller.queueMillis()).isBetween(0, 60_000);
            assertThat(controller.nextDeadlineNanos()).isGreaterThan(now); // No loop without progress.
        }
    }

    /** Makes a message about numbers near those sent, or about any; half of its bytes are random. */
    private static boolean any(Random random, RtcpCompound compound, int sequence) {
        int statuses = 1 + random.nextInt(random.nextInt(20) == 0 ? TransportFeedback.STATUSES_MAX : 60);
        int base = random.nextInt(10) == 0 ? random.nextInt(1 << 16) : sequence - statuses - random.nextInt(20);
        ByteBuf message = Unpooled.buffer();
        message.writeByte(0x8F).writeByte(205).writeShort(0).writeInt(1).writeInt(2);
        message.writeShort(base).writeShort(statuses);
        message.writeMedium(random.nextInt(3) == 0 ? random.nextInt(1 << 24) : 1_000)
                .writeByte(random.nextInt(256));
        int bytes = 0;
        for (int left = statuses; left > 0 && message.readableBytes() < 1_000; ) {
            int symbol = random.nextInt(3);
            int run = Math.min(left, 1 + random.nextInt(symbol == 0 ? 8_191 : 40));
            message.writeShort(symbol << 13 | run);
            bytes += symbol * run;
            left -= run;
        }
        for (int i = 0; i < bytes && message.readableBytes() < 1_480; i++) {
            message.writeByte(random.nextInt(256));
        }
        message.writeZero(-message.readableBytes() & 3);
        message.setShort(2, message.readableBytes() / 4 - 1);
        return compound.wrap(message) == null && compound.next() && TransportFeedback.isValid(compound);
    }

    /** The work for the longest message must not depend on how much is in the history. */
    @Property(tries = 5)
    void manyMessagesAboutUnknownPacketsAreCheap(@ForAll long seed) {
        Random random = new Random(seed);
        long now = 0;
        DownlinkController controller = new DownlinkController(now);
        for (int i = 0; i < 40_000; i++) {
            controller.onSent(i & 0xFFFF, 1_200, false, now += 10_000);
        }
        RtcpCompound compound = new RtcpCompound();
        ByteBuf message = Unpooled.buffer();
        message.writeByte(0x8F).writeByte(205).writeShort(0).writeInt(1).writeInt(2);
        message.writeShort(random.nextInt(1 << 16))
                .writeShort(4 * 8_191)
                .writeMedium(0)
                .writeByte(0);
        for (int i = 0; i < 4; i++) {
            message.writeShort(8_191); // Not received.
        }
        message.setShort(2, message.readableBytes() / 4 - 1);
        assertThat(compound.wrap(message)).isNull();
        assertThat(compound.next() && TransportFeedback.isValid(compound)).isTrue();
        for (int i = 0; i < 200; i++) {
            controller.onFeedback(compound, now += 1_000_000);
        }
        // Each packet is counted as lost once, however often it is told.
        assertThat(controller.statistics().lostPackets()).isLessThanOrEqualTo(40_000);
    }
}
