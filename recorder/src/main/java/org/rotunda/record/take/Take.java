package org.rotunda.record.take;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.time.Deadline;
import org.rotunda.record.frames.Frame;
import org.rotunda.record.frames.FrameAssembler;
import org.rotunda.record.frames.FrameDrop;
import org.rotunda.record.frames.FrameSink;
import org.rotunda.record.matroska.FileSink;
import org.rotunda.record.order.MediaPacket;
import org.rotunda.record.order.OrderSink;
import org.rotunda.record.order.ReorderBuffer;

/**
 * Makes a file of the packets of one track: order, frames, time, file. The first frame in the file is a key frame.
 *
 * <p>The first frames of a stream wait up to {@link #START_HOLD_NANOS} for a sender report, so that they get the right
 * time. Frames also wait while the disk has more than {@link #UNWRITTEN_BYTES_MAX} to write; then nothing is
 * acknowledged, and the media node's bound acts.
 *
 * <p>Sans-IO: everything comes in as an argument, and leaves through {@link TakeSink}. Owned by one event loop.
 */
public final class Take {
    /** How long a missing packet of video is waited for. A call could not wait so long. */
    static final long VIDEO_WAIT_NANOS = 1_000_000_000L;

    /** How long a missing packet of audio is waited for: it is not asked for again, only reordered. */
    static final long AUDIO_WAIT_NANOS = 200_000_000L;

    /** The bytes that may wait for the order, and again those that may wait for a time or for the disk. */
    static final int HELD_BYTES_MAX = 2 * 1024 * 1024;

    static final long START_HOLD_NANOS = 1_500_000_000L;
    static final long UNWRITTEN_BYTES_MAX = 4L * 1024 * 1024;

    /** The largest length of a file. */
    static final long FILE_BYTES_MAX = 64L << 30;

    public static final long STALLED_NANOS = 10_000_000_000L;

    static final long ACKNOWLEDGE_NANOS = 250_000_000L;

    /** The packets of silence that are written in one go; some milliseconds of work. */
    static final int FILL_PACKETS_MAX = 2_000;

    private static final long NONE = -1;

    private record Timed(Frame frame, long micros) {}

    private final TakeSource source;
    private final TakeSettings settings;
    private final TakeSink sink;
    private final ReorderBuffer order;
    private final FrameAssembler assembler;
    private final FrameTimes times;
    private final FrameWriter writer;
    private final KeyFrameWait keyFrames;
    private final ArrayDeque<Frame> held = new ArrayDeque<>(); // The first frames of a stream, in its order.
    private final ArrayDeque<Timed> ready = new ArrayDeque<>(); // What waits for the disk, or behind a hole.
    private final long[] drops = new long[FrameDrop.COUNT];

    private TakeState state = TakeState.WAITING;
    private long nowNanos;
    private long waitingBytes; // Of the frames that are held or ready.
    private boolean dropsToKeyFrame; // So many frames waited that one was dropped.
    private boolean holds = true; // Frames wait for a sender report of their stream.
    private long holdEndNanos = NO_DEADLINE;
    private long unwrittenBytes;
    private long acknowledged = NONE;
    private long toldAcknowledged = NONE;
    private long acknowledgeNanos;
    private long flushNanos = NO_DEADLINE;
    private long lastMediaNanos;
    private boolean moreToFill;
    private boolean toldFull;
    private boolean fillsToEnd;
    private long closeUnixMicros;
    private long packets;
    private long missing;

    public Take(TakeSource source, TakeSettings settings, TakeSink sink, ByteBufAllocator allocator, long nowNanos) {
        this.source = source;
        this.settings = settings;
        this.sink = sink;
        this.nowNanos = nowNanos;
        boolean isVideo = source.codec().isVideo();
        order = new ReorderBuffer(new Ordered(), isVideo ? VIDEO_WAIT_NANOS : AUDIO_WAIT_NANOS, HELD_BYTES_MAX);
        assembler = FrameAssembler.of(source.codec(), new Assembled());
        times = new FrameTimes(source);
        writer = new FrameWriter(source, settings.fillSilence(), new File(), allocator);
        keyFrames = new KeyFrameWait(settings.keyFrameInterval().toNanos());
        lastMediaNanos = nowNanos;
        acknowledgeNanos = nowNanos + ACKNOWLEDGE_NANOS;
        if (isVideo) {
            keyFrames.onNeeded(nowNanos); // The first deadline is now.
        }
    }

    /** Handles a packet of the tap. Takes ownership. */
    public void onPacket(MediaPacket packet, long nowNanos) {
        if (isEnding()) {
            packet.release();
            return;
        }
        this.nowNanos = nowNanos;
        packets++;
        lastMediaNanos = nowNanos;
        order.onPacket(packet, nowNanos);
        advance();
    }

    /** Handles the news that packets from {@code first} to {@code last} will not come. */
    public void onGone(long first, long last, long nowNanos) {
        if (!isEnding()) {
            this.nowNanos = nowNanos;
            order.onGone(first, last, nowNanos);
            advance();
        }
    }

