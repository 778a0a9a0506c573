package org.rotunda.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests that a written limit of the bit rate is read as the same, but for the rounding of the wire format. */
class RembTest {
    private static final double MANTISSA_ERROR = 1.0 / (1 << 17);

    @Test
    void aLimitIsReadAsItWasWritten() {
        Random random = new Random(15);
        for (int i = 0; i < 2_000; i++) {
            long bps = random.nextLong() >>> (1 + random.nextInt(62));
            int[] ssrcs = {random.nextInt(), random.nextInt(), random.nextInt()};
            int count = random.nextInt(4);
            ByteBuf out = Unpooled.buffer();
            RtcpWriter.remb(out, 7, bps, ssrcs, count);
            RtcpCompound packet = new RtcpCompound();
            assertThat(packet.wrap(out)).isNull();
            assertThat(packet.next()).isTrue();

            assertThat(Remb.isValid(packet)).isTrue();
            assertThat(Remb.ssrcs(packet)).isEqualTo(count);
            for (int j = 0; j < count; j++) {
                assertThat(Remb.ssrc(packet, j)).isEqualTo(ssrcs[j]);
            }
            assertThat(Remb.bitrateBps(packet)).isBetween((long) ((double) bps * (1 - MANTISSA_ERROR)), bps);
            assertThat(packet.next()).isFalse();
        }
    }

    @Test
    void smallLimitsAreExact() {
        for (long bps : new long[] {0, 1, 400, 262_143}) {
            ByteBuf out = Unpooled.buffer();
            RtcpWriter.remb(out, 7, bps, new int[0], 0);
            RtcpCompound packet = new RtcpCompound();
            packet.wrap(out);
            packet.next();

            assertThat(Remb.bitrateBps(packet)).isEqualTo(bps);
        }
    }
}
