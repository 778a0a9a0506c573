package org.rotunda.record.take;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.rotunda.record.frames.AudioFill;
import org.rotunda.record.frames.Frame;
import org.rotunda.record.matroska.FileSink;
import org.rotunda.record.matroska.MatroskaWriter;
import org.rotunda.record.matroska.MediaTrack;
import org.rotunda.record.matroska.SegmentHead;

/**
 * Writes frames at their times, and fills holes of audio. A hole is filled when its end is known, in portions: a day of
 * silence must not hold up the event loop or the disk.
 */
final class FrameWriter {
    private static final long NONE = -1;

    private final TakeSource source;
    private final boolean fillSilence;
    private final FileSink file;
    private final ByteBufAllocator allocator;
    private final boolean isVideo;
    private final AudioFill fill;

    private @Nullable MatroskaWriter writer;

    // The frame that is to be written next, and its time, while the hole before it is filled.
    private @Nullable Frame next;
    private long nextMicros;

    // The rest of the hole.
    private AudioFill.@Nullable Plan plan;
    private long packetsLeft;

    private long endMicros = NONE; // The end of the last frame, since the start of the room.
    private long startMs = NONE;
    private long frames;
    private long keyFrames;
    private long holes;
    private long holeMicros;
    private long filledMicros;

    FrameWriter(TakeSource source, boolean fillSilence, FileSink file, ByteBufAllocator allocator) {
        this.source = source;
        this.fillSilence = fillSilence;
        this.file = file;
        this.allocator = allocator;
        isVideo = source.codec().isVideo();
        fill = new AudioFill(source.codec());
    }

    /**
     * Begins the file with the first frame, which is a key frame. Takes ownership of the frame.
     *
     * @param configuration what the decoder of H.264 must know; empty for other codecs
     * @param micros the frame's time since the start of the room
     */
    void begin(Frame first, long micros, byte[] configuration) {
        MediaTrack track = switch (source.codec()) {
            case VP8 -> MediaTrack.vp8(source.trackName(), first.width(), first.height());
            case H264 -> MediaTrack.h264(source.trackName(), first.width(), first.height(), configuration);
            case OPUS -> MediaTrack.opus(source.trackName(), source.channels() == 1 ? 1 : 2);
            case PCMU -> MediaTrack.pcmu(source.trackName());
        };
        long createdUnixMs = first.arrivalMicros() / 1_000;
        SegmentHead head = new SegmentHead(source.recordingSid(), createdUnixMs, track, source.tags());
        writer = new MatroskaWriter(head, file, allocator);
        startMs = micros / 1_000;
        accept(first, micros);
    }

    boolean hasBegun() {
        return writer != null;
    }

    /**
     * Takes ownership of a frame; the one before must be written. The frame waits until {@link #write} has filled the
     * hole before.
     */
    void accept(Frame frame, long micros) {
        if (next != null) {
            throw new IllegalStateException("a frame waits");
        }
        next = frame;
        nextMicros = micros;
        if (!isVideo && endMicros != NONE) {
            planFill(micros, frame.afterLoss());
        }
    }

    private void planFill(long untilMicros, boolean isLoss) {
        long hole = untilMicros - endMicros;
        if (hole < AudioFill.SILENCE_MICROS) {
            return;
        }
        holes++;
        holeMicros += hole;
        if (fillSilence) {
            AudioFill.Plan packets = fill.plan(hole, isLoss);
            plan = packets;
            packetsLeft = packets.count();
        }
    }

    /** Fills the time from the last frame to the end of the take, if it is audio. */
    void fillTo(long micros) {
        if (!isVideo && endMicros != NONE && next == null) {
            planFill(micros, false);
        }
    }

    /** Writes at most {@code packetsMax} packets of the hole, or the frame that waits if the hole is filled. */
    void write(int packetsMax) {
        MatroskaWriter out = writer;
        Frame frame = next;
        if (out == null) {
            return;
        }
        if (plan != null) {
            writeFill(out, plan, packetsMax);
        } else if (frame != null) {
            writeFrame(out, frame);
            next = null; // Until here it counts as not written: a flush may have left without it.
            frame.release();
        }
    }

    private void writeFill(MatroskaWriter out, AudioFill.Plan packets, int packetsMax) {
        long count = Math.min(packetsMax, packetsLeft);
        for (long i = 0; i < count; i++) {
            put(out, endMicros, true, packets.packet());
            endMicros += packets.stepMicros();
        }
        packetsLeft -= count;
        filledMicros += count * packets.stepMicros();
        plan = packetsLeft > 0 ? packets : null;
    }

    private void writeFrame(MatroskaWriter out, Frame frame) {
        // Audio never overlaps: a frame that would begin before the end of the last one waits, until a hole makes up
        // for it.
        long micros = isVideo ? nextMicros : Math.max(nextMicros, endMicros);
        put(out, micros, frame.keyFrame(), frame.payload());
        frames++;
        if (frame.keyFrame()) {
            keyFrames++;
        }
        if (isVideo) {
            endMicros = micros;
        } else {
            endMicros = micros + fill.durationMicros(frame.payload());
            fill.onPacket(frame.payload());
        }
    }

    private static void put(MatroskaWriter out, long micros, boolean keyFrame, ByteBuf frame) {
        out.frame(Math.max(micros / 1_000, out.lastMs() + 1), keyFrame, frame);
    }

    /** Returns whether a frame or a part of a hole is to be written. */
    boolean isBusy() {
        return next != null || plan != null;
    }

    /** Returns whether a part of a hole is to be written. */
    boolean isFilling() {
        return plan != null;
    }

    /** Returns the first sequence number that is not written, of the frame that waits, or -1. */
    long nextSequence() {
        return next == null ? NONE : next.firstSequence();
    }

    boolean hasUnflushed() {
        return writer != null && writer.bufferedMs() > 0;
    }

    long unflushedMs() {
        return writer == null ? 0 : writer.bufferedMs();
    }

    void flush() {
        if (writer != null) {
            writer.flush();
        }
    }

    void close() {
        if (writer != null) {
            writer.close();
        }
    }

    /** Gives up what is not flushed. */
    void abandon() {
        if (next != null) {
            next.release();
            next = null;
        }
        plan = null;
        if (writer != null) {
            writer.abandon();
        }
    }

    long frames() {
        return frames;
    }

    long keyFrames() {
        return keyFrames;
    }

    long holes() {
        return holes;
    }

    long holeMs() {
        return holeMicros / 1_000;
    }

    long filledMs() {
        return filledMicros / 1_000;
    }

    long startMs() {
        return startMs;
    }

    long endMs() {
        return writer == null ? NONE : writer.endMs();
    }

    long fileBytes() {
        return writer == null ? 0 : writer.lengthBytes();
    }
}
