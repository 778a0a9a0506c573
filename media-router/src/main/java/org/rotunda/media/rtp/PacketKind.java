package org.rotunda.media.rtp;

import io.netty.buffer.ByteBuf;

/**
 * The protocols on the shared port. The first byte of a datagram tells them apart (RFC 7983 §7), and the second byte
 * tells RTP from RTCP (RFC 5761 §4). The rest of a datagram is not checked here, so each parser must check it.
 */
public enum PacketKind {
    STUN,
    DTLS,
    TURN_CHANNEL,
    RTP,
    RTCP,
    UNKNOWN;

    private static final int RTCP_TYPE_MIN = 192;
    private static final int RTCP_TYPE_MAX = 223;

    public static PacketKind of(ByteBuf datagram) {
        if (datagram.readableBytes() < 2) {
            return UNKNOWN;
        }
        int first = datagram.getUnsignedByte(datagram.readerIndex());
        if (first >= 128 && first <= 191) {
            int second = datagram.getUnsignedByte(datagram.readerIndex() + 1);
            return second >= RTCP_TYPE_MIN && second <= RTCP_TYPE_MAX ? RTCP : RTP;
        }
        if (first <= 3) {
            return STUN;
        }
        if (first >= 20 && first <= 63) {
            return DTLS;
        }
        return first >= 64 && first <= 79 ? TURN_CHANNEL : UNKNOWN;
    }
}
