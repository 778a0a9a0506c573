package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.forward.PayloadTypes;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.sdp.OutgoingTrack;

/** Tests that the jitter of a received track is measured in the clock of the track's codec. */
class ReceivedTrackTest {
    private static final int SSRC = 7;
    private static final int OPUS = 111;
    private static final int PCMU = 0;
    private static final long PACKET_NANOS = 20_000_000L;

    private final ReceivedTrack track = new ReceivedTrack(
            "mic",
            false,
            List.of(new MediaPlan.Encoding(SSRC, OutgoingTrack.NO_RTX)),
            new PayloadTypes().with(OPUS, Codec.OPUS).with(PCMU, Codec.PCMU),
            0,
            new SourceClock(),
            new RtcpExchange(
                    new NoStreams(),
                    1,
                    new byte[8],
                    UnpooledByteBufAllocator.DEFAULT,
                    new Random(1),
                    new DropStatistics(),
                    new QualityStatistics()),
            () -> {});
    private final ReceivedEncoding encoding = track.encodings().get(0);
    private int sequenceNumber;
    private int timestamp;
    private long nowNanos;

    @AfterEach
    void release() {
        track.close();
    }

    @Test
    void evenPacketsOfPcmuHaveNoJitter() {
        send(PCMU, 160, 100);

        assertThat(encoding.statistics().jitterNanos()).isZero();
    }

    @Test
    void aChangeOfCodecIsNoJitter() {
        send(OPUS, 960, 100);
        send(PCMU, 160, 100);
        send(OPUS, 960, 100);

        assertThat(encoding.statistics().jitterNanos()).isZero();
        assertThat(encoding.statistics().packetsReceived()).isEqualTo(300);
    }

    @Test
    void jitterOfPcmuIsToldInItsOwnUnits() {
        // Every second packet is 8 ms late, which is 64 clock units. The filter approaches this value.
        for (int i = 0; i < 500; i++) {
            send(PCMU, 160, 1);
            nowNanos += i % 2 == 0 ? 8_000_000 : -8_000_000;
        }

        assertThat(encoding.statistics().jitterNanos()).isBetween(7_000_000L, 9_000_000L);
    }

    private void send(int payloadType, int step, int packets) {
        for (int i = 0; i < packets; i++) {
            ByteBuf packet = Unpooled.buffer();
            RtpHeader.write(packet, false, false, payloadType, sequenceNumber++, timestamp, SSRC);
            packet.writeZero(step);
            track.onPacket(encoding, packet, false, nowNanos);
            timestamp += step;
            nowNanos += PACKET_NANOS;
        }
    }

    private static final class NoStreams implements RtcpExchange.Streams {
        @Override
        public @Nullable ReceivedEncoding received(int ssrc) {
            return null;
        }

        @Override
        public @Nullable SentTrack sent(int ssrc) {
            return null;
        }

        @Override
        public void onRtt(long rttNanos) {}

        @Override
        public void onTransportFeedback(RtcpCompound feedback) {}

        @Override
        public void onRemb(long bps) {}

        @Override
        public void onLoss(long expected, long lost) {}

        @Override
        public void sendRtcp(ByteBuf plaintext) {
            plaintext.release();
        }
    }
}
