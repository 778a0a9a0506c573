package org.rotunda.media.feedback;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import org.jspecify.annotations.Nullable;

/**
 * Merges the key-frame requests of all subscribers to one encoding into few PLIs to the publisher (RFC 4585 §6.3.1).
 * Each encoding has its own object. Owned by one event loop.
 *
 * <p>A request goes out at once, but not earlier than {@link #INTERVAL_NANOS} after the previous request, or {@link
 * #LOWEST_LAYER_INTERVAL_NANOS} for the lowest layer, and not earlier than the {@link KeyFrameGroup} of the track allows.
 * The request is repeated until a key frame of the encoding comes. The first repeat follows after max(2·RTT, 500 ms). The
 * wait for each further repeat doubles, up to 4 s. An unmeasured RTT counts as 0.
 *
 * <p>Requests for a new encoding, one whose first packet has just come, are more frequent. Its subscribers arrive one
 * after the other and have no picture yet, and packets may be lost on new paths. After a move between nodes all
 * encodings are new.
 *
 * <p>A subscriber's request that its {@link KeyFrameBudget} refuses is remembered, and goes out as soon as the budget
 * allows, unless a key frame of the encoding comes before. Only the request that may go out first is remembered, because
 * one key frame serves all subscribers.
 */
public final class KeyFrameRequests {
    /** Sends a PLI, or a FIR if PLI was not negotiated. */
    @FunctionalInterface
    public interface Sink {
        void requestKeyFrame();
    }

    public static final long LOWEST_LAYER_INTERVAL_NANOS = 500_000_000L;
    public static final long INTERVAL_NANOS = 1_000_000_000L;
    static final long RETRY_NANOS_MIN = 500_000_000L;
    static final long RETRY_NANOS_MAX = 4_000_000_000L;

    /**
     * The time after the first packet during which an encoding counts as new. The participants of a moved room arrive
     * within this time.
     */
    static final long STARTING_NANOS = 2_000_000_000L;

    /** The maximum number of requests that use the shorter waits of a new encoding. */
    static final int STARTING_REQUESTS_MAX = 6;

    /**
     * The shortest wait for a repeat while the encoding is new. It is longer than the 50 to 100 ms that a key frame
     * takes.
     */
    static final long STARTING_RETRY_NANOS = 200_000_000L;

    /**
     * The shortest time between the previous request and a request that is not a repeat, while the encoding is new.
     * Chromium ignores a request that comes less than 300 ms after the previous request.
     */
    static final long STARTING_INTERVAL_NANOS = 320_000_000L;

    private final KeyFrameGroup group;
    private final Sink sink;
    private final long intervalNanos;
    private long rttNanos;
    private boolean started;
    private long startedNanos;
    private int sentSinceStart;
    private boolean everSent;
    private long lastSentNanos;
    private boolean pending; // A subscriber waits for a key frame.
    private boolean asked; // The pending request went out at least once.
    private long retryNanos;
    private long dueNanos = NO_DEADLINE;
    private @Nullable KeyFrameBudget refusedBy; // The budget of the remembered request.
    private long refusedUntilNanos = NO_DEADLINE; // The time at which the remembered request goes out.
    private long sent;
    private long merged;
    private long refused;

    /**
     * Makes the requests for one encoding. The key frames of the lowest layer are small, so they are requested up to
     * twice as often as those of other layers.
     *
     * @param group the group that all encodings of the track share
     */
    public KeyFrameRequests(boolean lowestLayer, KeyFrameGroup group, Sink sink) {
        this.group = group;
        this.sink = sink;
        intervalNanos = lowestLayer ? LOWEST_LAYER_INTERVAL_NANOS : INTERVAL_NANOS;
    }

    /**
     * Sets the measured round-trip time to the publisher. The value is computed from reports of the peer. These reports
     * may be false, so all waits are bounded.
     */
    public void onRtt(long nanos) {
        rttNanos = nanos;
    }

    /** Notes that the first packet of the encoding, or of its new SSRC, has come. */
    public void onStarted(long nowNanos) {
        started = true;
        startedNanos = nowNanos;
        sentSinceStart = 0;
    }

