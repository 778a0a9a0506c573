package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;

/**
 * Writes what makes a file whole: Cues behind its last cluster, then SeekHead, Duration and the segment's size in their
 * places.
 */
final class SegmentEnd {
    private static final int VOID_MIN_BYTES = 2;

    private SegmentEnd() {}

    /**
     * Completes a file.
     *
     * @param mediaEnd the length of the file up to the end of its last cluster
     * @return the length of the file
     */
    static long write(HeadLayout layout, CueList cues, long mediaEnd, long durationMs, FileSink sink) {
        ByteBuf tail = Ebml.buffer();
        cues.writeTo(tail, layout.data());
        long length = mediaEnd + tail.readableBytes();
        sink.append(tail);
        sink.patch(layout.seekHead(), seekHead(layout, mediaEnd));
        ByteBuf duration = Ebml.buffer();
        Ebml.writeLong(duration, Ebml.DURATION, Double.doubleToRawLongBits((double) durationMs));
        sink.patch(layout.duration(), duration);
        // The size comes last: a reader that trusts it finds everything else in place.
        sink.patch(layout.segmentSize(), Ebml.buffer().writeLong(Ebml.size8(length - layout.data())));
        return length;
    }

    private static ByteBuf seekHead(HeadLayout layout, long cues) {
        ByteBuf entries = Ebml.buffer();
        writeEntry(entries, Ebml.INFO, layout.info() - layout.data());
        writeEntry(entries, Ebml.TRACKS, layout.tracks() - layout.data());
        writeEntry(entries, Ebml.TAGS, layout.tags() - layout.data());
        writeEntry(entries, Ebml.CUES, cues - layout.data());
        ByteBuf out = Ebml.buffer();
        Ebml.writeMaster(out, Ebml.SEEK_HEAD, entries);
        int rest = HeadWriter.SEEK_HEAD_BYTES - out.readableBytes();
        if (rest < VOID_MIN_BYTES) {
            throw new IllegalStateException("SeekHead does not fit into its place");
        }
        Ebml.writeVoid(out, rest);
        return out;
    }

    private static void writeEntry(ByteBuf out, int id, long position) {
        ByteBuf entry = Ebml.buffer();
        ByteBuf idBytes = Ebml.buffer();
        Ebml.writeId(idBytes, id);
        Ebml.writeMaster(entry, Ebml.SEEK_ID, idBytes);
        Ebml.writeLong(entry, Ebml.SEEK_POSITION, position);
        Ebml.writeMaster(out, Ebml.SEEK, entry);
    }
}