    /** Handles a CLOCK of the tap: the time of an RTP timestamp, in microseconds since 1970. */
    public void onClock(int timestamp, long unixMicros, boolean bySenderReport, long nowNanos) {
        if (!isEnding()) {
            this.nowNanos = nowNanos;
            times.clock().onClock(timestamp, unixMicros, bySenderReport);
            advance();
        }
    }

    /** Handles the start of another stream of the same track: its numbers and timestamps begin anew. */
    public void onGeneration(long nowNanos) {
        if (isEnding()) {
            return;
        }
        this.nowNanos = nowNanos;
        order.drain();
        releaseHeld(); // Their times are those of the old stream's clock.
        assembler.reset();
        times.onGeneration();
        holds = true;
        advance();
    }

    /** Handles that bytes of {@link TakeSink#append} are in the file. */
    public void onWritten(int bytes, long sequence, long nowNanos) {
        this.nowNanos = nowNanos;
        unwrittenBytes -= bytes;
        acknowledged = Math.max(acknowledged, sequence);
        advance();
    }

    /**
     * Ends the take: what waits is written, holes are filled up to {@code endUnixMicros}, and the file is completed.
     * That may take until the disk has written; {@link TakeSink#closed} says when it is done.
     */
    public void close(long endUnixMicros, long nowNanos) {
        if (isEnding()) {
            return;
        }
        this.nowNanos = nowNanos;
        order.drain();
        state = TakeState.CLOSING;
        keyFrames.stop();
        releaseHeld();
        closeUnixMicros = endUnixMicros;
        fillsToEnd = settings.fillSilence();
        advance();
    }

    /** Gives up the take, because the disk has failed. What is in the file can be repaired. */
    public void abandon() {
        if (state != TakeState.CLOSED) {
            order.drain();
            assembler.reset();
            held.forEach(Frame::release);
            held.clear();
            ready.forEach(timed -> timed.frame().release());
            ready.clear();
            writer.abandon();
            state = TakeState.CLOSED;
        }
    }

    public void onTimeout(long nowNanos) {
        this.nowNanos = nowNanos;
        order.onTimeout(nowNanos);
        advance();
    }

    /** Does everything that can be done now. */
    private void advance() {
        if (state == TakeState.CLOSED) {
            tellAcknowledged(); // The disk has written the end of the file.
            return;
        }
        if (!held.isEmpty() && (nowNanos >= holdEndNanos || times.clock().isReported())) {
            releaseHeld();
        }
        writeReady();
        updateState();
        if (keyFrames.isDue(nowNanos)) {
            sink.requestKeyFrame();
        }
        if (writer.unflushedMs() >= settings.flushInterval().toMillis() || nowNanos >= flushNanos) {
            writer.flush();
        }
        if (!writer.hasUnflushed()) {
            flushNanos = NO_DEADLINE;
        } else if (flushNanos == NO_DEADLINE) {
            flushNanos = nowNanos + settings.flushInterval().toNanos();
        }
        if (writer.fileBytes() >= FILE_BYTES_MAX && !toldFull) {
            toldFull = true;
            sink.full();
        }
        if (state == TakeState.CLOSING && ready.isEmpty() && !writer.isBusy()) {
            finish();
        }
        acknowledge();
    }

    private void releaseHeld() {
        holds = held.isEmpty() && holds;
        holdEndNanos = NO_DEADLINE;
        while (!held.isEmpty()) {
            addReady(held.remove());
        }
    }

    private void addReady(Frame frame) {
        ready.add(new Timed(frame, times.timeOf(frame)));
    }

    private void writeReady() {
        boolean hasFilled = false;
        moreToFill = false;
        while (unwrittenBytes < UNWRITTEN_BYTES_MAX) {
            if (writer.isFilling()) {
                if (hasFilled) {
                    moreToFill = true; // The next deadline is now.
                    return;
                }
                writer.write(FILL_PACKETS_MAX);
                hasFilled = true;
            } else if (writer.isBusy()) {
                writer.write(0);
            } else if (!ready.isEmpty()) {
                Timed timed = ready.remove();
                waitingBytes -= timed.frame().payload().readableBytes();
                write(timed.frame(), timed.micros());
            } else if (fillsToEnd) {
                fillsToEnd = false;
                writer.fillTo(times.sinceRoomStart(closeUnixMicros));
            } else {
                return;
            }
        }
    }

    private void write(Frame frame, long micros) {
        if (writer.hasBegun()) {
            writer.accept(frame, micros);
            return;
        }
        int width = frame.width();
        int height = frame.height();
        writer.begin(frame, micros, assembler.configuration());
        sink.started(width, height, writer.startMs());
        if (state == TakeState.WAITING) {
            state = TakeState.WRITING;
        }
    }