    /**
     * Handles the request of a subscriber's decoder for a key frame (PLI or FIR).
     *
     * @return false if the subscriber's budget is used up, so that no key frame is requested yet
     */
    public boolean onRequest(KeyFrameBudget budget, long nowNanos) {
        if (pending) {
            merge(nowNanos); // A merged request costs the publisher nothing, so it takes nothing from the budget.
            return true;
        }
        if (!budget.tryTake(nowNanos)) {
            refused++;
            remember(budget);
            return false;
        }
        request(nowNanos);
        return true;
    }

    /**
     * Requests a key frame for a new subscription, a layer switch or the end of a pause. No budget limits these
     * requests.
     */
    public void onNeeded(long nowNanos) {
        if (pending) {
            merge(nowNanos);
        } else {
            request(nowNanos);
        }
    }

    private void merge(long nowNanos) {
        merged++;
        group.onAsked();
        if (!asked) { // The request has not gone out yet; for a crowd it waits longer.
            dueNanos = Math.max(dueNanos, earliestNanos(nowNanos));
        }
    }

    /** Ends the pending request, because a key frame of this encoding came. */
    public void onKeyFrame() {
        clear();
    }

    /** Ends the pending request, because the encoding stopped or no subscriber waits any more. */
    public void onStopped() {
        clear();
    }

    public void onTimeout(long nowNanos) {
        KeyFrameBudget budget = refusedBy;
        if (budget != null && refusedUntilNanos <= nowNanos) {
            forgetRefused();
            if (budget.tryTake(nowNanos)) {
                request(nowNanos);
            } else { // The subscriber has used its budget for another encoding meanwhile.
                remember(budget);
            }
        }
        if (dueNanos <= nowNanos) {
            sendWhenAllowed(nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        return Math.min(dueNanos, refusedUntilNanos);
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

    /** Returns the number of requests refused because a subscriber's budget was used up. */
    public long refused() {
        return refused;
    }

    private void remember(KeyFrameBudget budget) {
        if (budget.nextNanos() < refusedUntilNanos) {
            refusedBy = budget;
            refusedUntilNanos = budget.nextNanos();
        }
    }

    private void forgetRefused() {
        refusedBy = null;
        refusedUntilNanos = NO_DEADLINE;
    }

    private void request(long nowNanos) {
        forgetRefused();
        group.onAsked();
        pending = true;
        asked = false;
        retryNanos = Math.max(RETRY_NANOS_MIN, Math.min(RETRY_NANOS_MAX, 2 * rttNanos));
        sendWhenAllowed(nowNanos);
    }

    private void sendWhenAllowed(long nowNanos) {
        long earliest = asked ? group.earliestRepeatNanos(this) : earliestNanos(nowNanos);
        if (earliest > nowNanos) {
            dueNanos = earliest;
        } else {
            send(nowNanos);
        }
    }

    /** Returns the time from which a request that has not gone out yet may go out. */
    private long earliestNanos(long nowNanos) {
        boolean isStarting = isStarting(nowNanos);
        long interval = isStarting ? STARTING_INTERVAL_NANOS : intervalNanos;
        long own = everSent ? lastSentNanos + interval : Long.MIN_VALUE;
        return Math.max(own, isStarting ? group.earliestRepeatNanos(this) : group.earliestNanos());
    }

    private void send(long nowNanos) {
        asked = true;
        everSent = true;
        lastSentNanos = nowNanos;
        sent++;
        sentSinceStart++;
        group.onSent(this, nowNanos);
        if (isStarting(nowNanos)) {
            dueNanos = nowNanos + Math.max(STARTING_RETRY_NANOS, Math.min(RETRY_NANOS_MAX, 2 * rttNanos));
        } else {
            dueNanos = nowNanos + retryNanos;
            retryNanos = Math.min(RETRY_NANOS_MAX, 2 * retryNanos);
        }
        sink.requestKeyFrame();
    }

    private boolean isStarting(long nowNanos) {
        return started && nowNanos - startedNanos < STARTING_NANOS && sentSinceStart < STARTING_REQUESTS_MAX;
    }

    private void clear() {
        forgetRefused();
        pending = false;
        dueNanos = NO_DEADLINE;
    }
}
