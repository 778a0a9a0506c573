package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;

/**
 * Reads the head of a file that {@link HeadWriter} wrote. Other Matroska files are refused.
 *
 * <p>The values are read leniently, and then the head is written again and compared with the bytes that were read. So a
 * head with any damage is refused, unless the damage makes another correct head or is in a place that
 * {@link SegmentEnd} overwrites.
 */
final class HeadReader {
    /** The maximum length of a head. A real head has less than 2 KiB. */
    static final int LENGTH_MAX = 64 * 1024;

    /** The maximum depth of elements in a head: Segment, Tags, Tag, SimpleTag, and one for their values. */
    private static final int DEPTH_MAX = 6;

    private final ByteBuf bytes;
    private final Map<String, String> tags = new HashMap<>();
    private String recordingSid = "";
    private long createdUnixMs;
    private String name = "";
    private String codecId = "";
    private byte[] codecPrivate = new byte[0];
    private int width;
    private int height;
    private int channels;
    private String tagName = "";

    private HeadReader(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** A head and its place. */
    record Found(SegmentHead head, HeadLayout layout) {}

    /**
     * Reads a head.
     *
     * @param bytes the first bytes of the file, at most {@link #LENGTH_MAX}; more than the head may be there
     * @return null if the bytes do not begin with a whole, undamaged head of ours
     */
    static @Nullable Found read(ByteBuf bytes) {
        HeadReader reader = new HeadReader(bytes);
        return reader.readValues() ? reader.compare() : null;
    }

    private boolean readValues() {
        // The EBML header is compared later; the fields begin in Segment.
        int at = bytes.readerIndex();
        if (bytes.readableBytes() < 5 || bytes.getInt(at) != Ebml.EBML) {
            return false;
        }
        int segment = at + 5 + (bytes.getByte(at + 4) & 0x7F);
        if (bytes.writerIndex() < segment + 12 || bytes.getInt(segment) != Ebml.SEGMENT) {
            return false;
        }
        readElements(segment + 12, bytes.writerIndex(), 0);
        return recordingSid.length() == 34;
    }

    /** Reads elements until the first one that is no part of a head. Every step moves forward by at least two bytes. */
    private void readElements(int from, int end, int depth) {
        int at = from;
        while (depth < DEPTH_MAX && at < end) {
            int idLength = Integer.numberOfLeadingZeros(bytes.getUnsignedByte(at)) - 23;
            if (idLength > 4 || at + idLength >= end) {
                return;
            }
            int id = 0;
            for (int i = 0; i < idLength; i++) {
                id = id << 8 | bytes.getUnsignedByte(at++);
            }
            int sizeLength = Integer.numberOfLeadingZeros(bytes.getUnsignedByte(at)) - 23;
            if (sizeLength > 4 || at + sizeLength > end) {
                return;
            }
            int size = bytes.getUnsignedByte(at++) & (0xFF >>> sizeLength);
            for (int i = 1; i < sizeLength; i++) {
                size = size << 8 | bytes.getUnsignedByte(at++);
            }
            if (size > end - at || id == Ebml.CLUSTER) {
                return;
            }
            onElement(id, at, size, depth);
            at += size;
        }
    }

    private void onElement(int id, int at, int size, int depth) {
        switch (id) {
            case Ebml.INFO,
                    Ebml.TRACKS,
                    Ebml.TRACK_ENTRY,
                    Ebml.VIDEO,
                    Ebml.AUDIO,
                    Ebml.TAGS,
                    Ebml.TAG,
                    Ebml.SIMPLE_TAG -> readElements(at, at + size, depth + 1);
            case Ebml.SEGMENT_UUID -> recordingSid = "RT" + ByteBufUtil.hexDump(bytes, at, size);
            case Ebml.DATE_UTC ->
                createdUnixMs = size == Long.BYTES ? bytes.getLong(at) / 1_000_000 + HeadWriter.DATE_EPOCH_UNIX_MS : 0;
            case Ebml.NAME -> name = text(at, size);
            case Ebml.CODEC_ID -> codecId = text(at, size);
            case Ebml.CODEC_PRIVATE -> codecPrivate = ByteBufUtil.getBytes(bytes, at, size);
            case Ebml.PIXEL_WIDTH -> width = number(at, size);
            case Ebml.PIXEL_HEIGHT -> height = number(at, size);
            case Ebml.CHANNELS -> channels = number(at, size);
            case Ebml.TAG_NAME -> tagName = text(at, size);
            case Ebml.TAG_STRING -> tags.put(tagName, text(at, size));
            default -> {} // The comparison finds an element that does not belong here.
        }
    }

    private String text(int at, int size) {
        return bytes.toString(at, size, StandardCharsets.UTF_8);
    }

    private int number(int at, int size) {
        int value = 0;
        for (int i = 0; i < Math.min(size, Integer.BYTES); i++) {
            value = value << 8 | bytes.getUnsignedByte(at + i);
        }
        return value;
    }

    private @Nullable Found compare() {
        MediaTrack track = track();
        if (track == null) {
            return null;
        }
        SegmentHead head = new SegmentHead(recordingSid, createdUnixMs, track, tags);
        ByteBuf expected = Unpooled.buffer();
        HeadLayout layout = HeadWriter.write(expected, head);
        boolean same = isSame(expected, 0, layout.segmentSize())
                && isSame(expected, layout.info(), layout.duration())
                && isSame(expected, layout.duration() + HeadWriter.DURATION_BYTES, layout.end());
        return same ? new Found(head, layout) : null;
    }

    private @Nullable MediaTrack track() {
        for (Codec codec : Codec.values()) {
            if (HeadWriter.codecId(codec).equals(codecId)) {
                return switch (codec) {
                    case VP8 -> width > 0 && height > 0 ? MediaTrack.vp8(name, width, height) : null;
                    case H264 -> width > 0 && height > 0 ? MediaTrack.h264(name, width, height, codecPrivate) : null;
                    case OPUS -> channels == 1 || channels == 2 ? MediaTrack.opus(name, channels) : null;
                    case PCMU -> MediaTrack.pcmu(name);
                };
            }
        }
        return null;
    }

    private boolean isSame(ByteBuf expected, long from, long to) {
        return to <= bytes.readableBytes()
                && ByteBufUtil.equals(expected, (int) from, bytes, bytes.readerIndex() + (int) from, (int) (to - from));
    }
}
