package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Completes a file that was not closed: keeps its whole blocks, cuts off the rest, and writes what
 * {@link MatroskaWriter#close} would have written. A file that was closed stays as it is. If a repair is cut off,
 * another one ends in the same file.
 */
public final class MatroskaRepair {
    private static final int OPUS_HEAD_BYTES = 2; // The bytes of a frame that say how long it is.

    private MatroskaRepair() {}

    public enum Outcome {
        /** The file is whole, and has at least one frame. */
        COMPLETE,
        /** The file has no head of ours or no whole frame. It was not changed. */
        NO_MEDIA
    }

    /**
     * The result of a repair.
     *
     * @param head null if there is no media
     * @param startMs the timestamp of the first frame, or -1
     * @param endMs the end of the last frame, or -1
     * @param cutBytes the number of bytes that were cut off, without a former end of the same file
     */
    public record Result(
            Outcome outcome, @Nullable SegmentHead head, long startMs, long endMs, long frames, long cutBytes) {}

    private static final Result NO_MEDIA = new Result(Outcome.NO_MEDIA, null, -1, -1, 0, 0);

    /** Repairs a file. An error of the disk leaves as {@link IOException}; the repair can then be repeated. */
    public static Result repair(MediaFile file) throws IOException {
        MatroskaReader reader = MatroskaReader.open(file);
        if (reader == null || !reader.next()) {
            return NO_MEDIA;
        }
        long startMs = reader.timestampMs();
        boolean isVideo = reader.head().track().codec().isVideo();
        MediaEnd end = new MediaEnd(reader.head().track().codec());
        CueList cues = new CueList();
        ByteBuf frame = Unpooled.buffer(OPUS_HEAD_BYTES);
        long frames = 0;
        long clusterPosition = -1;
        long clusterEnd = -1;
        do {
            if (reader.isFirstOfCluster()) {
                if (clusterPosition >= 0) {
                    setClusterSize(file, clusterPosition, clusterEnd);
                }
                clusterPosition = reader.clusterPosition();
                if (!isVideo || reader.isKeyFrame()) {
                    cues.add(reader.timestampMs(), clusterPosition);
                }
            }
            clusterEnd = reader.mediaEnd();
            frames++;
            frame.clear();
            if (!isVideo) {
                reader.readFrame(frame, Math.min(OPUS_HEAD_BYTES, reader.frameBytes()));
            }
            end.onFrame(reader.timestampMs(), frame, 0, reader.frameBytes());
        } while (reader.next());
        setClusterSize(file, clusterPosition, clusterEnd);
        long before = file.lengthBytes();
        file.truncate(clusterEnd);
        FileChanges changes = new FileChanges(file, clusterEnd);
        long length = SegmentEnd.write(reader.layout(), cues, clusterEnd, end.endMs(), changes);
        changes.apply();
        long cutBytes = before == length ? 0 : before - clusterEnd;
        return new Result(Outcome.COMPLETE, reader.head(), startMs, end.endMs(), frames, cutBytes);
    }

    private static void setClusterSize(MediaFile file, long position, long end) throws IOException {
        long size = Ebml.size8(end - position - Cluster.CONTENT_OFFSET);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
        file.read(position + Cluster.SIZE_OFFSET, bytes);
        if (bytes.getLong(0) != size) {
            file.write(
                    position + Cluster.SIZE_OFFSET,
                    ByteBuffer.allocate(Long.BYTES).putLong(0, size));
        }
    }
}
