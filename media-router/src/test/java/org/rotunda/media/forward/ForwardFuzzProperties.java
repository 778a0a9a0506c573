package org.rotunda.media.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Properties under random packets of a publisher: nothing throws, nothing is read out of bounds, and every egress
 * packet is valid RTP.
 */
class ForwardFuzzProperties {
    static final ExtensionLayout EXTENSIONS = ExtensionLayout.builder()
            .mid(20, "abcdefghijklmnopqrstuvwxyz012345")
            .transportSequence(3)
            .absSendTime(4)
            .audioLevel(5)
            .build();
    static final ExtensionLayout EXTENSIONS_WITH_CONTENT_TYPE = ExtensionLayout.builder()
            .mid(20, "abcdefghijklmnopqrstuvwxyz012345")
            .transportSequence(3)
            .absSendTime(4)
            .audioLevel(5)
            .contentType(6)
            .build();

    @Property(tries = 300)
    void survivesAnyPublisher(@ForAll long seed) {
        Random random = new Random(seed);
        boolean video = random.nextInt(4) > 0;
        PayloadTypes types = new PayloadTypes()
                .with(96, Codec.VP8)
                .with(97, Codec.H264)
                .with(98, Codec.OPUS)
                .with(99, Codec.PCMU);
        EgressParameters.Builder parameters =
                EgressParameters.builder(1, EXTENSIONS).contentType(EXTENSIONS_WITH_CONTENT_TYPE);
        for (Codec codec : Codec.values()) {
            parameters.codec(codec, 100).rtx(codec, 101, 2);
        }
        EgressParameters negotiated = parameters.build();
        SourceTrack source = new SourceTrack(video, 2, types, 1, new SourceClock());
        ForwardedTrack track = new ForwardedTrack(source, negotiated, (encoding, nowNanos) -> {}, random);
        EgressPacketWriter writer = new EgressPacketWriter();
        EgressPacket egress = new EgressPacket();
        Map<Long, ByteBuf> cache = new HashMap<>();
        track.setDesired(1, 2, false, 0);
        long nowNanos = 0;
        int sequenceNumber = random.nextInt(1 << 16);

        for (int i = 0; i < 200; i++) {
            nowNanos += random.nextInt(200_000_000);
            sequenceNumber = random.nextInt(8) == 0 ? random.nextInt(1 << 16) : (sequenceNumber + 1) & 0xFFFF;
            int encoding = random.nextInt(2);
            SourcePacket packet = source.onPacket(encoding, junk(random, sequenceNumber), nowNanos);
            if (packet != null) {
                cache.put(packet.sequence() * 2 + encoding, packet.plaintext());
                if (track.onSourcePacket(packet, egress)) {
                    check(writer, packet.plaintext(), egress, negotiated);
                }
            }
            switch (random.nextInt(20)) {
                case 0 -> track.setDesired(random.nextInt(9), random.nextInt(4), random.nextBoolean(), nowNanos);
                case 1 -> source.onSenderReport(encoding, random.nextLong(), random.nextInt(), nowNanos);
                case 2 -> track.onTimeout(nowNanos);
                case 3 -> track.onPictureLoss(nowNanos);
                case 4 -> track.egressTimestampAt(nowNanos);
                case 5 -> source.reset();
                default -> {
                    int lost = (egress.sequenceNumber() - random.nextInt(30)) & 0xFFFF;
                    ByteBuf plaintext = track.onNack(lost, (e, s) -> cache.get(s * 2 + e), nowNanos, egress);
                    if (plaintext != null) {
                        check(writer, plaintext, egress, negotiated);
                    }
                }
            }
        }
    }

    /** Asserts that the packet, sent as it is and as RTX, is valid RTP of the announced length. */
    static void check(EgressPacketWriter writer, ByteBuf plaintext, EgressPacket egress, EgressParameters parameters) {
        ByteBuf out = Unpooled.buffer();
        int length = writer.write(plaintext, egress, parameters, out);
        assertThat(RtpHeader.isValid(out)).isTrue();
        assertThat(length).isEqualTo(out.readableBytes());
        out.clear();
        int rtxLength = writer.writeRtx(plaintext, egress, parameters, 5, out);
        assertThat(RtpHeader.isValid(out)).isTrue();
        assertThat(rtxLength).isLessThanOrEqualTo(plaintext.readableBytes() + EgressPacketWriter.GROWTH_MAX_BYTES);
    }

    private static ByteBuf junk(Random random, int sequenceNumber) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        ByteBuf packet = Unpooled.wrappedBuffer(bytes);
        // Nine of ten longer packets get a valid RTP header, so that parsers read further.
        if (bytes.length > 16 && random.nextInt(10) > 0) {
            packet.setByte(0, random.nextInt(4) > 0 ? 0x80 : 0x80 | random.nextInt(0x40));
            packet.setByte(1, (random.nextBoolean() ? 0x80 : 0) | (96 + random.nextInt(4)));
            packet.setShort(2, sequenceNumber);
            if (random.nextInt(3) > 0) {
                packet.setByte(12, random.nextBoolean() ? 0x90 : 0x65);
            }
        }
        return packet;
    }
}
