package org.rotunda.record.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.rotunda.media.codec.Codec;
import org.rotunda.record.order.MediaPacket;
import org.rotunda.record.take.Take;
import org.rotunda.record.take.TakeSettings;
import org.rotunda.record.take.TakeSink;
import org.rotunda.record.take.TakeSource;

/**
 * A take on virtual time: what happens is put on a queue, and the take's deadlines come in between. The disk is a file
 * in memory that takes {@link #diskNanos} for each write.
 */
public final class TakeRig implements TakeSink {
    /** The start of the room, which is also the start of virtual time. */
    public static final long ROOM_START_UNIX_MS = 1_700_000_000_000L;

    public static final String SID = "RT0123456789abcdef0123456789abcdef";

    private record Event(long nanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
    private final MemoryFile file = new MemoryFile();
    private final Take take;
    private long nowNanos;
    private long eventCount;

    public long diskNanos = 3_000_000;
    public final List<Long> keyFrameRequests = new ArrayList<>();
    public final List<Long> acknowledged = new ArrayList<>();
    public long startMs = -1;
    public int width;
    public int height;
    public boolean closed;
    public long unwrittenMax;
    private long unwritten;
    private Runnable onKeyFrameRequest = () -> {};

    public TakeRig(Codec codec) {
        this(codec, TakeSettings.DEFAULT);
    }

    public TakeRig(Codec codec, TakeSettings settings) {
        TakeSource source = new TakeSource(SID, "track", codec, 1, ROOM_START_UNIX_MS, Map.of("ROOM_SID", "RM01"));
        take = new Take(source, settings, this, UnpooledByteBufAllocator.DEFAULT, 0);
    }

    /** Has the action run for each key-frame request. */
    public TakeRig onKeyFrameRequest(Runnable action) {
        onKeyFrameRequest = action;
        return this;
    }

    public void at(double ms, Runnable action) {
        events.add(new Event((long) (ms * 1e6), eventCount++, action));
    }

    /** Has a packet arrive. */
    public void packetAt(double ms, long sequence, int timestamp, boolean marker, ByteBuf payload) {
        at(
                ms,
                () -> take.onPacket(
                        new MediaPacket(sequence, timestamp, marker, unixMicros(nowNanos), payload.retainedDuplicate()),
                        nowNanos));
    }

    /** Has a report say the time of a timestamp, in milliseconds since the start of the room. */
    public void clockAt(double ms, int timestamp, double trueMs) {
        at(ms, () -> take.onClock(timestamp, unixMicros((long) (trueMs * 1e6)), true, nowNanos));
    }

    public static long unixMicros(long nanos) {
        return ROOM_START_UNIX_MS * 1_000 + nanos / 1_000;
    }

    public void runTo(double ms) {
        long endNanos = (long) (ms * 1e6);
        while (true) {
            Event event = events.peek();
            long eventNanos = event == null ? Long.MAX_VALUE : event.nanos();
            long deadlineNanos = take.nextDeadlineNanos();
            if (Math.min(eventNanos, deadlineNanos) > endNanos) {
                break;
            }
            if (event != null && eventNanos <= deadlineNanos) {
                events.remove();
                nowNanos = Math.max(nowNanos, eventNanos);
                event.action().run();
            } else {
                nowNanos = Math.max(nowNanos, deadlineNanos);
                take.onTimeout(nowNanos);
            }
        }
        nowNanos = endNanos;
    }

    /** Ends the take at a time, and lets the disk do its work. */
    public Take closeAt(double ms) {
        runTo(ms);
        take.close(unixMicros(nowNanos), nowNanos);
        runTo(ms + 60_000);
        if (!closed) {
            throw new AssertionError("the take is not closed");
        }
        return take;
    }

    public RecordedFile store(Path path) {
        try {
            Files.write(path, file.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RecordedFile(path);
    }

    public Take take() {
        return take;
    }

    public MemoryFile file() {
        return file;
    }

    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public void started(int width, int height, long startMs) {
        this.width = width;
        this.height = height;
        this.startMs = startMs;
    }

    @Override
    public void append(ByteBuf bytes, long sequence) {
        int length = bytes.readableBytes();
        file.append(bytes);
        unwritten += length;
        unwrittenMax = Math.max(unwrittenMax, unwritten);
        at((nowNanos + diskNanos) / 1e6, () -> {
            unwritten -= length;
            take.onWritten(length, sequence, nowNanos);
        });
    }

    @Override
    public void patch(long position, ByteBuf bytes) {
        file.patch(position, bytes);
    }

    @Override
    public void acknowledge(long sequence) {
        acknowledged.add(sequence);
    }

    @Override
    public void requestKeyFrame() {
        keyFrameRequests.add(nowNanos / 1_000_000);
        onKeyFrameRequest.run();
    }

    @Override
    public void full() {
        throw new AssertionError("the file is full");
    }

    @Override
    public void closed() {
        closed = true;
    }
}
