package org.rotunda.media.feedback;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.random.RandomGenerator;
import org.rotunda.media.time.Deadline;

/**
 * Schedules the regular RTCP reports of a transport (RFC 3550 §6.2 and §6.3 for two parties, RFC 4585 §3 with {@code
 * trr-int} 0). Feedback messages do not wait for the regular reports: they go out at once in reduced-size packets.
 * Owned by one event loop.
 */
public final class RtcpScheduler {
    public static final long VIDEO_INTERVAL_NANOS = 1_000_000_000L;
    public static final long AUDIO_INTERVAL_NANOS = 5_000_000_000L;

    /**
     * The interval before the first report. It is short, because receivers need the report to synchronise audio and
     * video.
     */
    static final long FIRST_INTERVAL_NANOS = 250_000_000L;

    private final RandomGenerator random;
    private long intervalNanos = AUDIO_INTERVAL_NANOS;
    private long dueNanos = NO_DEADLINE;

    public RtcpScheduler(RandomGenerator random) {
        this.random = random;
    }

    public void onStarted(long nowNanos) {
        if (dueNanos == NO_DEADLINE) {
            dueNanos = nowNanos + spread(FIRST_INTERVAL_NANOS);
        }
    }

    /** Sets whether the transport carries video. When video begins, the next report comes earlier. */
    public void onVideo(boolean video, long nowNanos) {
        intervalNanos = video ? VIDEO_INTERVAL_NANOS : AUDIO_INTERVAL_NANOS;
        if (dueNanos != NO_DEADLINE) {
            dueNanos = Deadline.min(dueNanos, nowNanos + intervalNanos);
        }
    }

    public boolean isDue(long nowNanos) {
        return dueNanos <= nowNanos;
    }

    public void onReported(long nowNanos) {
        dueNanos = nowNanos + spread(intervalNanos);
    }

    public void onStopped() {
        dueNanos = NO_DEADLINE;
    }

    public long nextDeadlineNanos() {
        return dueNanos;
    }

    /**
     * Returns a random time from half of {@code nanos} to {@code nanos}, so that transports that started together do
     * not stay in step.
     */
    private long spread(long nanos) {
        return (long) (nanos * (0.5 + 0.5 * random.nextDouble()));
    }
}
