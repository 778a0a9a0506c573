package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.codec.Codec;

/**
 * Writes the head of a file: everything before the first cluster. Two places are kept free with Void elements, and the
 * segment has an unknown size, until {@link SegmentEnd} fills them in.
 */
final class HeadWriter {
    /** The bytes that are kept for SeekHead with its four entries. */
    static final int SEEK_HEAD_BYTES = 160;

    /** The bytes of a Duration: an id of two bytes, a size of one, and a double. */
    static final int DURATION_BYTES = 11;

    /** The only scale of timestamps that we write: a tick is a millisecond, given in nanoseconds. */
    static final long TIMESTAMP_SCALE_NANOS = 1_000_000;

    /** 2001-01-01T00:00:00Z, from which DateUTC counts, in milliseconds since 1970. */
    static final long DATE_EPOCH_UNIX_MS = 978_307_200_000L;

    static final int TRACK_NUMBER = 1;

    private static final int TRACK_TYPE_VIDEO = 1;
    private static final int TRACK_TYPE_AUDIO = 2;
    private static final long OPUS_CODEC_DELAY_NANOS = 6_500_000;
    private static final long OPUS_SEEK_PRE_ROLL_NANOS = 80_000_000; // RFC 7845 §4.6.
    private static final String APPLICATION = "rotunda";

    private HeadWriter() {}

    /** Appends the head to an empty buffer, and returns where its parts stand. */
    static HeadLayout write(ByteBuf out, SegmentHead head) {
        writeEbmlHeader(out);
        Ebml.writeId(out, Ebml.SEGMENT);
        int segmentSize = out.writerIndex();
        out.writeLong(Ebml.UNKNOWN_SIZE);
        int data = out.writerIndex();
        Ebml.writeVoid(out, SEEK_HEAD_BYTES);
        int info = out.writerIndex();
        int duration = writeInfo(out, head);
        int tracks = out.writerIndex();
        writeTracks(out, head.track());
        int tags = out.writerIndex();
        writeTags(out, head);
        return new HeadLayout(segmentSize, data, data, info, duration, tracks, tags, out.writerIndex());
    }

    private static void writeEbmlHeader(ByteBuf out) {
        ByteBuf header = Ebml.buffer();
        Ebml.writeUnsigned(header, Ebml.EBML_VERSION, 1);
        Ebml.writeUnsigned(header, Ebml.EBML_READ_VERSION, 1);
        Ebml.writeUnsigned(header, Ebml.EBML_MAX_ID_LENGTH, 4);
        Ebml.writeUnsigned(header, Ebml.EBML_MAX_SIZE_LENGTH, 8);
        Ebml.writeText(header, Ebml.DOC_TYPE, "matroska");
        Ebml.writeUnsigned(header, Ebml.DOC_TYPE_VERSION, 4);
        Ebml.writeUnsigned(header, Ebml.DOC_TYPE_READ_VERSION, 2);
        Ebml.writeMaster(out, Ebml.EBML, header);
    }

    /** Returns the index of the place for Duration. */
    private static int writeInfo(ByteBuf out, SegmentHead head) {
        ByteBuf info = Ebml.buffer();
        Ebml.writeUnsigned(info, Ebml.TIMESTAMP_SCALE, TIMESTAMP_SCALE_NANOS);
        int durationInInfo = info.writerIndex();
        Ebml.writeVoid(info, DURATION_BYTES);
        Ebml.writeLong(info, Ebml.DATE_UTC, (head.createdUnixMs() - DATE_EPOCH_UNIX_MS) * 1_000_000);
        Ebml.writeBytes(
                info, Ebml.SEGMENT_UUID, Ebml.bytesOf(head.recordingSid().substring(2)));
        Ebml.writeText(info, Ebml.MUXING_APP, APPLICATION);
        Ebml.writeText(info, Ebml.WRITING_APP, APPLICATION);
        int length = info.readableBytes();
        Ebml.writeMaster(out, Ebml.INFO, info);
        return out.writerIndex() - length + durationInInfo;
    }

    private static void writeTracks(ByteBuf out, MediaTrack track) {
        ByteBuf entry = Ebml.buffer();
        boolean isVideo = track.codec().isVideo();
        Ebml.writeUnsigned(entry, Ebml.TRACK_NUMBER, TRACK_NUMBER);
        Ebml.writeUnsigned(entry, Ebml.TRACK_UID, 1);
        Ebml.writeUnsigned(entry, Ebml.TRACK_TYPE, isVideo ? TRACK_TYPE_VIDEO : TRACK_TYPE_AUDIO);
        Ebml.writeUnsigned(entry, Ebml.FLAG_LACING, 0);
        Ebml.writeText(entry, Ebml.NAME, track.name());
        Ebml.writeText(entry, Ebml.LANGUAGE, "und");
        Ebml.writeText(entry, Ebml.CODEC_ID, codecId(track.codec()));
        byte[] codecPrivate = track.codecPrivate();
        if (codecPrivate.length > 0) {
            Ebml.writeBytes(entry, Ebml.CODEC_PRIVATE, codecPrivate);
        }
        if (track.codec() == Codec.OPUS) {
            Ebml.writeUnsigned(entry, Ebml.CODEC_DELAY, OPUS_CODEC_DELAY_NANOS);
            Ebml.writeUnsigned(entry, Ebml.SEEK_PRE_ROLL, OPUS_SEEK_PRE_ROLL_NANOS);
        }
        ByteBuf form = Ebml.buffer();
        if (isVideo) {
            Ebml.writeUnsigned(form, Ebml.PIXEL_WIDTH, track.width());
            Ebml.writeUnsigned(form, Ebml.PIXEL_HEIGHT, track.height());
        } else {
            long rate = Double.doubleToRawLongBits(track.codec().clockRateHz());
            Ebml.writeLong(form, Ebml.SAMPLING_FREQUENCY, rate);
            Ebml.writeUnsigned(form, Ebml.CHANNELS, track.channels());
            if (track.codec() == Codec.PCMU) {
                Ebml.writeUnsigned(form, Ebml.BIT_DEPTH, 8);
            }
        }
        Ebml.writeMaster(entry, isVideo ? Ebml.VIDEO : Ebml.AUDIO, form);
        ByteBuf tracks = Ebml.buffer();
        Ebml.writeMaster(tracks, Ebml.TRACK_ENTRY, entry);
        Ebml.writeMaster(out, Ebml.TRACKS, tracks);
    }

    private static void writeTags(ByteBuf out, SegmentHead head) {
        ByteBuf tag = Ebml.buffer();
        Ebml.writeMaster(tag, Ebml.TARGETS, Ebml.buffer());
        head.tags().forEach((name, value) -> {
            ByteBuf simple = Ebml.buffer();
            Ebml.writeText(simple, Ebml.TAG_NAME, name);
            Ebml.writeText(simple, Ebml.TAG_STRING, value);
            Ebml.writeMaster(tag, Ebml.SIMPLE_TAG, simple);
        });
        ByteBuf tags = Ebml.buffer();
        Ebml.writeMaster(tags, Ebml.TAG, tag);
        Ebml.writeMaster(out, Ebml.TAGS, tags);
    }

    static String codecId(Codec codec) {
        return switch (codec) {
            case VP8 -> "V_VP8";
            case H264 -> "V_MPEG4/ISO/AVC";
            case OPUS -> "A_OPUS";
            case PCMU -> "A_MS/ACM";
        };
    }
}
