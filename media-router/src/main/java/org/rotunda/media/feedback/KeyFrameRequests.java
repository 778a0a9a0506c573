package org.rotunda.media.feedback;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

/**
 * Merges the key-frame requests of all subscribers to one source encoding into few PLIs to its publisher (RFC 4585
 * §6.3.1). One per encoding; owned by one event loop.
 *
 * <p>A request goes out at once or when the interval since the last one is over, and again after max(2·RTT, 500 ms),
 * doubling to 4 s, until a key frame of the encoding comes, for whatever reason. The round-trip time counts once it is
 * measured. Chromium answers one PLI with key frames on all active encodings, so {@link #onKeyFrame} often comes before
 * a request of this encoding left.
 *
 * <p>An encoding that is new here, as all are after a move between nodes, is asked more often at first: its subscribers
 * come one after the other within a second, have nothing to show yet, and requests or key frames may be lost on new
 * paths.
 */
public final class KeyFrameRequests {
    /** Hears when to send a PLI, or a FIR where PLI was not negotiated. */
    @FunctionalInterface
    public interface Sink {
        void requestKeyFrame();
    }

    public static final long LOWEST_LAYER_INTERVAL_NANOS = 500_000_000L;
    public static final long INTERVAL_NANOS = 1_000_000_000L;
    static final long RETRY_NANOS_MIN = 500_000_000L;
    static final long RETRY_NANOS_MAX = 4_000_000_000L;

    /** The time for which an encoding counts as new: in it all participants of a room that moved are expected. */
    static final long STARTING_NANOS = 2_000_000_000L;

    /** The number of a new encoding's requests that need not wait for the usual interval; further ones do. */
    static final int STARTING_REQUESTS_MAX = 6;

    /** Between a request and its repeat while the encoding is new: a key frame takes 50 to 100 ms. */
    static final long STARTING_RETRY_NANOS = 200_000_000L;

    /**
     * Between a request that was answered and the next while the encoding is new: Chromium ignores one within 300 ms.
     */
    static final long STARTING_INTERVAL_NANOS = 320_000_000L;

    private final Sink sink;
    private final long intervalNanos;
    private long rttNanos;
    private boolean everSent;
    private long firstSentNanos;
    private long lastSentNanos;
    private boolean pending; // A subscriber waits for a key frame.
    private long retryNanos;
    private long dueNanos = NO_DEADLINE;
    private long sent;
    private long merged;
    private long refused;

    /** {@code lowestLayer}: its key frames are small, so they may be asked for twice as often. */
    public KeyFrameRequests(boolean lowestLayer, Sink sink) {
        this.sink = sink;
        intervalNanos = lowestLayer ? LOWEST_LAYER_INTERVAL_NANOS : INTERVAL_NANOS;
    }

    /** The round-trip time to the publisher was measured. A peer reports it, so waits are bounded whatever it is. */
    public void onRtt(long nanos) {
        rttNanos = nanos;
    }

    /**
     * A subscriber's decoder asks (PLI or FIR).
     *
     * @return false if its budget is used up and nothing was asked on its behalf; it is served with the others
     */
    public boolean onRequest(KeyFrameBudget budget, long nowNanos) {
        if (pending) {
            merged++; // Costs the publisher nothing, so it costs the subscriber nothing.
            return true;
        }
        if (!budget.tryTake(nowNanos)) {
            refused++;
            return false;
        }
        request(nowNanos);
        return true;
    }

    /** We need a key frame ourselves: a new subscription, a layer switch, the resume after a pause. */
    public void onNeeded(long nowNanos) {
        if (pending) {
            merged++;
        } else {
            request(nowNanos);
        }
    }

    /** A key frame of this encoding came. */
    public void onKeyFrame() {
        clear();
    }

    /** The encoding stopped, or no subscriber waits any more. */
    public void onStopped() {
        clear();
    }

    public void onTimeout(long nowNanos) {
        if (dueNanos <= nowNanos) {
            send(nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        return dueNanos;
    }

    public boolean isPending() {
        return pending;
    }

    public long sent() {
        return sent;
    }

    public long merged() {
        return merged;
    }

    /** Requests beyond a subscriber's budget. */
    public long refused() {
        return refused;
    }

    private void request(long nowNanos) {
        pending = true;
        retryNanos = Math.max(RETRY_NANOS_MIN, Math.min(RETRY_NANOS_MAX, 2 * rttNanos));
        long interval = isStarting(nowNanos) ? STARTING_INTERVAL_NANOS : intervalNanos;
        if (!everSent || nowNanos - lastSentNanos >= interval) {
            send(nowNanos);
        } else {
            dueNanos = lastSentNanos + interval;
        }
    }

    private void send(long nowNanos) {
        if (!everSent) {
            everSent = true;
            firstSentNanos = nowNanos;
        }
        lastSentNanos = nowNanos;
        sent++;
        if (isStarting(nowNanos)) {
            dueNanos = nowNanos + Math.max(STARTING_RETRY_NANOS, Math.min(RETRY_NANOS_MAX, 2 * rttNanos));
        } else {
            dueNanos = nowNanos + Math.max(retryNanos, intervalNanos);
            retryNanos = Math.min(RETRY_NANOS_MAX, 2 * retryNanos);
        }
        sink.requestKeyFrame();
    }

    private boolean isStarting(long nowNanos) {
        return everSent && nowNanos - firstSentNanos < STARTING_NANOS && sent < STARTING_REQUESTS_MAX;
    }

    private void clear() {
        pending = false;
        dueNanos = NO_DEADLINE;
    }
}
