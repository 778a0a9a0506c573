package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class RtpHeaderTest {
    // The packet has one CSRC, a one-byte extension block of one word, the payload AABB, and two bytes of padding.
    private static final String FULL =
            "b1e01234" + "89abcdef" + "cafebabe" + "00000001" + "bede0001" + "10550000" + "aabb0002";

    @Test
    void readsEveryField() {
        ByteBuf packet = packet(FULL);

        assertThat(RtpHeader.isValid(packet)).isTrue();
        assertThat(RtpHeader.isPaddingValid(packet)).isTrue();
        assertThat(RtpHeader.marker(packet)).isTrue();
        assertThat(RtpHeader.payloadType(packet)).isEqualTo(96);
        assertThat(RtpHeader.sequenceNumber(packet)).isEqualTo(0x1234);
        assertThat(RtpHeader.timestamp(packet)).isEqualTo(0x89abcdef);
        assertThat(RtpHeader.ssrc(packet)).isEqualTo(0xcafebabe);
        assertThat(RtpHeader.csrcCount(packet)).isEqualTo(1);
        assertThat(RtpHeader.lengthBytes(packet)).isEqualTo(24);
        assertThat(RtpHeader.payloadLengthBytes(packet)).isEqualTo(2);
        assertThat(RtpHeader.paddingLengthBytes(packet)).isEqualTo(2);
    }

    @Test
    void setsFieldsWithoutTouchingTheirNeighbours() {
        ByteBuf packet = packet(FULL);

        RtpHeader.setMarker(packet, false);
        RtpHeader.setPayloadType(packet, 111);
        RtpHeader.setSequenceNumber(packet, 0xFFFF);
        RtpHeader.setTimestamp(packet, 1);
        RtpHeader.setSsrc(packet, 2);
        RtpHeader.setPadding(packet, false);

        assertThat(ByteBufUtil.hexDump(packet))
                .isEqualTo("916fffff" + "00000001" + "00000002" + "00000001" + "bede0001" + "10550000" + "aabb0002");
    }

    @Test
    void refusesHeadersThatReachBeyondThePacket() {
        // The packet has only eleven bytes.
        assertThat(RtpHeader.isValid(packet("8060123489abcdefcafeba"))).isFalse();
        // The version is 1.
        assertThat(RtpHeader.isValid(packet("4060123489abcdefcafebabe"))).isFalse();
        // A CSRC is missing.
        assertThat(RtpHeader.isValid(packet("8160123489abcdefcafebabe"))).isFalse();
        // The extension block has no header.
        assertThat(RtpHeader.isValid(packet("9060123489abcdefcafebabe"))).isFalse();
        assertThat(RtpHeader.isValid(packet("9060123489abcdefcafebabebede0001")))
                .isFalse(); // The extension block has no body.
        assertThat(RtpHeader.isValid(packet("9060123489abcdefcafebabebede0000")))
                .isTrue();
    }

    @Test
    void refusesPaddingThatReachesIntoTheHeader() {
        // The packet has no byte for the padding count.
        assertThat(RtpHeader.isPaddingValid(packet("a060123489abcdefcafebabe"))).isFalse();
        assertThat(RtpHeader.isPaddingValid(packet("a060123489abcdefcafebabe00")))
                .isFalse();
        assertThat(RtpHeader.isPaddingValid(packet("a060123489abcdefcafebabe02")))
                .isFalse();
        assertThat(RtpHeader.isPaddingValid(packet("a060123489abcdefcafebabe01")))
                .isTrue();
        assertThat(RtpHeader.payloadLengthBytes(packet("a060123489abcdefcafebabe01")))
                .isZero();
    }

    @Test
    void sortsDatagramsByTheirFirstTwoBytes() {
        assertThat(PacketKind.of(packet("0001"))).isEqualTo(PacketKind.STUN);
        assertThat(PacketKind.of(packet("0401"))).isEqualTo(PacketKind.UNKNOWN);
        assertThat(PacketKind.of(packet("16fe"))).isEqualTo(PacketKind.DTLS);
        assertThat(PacketKind.of(packet("4000"))).isEqualTo(PacketKind.TURN_CHANNEL);
        assertThat(PacketKind.of(packet("8060"))).isEqualTo(PacketKind.RTP);
        // 0xEF is payload type 111 with the marker set.
        assertThat(PacketKind.of(packet("90ef"))).isEqualTo(PacketKind.RTP);
        assertThat(PacketKind.of(packet("80c8"))).isEqualTo(PacketKind.RTCP);
        assertThat(PacketKind.of(packet("81df"))).isEqualTo(PacketKind.RTCP);
        assertThat(PacketKind.of(packet("c000"))).isEqualTo(PacketKind.UNKNOWN);
        assertThat(PacketKind.of(packet("80"))).isEqualTo(PacketKind.UNKNOWN);
    }

    private static ByteBuf packet(String hex) {
        ByteBuf shifted = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffff" + hex));
        return shifted.skipBytes(2); // Every read must be relative to the reader index.
    }
}
