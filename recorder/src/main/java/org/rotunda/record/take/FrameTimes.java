package org.rotunda.record.take;

import org.rotunda.record.clock.RoomClock;
import org.rotunda.record.frames.AudioFill;
import org.rotunda.record.frames.Frame;

/**
 * Tells frames, in their order, their time since the start of the room. Knows where a step of the time is not heard.
 */
final class FrameTimes {
    private static final long PAUSE_MS_MIN = 20;

    private final TakeSource source;
    private final AudioFill audio;
    private final RoomClock clock;
    private boolean hasLast;
    private int lastTimestamp;
    private int lastTicks; // The duration of the last frame in ticks of the RTP clock.

    FrameTimes(TakeSource source) {
        this.source = source;
        audio = new AudioFill(source.codec());
        clock = new RoomClock(source.codec().clockRateHz());
    }

    /** Returns the time in microseconds; it is not negative. */
    long timeOf(Frame frame) {
        boolean isInaudible = source.codec().isVideo() || audio.isSilent(frame.payload()) || isAfterPause(frame);
        long unixMicros = clock.onFrame(frame.timestamp(), frame.arrivalMicros(), isInaudible);
        if (!source.codec().isVideo()) {
            hasLast = true;
            lastTimestamp = frame.timestamp();
            lastTicks = (int)
                    (audio.durationMicros(frame.payload()) * source.codec().clockRateHz() / 1_000_000);
        }
        return Math.max(0, sinceRoomStart(unixMicros));
    }

    long sinceRoomStart(long unixMicros) {
        return unixMicros - 1_000 * source.roomStartUnixMs();
    }

    private boolean isAfterPause(Frame frame) {
        int pauseTicks = frame.timestamp() - lastTimestamp - lastTicks; // Timestamps wrap, and so does the difference.
        return hasLast && pauseTicks * 1_000L >= source.codec().clockRateHz() * PAUSE_MS_MIN;
    }

    /** Forgets the stream: the timestamps of another one follow. */
    void onGeneration() {
        hasLast = false;
        clock.onGeneration();
    }

    RoomClock clock() {
        return clock;
    }
}