    private void updateState() {
        if (state == TakeState.WRITING && nowNanos - lastMediaNanos >= STALLED_NANOS) {
            state = TakeState.STALLED;
        } else if (state == TakeState.STALLED && nowNanos - lastMediaNanos < STALLED_NANOS) {
            state = TakeState.WRITING;
        }
    }

    private void finish() {
        assembler.reset();
        writer.close();
        state = TakeState.CLOSED;
        sink.closed();
    }

    private void acknowledge() {
        if (unwrittenBytes == 0 && !writer.hasUnflushed() && order.next() >= 0) {
            acknowledged = Math.max(acknowledged, firstNeeded()); // Nothing waits for the disk.
        }
        if (nowNanos >= acknowledgeNanos) {
            acknowledgeNanos = nowNanos + ACKNOWLEDGE_NANOS;
            tellAcknowledged();
        }
    }

    private void tellAcknowledged() {
        if (acknowledged > toldAcknowledged) {
            toldAcknowledged = acknowledged;
            sink.acknowledge(acknowledged);
        }
    }

    /** Returns the lowest sequence number whose packet is neither in the file's buffer nor given up. */
    private long firstNeeded() {
        if (writer.nextSequence() >= 0) {
            return writer.nextSequence();
        }
        Timed first = ready.peek();
        if (first != null) {
            return first.frame().firstSequence();
        }
        Frame firstHeld = held.peek();
        if (firstHeld != null) {
            return firstHeld.firstSequence();
        }
        return assembler.openSequence() >= 0 ? assembler.openSequence() : order.next();
    }

    private boolean isEnding() {
        return state == TakeState.CLOSING || state == TakeState.CLOSED;
    }

    public TakeState state() {
        return state;
    }

    public Codec codec() {
        return source.codec();
    }

    /** Returns how many packets and frames were dropped for a reason. */
    public long drops(FrameDrop reason) {
        return drops[reason.index()];
    }

    public TakeStatistics statistics() {
        long dropped = 0;
        for (long count : drops) {
            dropped += count;
        }
        return new TakeStatistics(
                packets,
                order.duplicates(),
                missing,
                writer.frames(),
                writer.keyFrames(),
                dropped,
                writer.holes(),
                writer.holeMs(),
                writer.filledMs(),
                times.clock().steps(),
                times.clock().resets(),
                keyFrames.waitedNanos() / 1_000_000,
                keyFrames.longestNanos() / 1_000_000,
                writer.startMs(),
                writer.endMs(),
                writer.fileBytes());
    }

    public long nextDeadlineNanos() {
        if (state == TakeState.CLOSED) {
            return NO_DEADLINE;
        }
        if (moreToFill) {
            return nowNanos;
        }
        long hold = held.isEmpty() ? NO_DEADLINE : holdEndNanos;
        long acknowledge = acknowledged > toldAcknowledged ? acknowledgeNanos : NO_DEADLINE;
        long stall = state == TakeState.WRITING ? lastMediaNanos + STALLED_NANOS : NO_DEADLINE;
        return Deadline.min(
                Deadline.min(order.nextDeadlineNanos(), keyFrames.nextDeadlineNanos(), flushNanos),
                Deadline.min(hold, acknowledge, stall));
    }

    /** Packets in order go to the assembler; a hole is counted. */
    private final class Ordered implements OrderSink {
        @Override
        public void packet(MediaPacket packet) {
            assembler.packet(packet);
        }

        @Override
        public void missing(long first, long last) {
            missing += last - first + 1;
            assembler.missing(first, last);
        }
    }

    private final class Assembled implements FrameSink {
        @Override
        public void frame(Frame frame) {
            boolean isFull = waitingBytes + frame.payload().readableBytes() > HELD_BYTES_MAX;
            if (isFull || (dropsToKeyFrame && !frame.keyFrame())) {
                dropped(isFull ? FrameDrop.SLOW_DISK : FrameDrop.BEFORE_KEY_FRAME);
                if (source.codec().isVideo()) {
                    dropsToKeyFrame = true;
                    keyFrames.onNeeded(nowNanos);
                }
                frame.release();
                return;
            }
            dropsToKeyFrame = false;
            if (frame.keyFrame() && source.codec().isVideo()) {
                keyFrames.onKeyFrame(nowNanos);
            }
            waitingBytes += frame.payload().readableBytes();
            if (!holds) {
                addReady(frame);
                return;
            }
            if (held.isEmpty()) {
                holdEndNanos = nowNanos + START_HOLD_NANOS;
            }
            held.add(frame);
        }

        @Override
        public void dropped(FrameDrop reason) {
            drops[reason.index()]++;
        }

        @Override
        public void keyFrameNeeded() {
            if (!isEnding()) {
                keyFrames.onNeeded(nowNanos);
            }
        }
    }

    private final class File implements FileSink {
        @Override
        public void append(ByteBuf bytes) {
            unwrittenBytes += bytes.readableBytes();
            sink.append(bytes, firstNeeded());
        }

        @Override
        public void patch(long position, ByteBuf bytes) {
            sink.patch(position, bytes);
        }
    }
}
