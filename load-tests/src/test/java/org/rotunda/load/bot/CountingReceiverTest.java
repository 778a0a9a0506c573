package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.rtp.RtpHeader;

/** Tests that packets are counted by their clear headers, whatever the encrypted rest is. */
class CountingReceiverTest {
    private static final int LENGTH_BYTES = 1_150;

    private final MediaCounters counters = new MediaCounters();
    private final List<Long> firstMedia = new ArrayList<>();
    private final CountingReceiver receiver = new CountingReceiver(counters, firstMedia::add);

    /** Returns a packet that is zero behind its header. No key decrypts such a packet. */
    private static ByteBuf packet(int ssrc, int sequenceNumber) {
        ByteBuf packet = Unpooled.buffer(LENGTH_BYTES);
        RtpHeader.write(packet, false, false, 96, sequenceNumber, 0, ssrc);
        return packet.writeZero(LENGTH_BYTES - packet.readableBytes());
    }

    @Test
    void packetsAndBytesAreCounted() {
        for (int i = 0; i < 10; i++) {
            receiver.onRtp(packet(1, i), i);
        }

        assertThat(counters.packetsIn).isEqualTo(10);
        assertThat(counters.bytesIn).isEqualTo(10 * LENGTH_BYTES);
        assertThat(counters.lost).isZero();
    }

    @Test
    void eachStreamHasItsOwnSequenceNumbers() {
        receiver.onRtp(packet(1, 100), 0);
        receiver.onRtp(packet(2, 60_000), 0);
        receiver.onRtp(packet(1, 102), 0);
        receiver.onRtp(packet(2, 60_004), 0);

        assertThat(counters.lost).isEqualTo(4);

        receiver.onRtp(packet(1, 101), 0);

        assertThat(counters.lost).isEqualTo(3);
    }

    @Test
    void theFirstPacketIsReportedOnce() {
        receiver.onRtp(packet(1, 1), 7);
        receiver.onRtp(packet(2, 1), 8);

        assertThat(firstMedia).containsExactly(7L);
    }

    @Test
    void aBrokenHeaderIsNoPacket() {
        receiver.onRtp(Unpooled.wrappedBuffer(new byte[] {(byte) 0x80, 96, 0, 1}), 0);

        assertThat(counters.packetsIn).isZero();
        assertThat(counters.unknownDatagrams).isEqualTo(1);
        assertThat(firstMedia).isEmpty();
    }

    @Test
    void theNumberOfStreamsIsLimited() {
        for (int ssrc = 1; ssrc <= CountingReceiver.STREAMS_MAX + 5; ssrc++) {
            receiver.onRtp(packet(ssrc, 1), 0);
        }
        receiver.onRtp(packet(1, 2), 0);

        assertThat(counters.packetsIn).isEqualTo(CountingReceiver.STREAMS_MAX + 1);
        assertThat(counters.unknownSsrcs).isEqualTo(5);
    }
}
