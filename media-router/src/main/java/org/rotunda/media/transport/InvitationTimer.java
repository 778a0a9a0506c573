package org.rotunda.media.transport;

import org.rotunda.media.time.Deadline;

/**
 * Decides when a client that has moved here is asked for its ClientHello. When the client applies its answer it sends a
 * ClientHello over the pair that it has then, which is often still the pair to the dead node. If that ClientHello had
 * gone here it would have come before the answer, which takes the longer way. Before the answer the client has not begun
 * DTLS. Owned by one event loop.
 */
final class InvitationTimer {
    /**
     * The time from the client's first check to the first request. Chromium sends over the new pair only some
     * milliseconds after it has read the answer to its check. A request that it reads together with that answer makes it
     * send to the dead node once more, and wait for 50 ms.
     */
    static final long SETTLE_NANOS = 20_000_000L;

    /** The time from one request to the next, in case a request is lost or the client was slower. */
    static final long REPEAT_NANOS = 50_000_000L;

    private boolean isAnswered;
    private boolean isChecked;
    private boolean isOver;
    private long settledNanos;
    private long dueNanos = Deadline.NO_DEADLINE;

    /** @param hasMoved true if the connection came from another node; other clients are not asked */
    InvitationTimer(boolean hasMoved) {
        isOver = !hasMoved;
    }

    /** Notes that the client has answered an offer. */
    void onAnswer(long nowNanos) {
        isAnswered = true;
        arm(nowNanos);
    }

    /** Notes an authentic check of the client. */
    void onCheck(long nowNanos) {
        if (!isChecked) {
            isChecked = true;
            settledNanos = nowNanos + SETTLE_NANOS;
            arm(nowNanos);
        }
    }

    private void arm(long nowNanos) {
        if (!isOver && isAnswered && isChecked && dueNanos == Deadline.NO_DEADLINE) {
            dueNanos = Math.max(nowNanos, settledNanos);
        }
    }

    /** Returns whether a request is due. A second call at the same time returns false. */
    boolean takeDue(long nowNanos) {
        if (nowNanos < dueNanos) {
            return false;
        }
        dueNanos = nowNanos + REPEAT_NANOS;
        return true;
    }

    /** Notes that no further request is needed, because DTLS has begun or there were enough requests. */
    void end() {
        isOver = true;
        dueNanos = Deadline.NO_DEADLINE;
    }

    long nextDeadlineNanos() {
        return dueNanos;
    }
}
