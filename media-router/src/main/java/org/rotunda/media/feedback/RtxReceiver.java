package org.rotunda.media.feedback;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.rotunda.media.rtp.RtpHeader;

/**
 * Restores the original packets from a publisher's RTX packets, in place (RFC 4588 §4). The payload of an RTX packet
 * starts with the original sequence number. The original payload type comes from {@code apt}. The original SSRC comes
 * from the FID group or the repaired RID. Each transport has one receiver. Owned by one event loop.
 */
@SuppressWarnings("EnumOrdinal") // The ordinal is an index into counters of this process; it is never stored or sent.
public final class RtxReceiver {
    /**
     * The outcomes of {@link #restore}. A packet is dropped if its outcome is not {@link #RESTORED}. All outcomes are
     * counted.
     */
    public enum Outcome {
        RESTORED,
        /**
         * The packet is a probe of the sender's congestion control and holds nothing to restore. Transport-wide
         * feedback still reports it.
         */
        PADDING_ONLY,
        UNKNOWN_SSRC,
        UNKNOWN_PAYLOAD_TYPE,
        MALFORMED
    }

    /** The largest number of RTX streams of one transport: 16 tracks with three encodings each, and some spare. */
    static final int STREAMS_MAX = 64;

    private static final int ORIGINAL_SEQUENCE_BYTES = 2;
    private static final int PAYLOAD_TYPES = 128;
    private static final byte NO_PAYLOAD_TYPE = -1;

    private final int[] rtxSsrcs = new int[STREAMS_MAX];
    private final int[] mediaSsrcs = new int[STREAMS_MAX];
    private final byte[] mediaPayloadTypes = new byte[PAYLOAD_TYPES]; // The index is the RTX payload type.
    private final long[] outcomes = new long[Outcome.values().length];
    private int streams;

    public RtxReceiver() {
        Arrays.fill(mediaPayloadTypes, NO_PAYLOAD_TYPE);
    }

    /** Maps an RTX payload type to its media payload type, as {@code a=fmtp:rtx apt=media} states. */
    public void mapPayloadType(int rtxPayloadType, int mediaPayloadType) {
        mediaPayloadTypes[rtxPayloadType & 0x7F] = (byte) (mediaPayloadType & 0x7F);
    }

    /**
     * Maps an RTX SSRC to its media SSRC, as the FID group states.
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

    /** Returns whether {@link #mapPayloadType} has mapped this RTX payload type. */
    public boolean isRtxPayloadType(int payloadType) {
        return mediaPayloadTypes[payloadType & 0x7F] != NO_PAYLOAD_TYPE;
    }

    /** Returns whether the SSRC belongs to a mapped RTX stream. */
    public boolean isRtx(int ssrc) {
        return indexOf(ssrc) >= 0;
    }

    /**
     * Rewrites a decrypted RTX packet into the original packet. The packet stays unchanged if the outcome is not {@link
     * Outcome#RESTORED}. The header extensions stay those of the RTX packet, including its transport-wide sequence
     * number.
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
        // A payload of only the sequence number contains no media.
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

    /**
     * Moves the header over the original sequence number. The end of the header is moved first, because the ranges
     * overlap.
     */
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
