package org.rotunda.media.feedback;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Turns a publisher's RTX packets back into the packets that they repeat, in place (RFC 4588 §4). The payload starts
 * with the original sequence number; {@code apt} tells the original payload type, and FID or the repaired RID tells the
 * original SSRC. One per transport; owned by one event loop.
 */
@SuppressWarnings("EnumOrdinal") // The ordinal is an index into counters of this process; it is never stored or sent.
public final class RtxReceiver {
    /**
     * The outcomes of {@link #restore}. Only {@link #RESTORED} packets go on; packets with other outcomes are dropped
     * and counted.
     */
    public enum Outcome {
        RESTORED,
        /**
         * The packet is a probe of the sender's congestion control. It holds nothing to restore, but transport-wide
         * feedback reports it.
         */
        PADDING_ONLY,
        UNKNOWN_SSRC,
        UNKNOWN_PAYLOAD_TYPE,
        MALFORMED
    }

    /** The most RTX streams of one transport: 16 published tracks with three encodings each, and some to spare. */
    static final int STREAMS_MAX = 64;

    private static final int ORIGINAL_SEQUENCE_BYTES = 2;
    private static final int PAYLOAD_TYPES = 128;
    private static final byte NO_PAYLOAD_TYPE = -1;

    private final int[] rtxSsrcs = new int[STREAMS_MAX];
    private final int[] mediaSsrcs = new int[STREAMS_MAX];
    private final byte[] mediaPayloadTypes = new byte[PAYLOAD_TYPES]; // Indexed by RTX payload type.
    private final long[] outcomes = new long[Outcome.values().length];
    private int streams;

    public RtxReceiver() {
        Arrays.fill(mediaPayloadTypes, NO_PAYLOAD_TYPE);
    }

    /** Maps a payload type of RTX, as the description says: {@code a=fmtp:rtx apt=media}. */
    public void mapPayloadType(int rtxPayloadType, int mediaPayloadType) {
        mediaPayloadTypes[rtxPayloadType & 0x7F] = (byte) (mediaPayloadType & 0x7F);
    }

    /**
     * Maps an SSRC of RTX, as the FID group of the description says.
     *
     * @return false if there are {@link #STREAMS_MAX} streams already
     */
    public boolean mapStream(int rtxSsrc, int mediaSsrc) {
        int index = indexOf(rtxSsrc);
        if (index < 0) {
            if (streams == STREAMS_MAX) {
                return false;
            }
            index = streams++;
            rtxSsrcs[index] = rtxSsrc;
        }
        mediaSsrcs[index] = mediaSsrc;
        return true;
    }

    public void unmapStream(int rtxSsrc) {
        int index = indexOf(rtxSsrc);
        if (index >= 0) {
            streams--;
            rtxSsrcs[index] = rtxSsrcs[streams];
            mediaSsrcs[index] = mediaSsrcs[streams];
        }
    }

    /** Returns whether the SSRC is mapped as the SSRC of an RTX stream. */
    public boolean isRtx(int ssrc) {
        return indexOf(ssrc) >= 0;
    }

    /**
     * Rewrites a decrypted packet of an RTX stream into the original packet if the outcome is {@link Outcome#RESTORED}.
     * With other outcomes the packet stays unchanged. The header extensions stay those of the RTX packet, which has its
     * own transport-wide sequence number.
     *
     * @param packet a packet with a valid RTP header ({@link RtpHeader#isValid})
     */
    public Outcome restore(ByteBuf packet) {
        Outcome outcome = tryRestore(packet);
        outcomes[outcome.ordinal()]++;
        return outcome;
    }

    public long count(Outcome outcome) {
        return outcomes[outcome.ordinal()];
    }

    private Outcome tryRestore(ByteBuf packet) {
        if (!RtpHeader.isPaddingValid(packet)) {
            return Outcome.MALFORMED;
        }
        int index = indexOf(RtpHeader.ssrc(packet));
        if (index < 0) {
            return Outcome.UNKNOWN_SSRC;
        }
        int payloadBytes = RtpHeader.payloadLengthBytes(packet);
        // A packet with only the sequence number has no media to restore either.
        if (payloadBytes <= ORIGINAL_SEQUENCE_BYTES) {
            return Outcome.PADDING_ONLY;
        }
        byte mediaPayloadType = mediaPayloadTypes[RtpHeader.payloadType(packet)];
        if (mediaPayloadType == NO_PAYLOAD_TYPE) {
            return Outcome.UNKNOWN_PAYLOAD_TYPE;
        }
        int headerBytes = RtpHeader.lengthBytes(packet);
        int originalSequence = packet.getUnsignedShort(packet.readerIndex() + headerBytes);
        moveHeader(packet, headerBytes);
        RtpHeader.setSequenceNumber(packet, originalSequence);
        RtpHeader.setPayloadType(packet, mediaPayloadType);
        RtpHeader.setSsrc(packet, mediaSsrcs[index]);
        return Outcome.RESTORED;
    }

    /** Moves the header over the original sequence number. As the ranges overlap, the header's end is moved first. */
    private static void moveHeader(ByteBuf packet, int headerBytes) {
        int start = packet.readerIndex();
        for (int offset = headerBytes - 4; offset >= 0; offset -= 4) {
            packet.setInt(start + ORIGINAL_SEQUENCE_BYTES + offset, packet.getInt(start + offset));
        }
        packet.readerIndex(start + ORIGINAL_SEQUENCE_BYTES);
    }

    private int indexOf(int rtxSsrc) {
        for (int i = 0; i < streams; i++) {
            if (rtxSsrcs[i] == rtxSsrc) {
                return i;
            }
        }
        return -1;
    }
}
