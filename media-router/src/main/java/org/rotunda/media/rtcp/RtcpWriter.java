package org.rotunda.media.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * Appends RTCP packets to a buffer (RFC 3550 §6, RFC 4585 §6, RFC 5104 §4.3.1). The caller must keep a compound within
 * {@link #LENGTH_BYTES_MAX}. A compound must begin with a report and a CNAME, unless it is of reduced size (RFC 5506).
 *
 * <p>To write a report, call {@link #beginSenderReport} or {@link #beginReceiverReport}, then {@link #reportBlock} once
 * per block, then {@link #endReport}.
 */
public final class RtcpWriter {
    /** The largest compound that we write, in bytes. With the index and tag of SRTCP it still fits the usual MTUs. */
    public static final int LENGTH_BYTES_MAX = 1_200;

    /** The maximum number of report blocks in a report: the count field has five bits. */
    public static final int REPORT_BLOCKS_MAX = 31;

    private static final int VERSION_BITS = 0x80;
    private static final int FIR_LENGTH_BYTES = FeedbackHeader.LENGTH_BYTES + FullIntraRequest.ENTRY_LENGTH_BYTES;
    private static final int CUMULATIVE_LOST_MAX = 0x7FFFFF;
    private static final int CUMULATIVE_LOST_MIN = -0x800000;
    private static final int CNAME_ITEM = 1;
    private static final int CNAME_LENGTH_MAX = 255;

    private RtcpWriter() {}

    /** Starts a sender report. Returns its position for {@link #endReport}. */
    public static int beginSenderReport(
            ByteBuf out, int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        int start = header(out, 0, RtcpType.SR, SenderReport.FIXED_LENGTH_BYTES);
        out.writeInt(ssrc).writeLong(ntpTimestamp).writeInt(rtpTimestamp);
        out.writeInt(packetCount).writeInt(octetCount);
        return start;
    }

    /** Starts a receiver report. Returns its position for {@link #endReport}. */
    public static int beginReceiverReport(ByteBuf out, int ssrc) {
        int start = header(out, 0, RtcpType.RR, ReceiverReport.FIXED_LENGTH_BYTES);
        out.writeInt(ssrc);
        return start;
    }

    /**
     * Adds a block to the current report. A report has at most {@link #REPORT_BLOCKS_MAX} blocks.
     *
     * @param cumulativeLost the number of lost packets; clamped to the range of 24 bits
     */
    public static void reportBlock(
            ByteBuf out,
            int ssrc,
            int fractionLost,
            int cumulativeLost,
            int extendedHighestSequence,
            int jitter,
            int lastSr,
            int delaySinceLastSr) {
        int lost = Math.max(CUMULATIVE_LOST_MIN, Math.min(CUMULATIVE_LOST_MAX, cumulativeLost));
        out.writeInt(ssrc).writeByte(fractionLost).writeMedium(lost).writeInt(extendedHighestSequence);
        out.writeInt(jitter).writeInt(lastSr).writeInt(delaySinceLastSr);
    }

    /** Completes the report that begins at {@code start}: sets its number of blocks and its length. */
    public static void endReport(ByteBuf out, int start) {
        int length = out.writerIndex() - start;
        int fixed = out.getUnsignedByte(start + 1) == RtcpType.SR
                ? SenderReport.FIXED_LENGTH_BYTES
                : ReceiverReport.FIXED_LENGTH_BYTES;
        int blocks = (length - fixed) / ReportBlocks.LENGTH_BYTES;
        if (blocks > REPORT_BLOCKS_MAX) {
            throw new IllegalStateException("a report has room for 31 blocks, not for " + blocks);
        }
        out.setByte(start, VERSION_BITS | blocks);
        out.setShort(start + 2, length / 4 - 1);
    }

    /** Appends a source description with one source and its CNAME. The CNAME has at most 255 bytes of UTF-8. */
    public static void cname(ByteBuf out, int ssrc, byte[] cname) {
        if (cname.length > CNAME_LENGTH_MAX) {
            throw new IllegalArgumentException("a CNAME has at most 255 bytes, not " + cname.length);
        }
        header(out, 1, RtcpType.SDES, cnameLengthBytes(cname));
        out.writeInt(ssrc).writeByte(CNAME_ITEM).writeByte(cname.length).writeBytes(cname);
        out.writeZero(4 - (cname.length + 2) % 4); // The zeros end the list of items and fill the word.
    }

    /** Returns the number of bytes that {@link #cname} writes. */
    public static int cnameLengthBytes(byte[] cname) {
        return 8 + (cname.length + 2) / 4 * 4 + 4;
    }

    public static void bye(ByteBuf out, int ssrc) {
        header(out, 1, RtcpType.BYE, 8);
        out.writeInt(ssrc);
    }

    /**
     * Appends a generic NACK for the first {@code count} sequence numbers of the array.
     *
     * @param sequenceNumbers in rising order (modulo 2^16); any other order is valid, but makes a longer message
     * @return the number of sequence numbers written; less than {@code count} if the buffer is full
     */
    public static int nack(ByteBuf out, int senderSsrc, int mediaSsrc, int[] sequenceNumbers, int count) {
        if (count == 0 || out.writableBytes() < FeedbackHeader.LENGTH_BYTES + 4) {
            return 0;
        }
        int start = feedbackHeader(
                out, RtcpType.FMT_NACK, RtcpType.RTPFB, FeedbackHeader.LENGTH_BYTES, senderSsrc, mediaSsrc);
        int written = 0;
        while (written < count && out.writableBytes() >= 4) {
            int packetId = sequenceNumbers[written++];
            int mask = 0;
            for (; written < count; written++) {
                int bit = (sequenceNumbers[written] - packetId - 1) & 0xFFFF;
                if (bit >= 16) {
                    break;
                }
                mask |= 1 << bit;
            }
            out.writeShort(packetId).writeShort(mask);
        }
        out.setShort(start + 2, (out.writerIndex() - start) / 4 - 1);
        return written;
    }

    public static void pli(ByteBuf out, int senderSsrc, int mediaSsrc) {
        feedbackHeader(out, RtcpType.FMT_PLI, RtcpType.PSFB, FeedbackHeader.LENGTH_BYTES, senderSsrc, mediaSsrc);
    }

    /**
     * Appends a full intra request. The SSRC is in the entry, because a FIR does not use the media SSRC of the header
     * (RFC 5104 §4.3.1.2).
     */
    public static void fir(ByteBuf out, int senderSsrc, int mediaSsrc, int commandSequence) {
        feedbackHeader(out, RtcpType.FMT_FIR, RtcpType.PSFB, FIR_LENGTH_BYTES, senderSsrc, 0);
        out.writeInt(mediaSsrc).writeByte(commandSequence).writeMedium(0);
    }

    /**
     * Appends a receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03 §2.2) for the first {@code count}
     * SSRCs of the array. A bit rate with more than 18 significant bits is rounded down.
     *
     * @param count at most 255
     */
    public static void remb(ByteBuf out, int senderSsrc, long bitrateBps, int[] ssrcs, int count) {
        int exponent = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(bitrateBps) - Remb.MANTISSA_BITS);
        feedbackHeader(
                out,
                RtcpType.FMT_AFB,
                RtcpType.PSFB,
                Remb.FIXED_LENGTH_BYTES + 4 * count,
                senderSsrc,
                0); // The media SSRC is always 0; the SSRCs stand in the message.
        out.writeInt(Remb.IDENTIFIER).writeByte(count);
        out.writeMedium(exponent << Remb.MANTISSA_BITS | (int) (bitrateBps >>> exponent));
        for (int i = 0; i < count; i++) {
            out.writeInt(ssrcs[i]);
        }
    }

    static int feedbackHeader(ByteBuf out, int format, int type, int lengthBytes, int senderSsrc, int mediaSsrc) {
        int start = header(out, format, type, lengthBytes);
        out.writeInt(senderSsrc).writeInt(mediaSsrc);
        return start;
    }

    private static int header(ByteBuf out, int count, int type, int lengthBytes) {
        int start = out.writerIndex();
        out.writeByte(VERSION_BITS | count).writeByte(type).writeShort(lengthBytes / 4 - 1);
        return start;
    }
}
