package org.rotunda.media.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * Appends RTCP packets to a buffer (RFC 3550 §6, RFC 4585 §6, RFC 5104 §4.3.1). The caller keeps a compound within
 * {@link #LENGTH_BYTES_MAX}, and puts a report and a CNAME first unless the compound is of reduced size (RFC 5506).
 *
 * <p>A report's blocks follow its fixed part: {@code int report = writer.beginReceiverReport(…)}, then
 * {@link #reportBlock} as often as needed, then {@link #endReport}.
 */
public final class RtcpWriter {
    /**
     * The largest compound that we write, in bytes. With SRTCP's index and tag it fits every path that carries our
     * video packets.
     */
    public static final int LENGTH_BYTES_MAX = 1_200;

    /** The most report blocks in a report: the count field has five bits. */
    public static final int REPORT_BLOCKS_MAX = 31;

    private static final int VERSION_BITS = 0x80;
    private static final int FIR_LENGTH_BYTES = FeedbackHeader.LENGTH_BYTES + FullIntraRequest.ENTRY_LENGTH_BYTES;
    private static final int CUMULATIVE_LOST_MAX = 0x7FFFFF;
    private static final int CUMULATIVE_LOST_MIN = -0x800000;
    private static final int CNAME_ITEM = 1;
    private static final int CNAME_LENGTH_MAX = 255;

    private RtcpWriter() {}

    /** Starts a sender report and returns its position, which {@link #endReport} takes. */
    public static int beginSenderReport(
            ByteBuf out, int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        int start = header(out, 0, RtcpType.SR, SenderReport.FIXED_LENGTH_BYTES);
        out.writeInt(ssrc).writeLong(ntpTimestamp).writeInt(rtpTimestamp);
        out.writeInt(packetCount).writeInt(octetCount);
        return start;
    }

    /** Starts a receiver report and returns its position, which {@link #endReport} takes. */
    public static int beginReceiverReport(ByteBuf out, int ssrc) {
        int start = header(out, 0, RtcpType.RR, ReceiverReport.FIXED_LENGTH_BYTES);
        out.writeInt(ssrc);
        return start;
    }

    /**
     * Adds a block to the report begun last; at most {@link #REPORT_BLOCKS_MAX} fit.
     *
     * @param cumulativeLost the number of lost packets; limited here to the 24 bits of its field
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

    /** Completes the report begun at {@code start}: sets its count and length to what was written since. */
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

    /** Appends the source description of one source with its CNAME, at most 255 bytes of UTF-8. */
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
     * Appends a generic NACK for the first {@code count} sequence numbers of the array, packed in pairs of id and bit
     * mask.
     *
     * @param sequenceNumbers in rising order (modulo 2^16); another order is correct too, but makes a longer message
     * @return the number of sequence numbers written: fewer than {@code count} if the buffer has no room for more
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
     * Appends a full intra request. The header's media SSRC is unused (RFC 5104 §4.3.1.2); the entry names the stream.
     */
    public static void fir(ByteBuf out, int senderSsrc, int mediaSsrc, int commandSequence) {
        feedbackHeader(out, RtcpType.FMT_FIR, RtcpType.PSFB, FIR_LENGTH_BYTES, senderSsrc, 0);
        out.writeInt(mediaSsrc).writeByte(commandSequence).writeMedium(0);
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
