package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.feedback.RtxReceiver.Outcome;
import org.rotunda.media.rtp.RtpHeader;

class RtxReceiverProperties {
    private static final int RTX_SSRC = 0xAAAA_AAAA;
    private static final int MEDIA_SSRC = 0xBBBB_BBBB;

    private final RtxReceiver receiver = receiver();

    @Property(tries = 500)
    void restoresTheOriginalInPlace(@ForAll Random random, @ForAll boolean direct) {
        byte[] head = head(random);
        byte[] payload = new byte[1 + random.nextInt(200)];
        random.nextBytes(payload);
        int padding = (head[0] & 0x20) != 0 ? 1 + random.nextInt(20) : 0;
        ByteBuf original = Unpooled.buffer();
        write(original, head, 96, random.nextInt(0x10000), MEDIA_SSRC, null, payload, padding);
        ByteBuf rtx = direct ? Unpooled.directBuffer() : Unpooled.buffer();
        rtx.writeByte(0).readByte(); // Makes the reader index greater than zero.
        write(rtx, head, 97, 4_711, RTX_SSRC, RtpHeader.sequenceNumber(original), payload, padding);

        assertThat(receiver().restore(rtx)).isEqualTo(Outcome.RESTORED);
        assertThat(ByteBufUtil.hexDump(rtx)).isEqualTo(ByteBufUtil.hexDump(original));
        rtx.release();
    }

    @Property(tries = 2_000)
    void neverThrowsWhateverAnAuthenticatedPeerSends(@ForAll @Size(max = 60) byte[] bytes, @ForAll Random random) {
        if (bytes.length >= 12) {
            bytes[0] = (byte) (0x80 | (bytes[0] & 0x3F));
            bytes[1] = 97;
            Unpooled.wrappedBuffer(bytes).setInt(8, RTX_SSRC);
        }
        ByteBuf packet = Unpooled.wrappedBuffer(bytes);
        if (RtpHeader.isValid(packet)) {
            Outcome outcome = receiver.restore(packet);
            if (outcome == Outcome.RESTORED) {
                assertThat(RtpHeader.ssrc(packet)).isEqualTo(MEDIA_SSRC);
            }
        }
    }

    @Example
    void probesAndUnknownStreamsAreCountedAndNotChanged() {
        ByteBuf probe = Unpooled.buffer();
        write(probe, new byte[] {(byte) 0xA0}, 97, 1, RTX_SSRC, null, new byte[0], 100);
        String before = ByteBufUtil.hexDump(probe);

        assertThat(receiver.restore(probe)).isEqualTo(Outcome.PADDING_ONLY);
        assertThat(ByteBufUtil.hexDump(probe)).isEqualTo(before);
        RtpHeader.setSsrc(probe, 1);
        assertThat(receiver.restore(probe)).isEqualTo(Outcome.UNKNOWN_SSRC);
        ByteBuf unknownType = Unpooled.buffer();
        write(unknownType, new byte[] {(byte) 0x80}, 99, 1, RTX_SSRC, 5, new byte[10], 0);
        assertThat(receiver.restore(unknownType)).isEqualTo(Outcome.UNKNOWN_PAYLOAD_TYPE);
        assertThat(receiver.count(Outcome.PADDING_ONLY)).isEqualTo(1);
    }

    @Example
    void streamsAreBoundedAndCanBeForgotten() {
        for (int ssrc = 1; ssrc < RtxReceiver.STREAMS_MAX; ssrc++) {
            assertThat(receiver.mapStream(ssrc, -ssrc)).isTrue();
        }
        assertThat(receiver.mapStream(1_000, 1)).isFalse();
        assertThat(receiver.mapStream(7, 8)).isTrue(); // The stream is known already.
        receiver.unmapStream(RTX_SSRC);
        assertThat(receiver.isRtx(RTX_SSRC)).isFalse();
        assertThat(receiver.isRtx(RtxReceiver.STREAMS_MAX - 1)).isTrue();
        assertThat(receiver.mapStream(1_000, 1)).isTrue();
    }

    private static RtxReceiver receiver() {
        RtxReceiver receiver = new RtxReceiver();
        receiver.mapPayloadType(97, 96);
        receiver.mapStream(RTX_SSRC, MEDIA_SSRC);
        return receiver;
    }

    /** Returns random parts of an RTP header: the first byte, the CSRCs and the extension block. */
    private static byte[] head(Random random) {
        int csrcs = random.nextInt(4);
        int words = random.nextInt(4);
        boolean extension = random.nextBoolean();
        ByteBuf head = Unpooled.buffer();
        head.writeByte(0x80 | (random.nextBoolean() ? 0x20 : 0) | (extension ? 0x10 : 0) | csrcs);
        for (int i = 0; i < csrcs; i++) {
            head.writeInt(random.nextInt());
        }
        if (extension) {
            head.writeShort(0xBEDE).writeShort(words);
            for (int i = 0; i < words; i++) {
                head.writeInt(random.nextInt());
            }
        }
        return ByteBufUtil.getBytes(head);
    }

    private static void write(
            ByteBuf out,
            byte[] head,
            int payloadType,
            int sequence,
            int ssrc,
            @Nullable Integer originalSequence,
            byte[] payload,
            int padding) {
        out.writeByte(head[0])
                .writeByte(payloadType)
                .writeShort(sequence)
                .writeInt(123_456)
                .writeInt(ssrc);
        out.writeBytes(head, 1, head.length - 1);
        if (originalSequence != null) {
            out.writeShort(originalSequence);
        }
        out.writeBytes(payload);
        if (padding > 0) {
            out.writeZero(padding - 1).writeByte(padding);
        }
    }
}
