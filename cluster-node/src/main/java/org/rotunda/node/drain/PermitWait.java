package org.rotunda.node.drain;

import java.time.Duration;
import java.util.List;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.DrainPermit.Answer;
import org.rotunda.room.nodewatch.NodeId;

/**
 * A node's wait for the permit to empty itself. The node goes on without a permit when it has waited for too long, or
 * when nobody grants permits: a process that is asked to stop is killed after a while, and then its calls are lost. A
 * pure machine: it gets the time in nanoseconds of {@link System#nanoTime()}. Owned by {@link NodeDrain}.
 */
final class PermitWait {
    /**
     * So many questions in a row may stay without an answer. One is not enough, because the actor that grants permits
     * moves when its own node is stopped, and then it is away for some seconds.
     */
    static final int UNANSWERED_MAX = 4;

    private final DrainPermit.Kind kind;
    private final long lastNanos;
    private int unanswered;
    private Outcome outcome = Outcome.WAITING;
    private List<NodeId> others = List.of();

    /** How the wait stands. */
    enum Outcome {
        WAITING,
        GRANTED,
        /** The node goes on without a permit, because it has waited for the longest time. */
        TIRED,
        /** The node goes on without a permit, because nobody answers. */
        ALONE;

        boolean isWithoutPermit() {
            return this == TIRED || this == ALONE;
        }
    }

    /** @param max the longest time to wait */
    PermitWait(DrainPermit.Kind kind, Duration max, long nowNanos) {
        this.kind = kind;
        this.lastNanos = nowNanos + max.toNanos();
    }

    DrainPermit.Kind kind() {
        return kind;
    }

    Outcome outcome() {
        return outcome;
    }

    /** The other nodes that were being emptied at the last answer. */
    List<NodeId> others() {
        return others;
    }

    void onAnswer(Answer answer, long nowNanos) {
        unanswered = 0;
        others = answer.others();
        if (answer.granted()) {
            outcome = Outcome.GRANTED; // Also late: then others wait for this node.
        } else if (outcome == Outcome.WAITING && nowNanos - lastNanos >= 0) {
            outcome = Outcome.TIRED;
        }
    }

    void onNoAnswer(long nowNanos) {
        unanswered++;
        if (outcome != Outcome.WAITING) {
            return;
        }
        if (unanswered >= UNANSWERED_MAX) {
            outcome = Outcome.ALONE;
        } else if (nowNanos - lastNanos >= 0) {
            outcome = Outcome.TIRED;
        }
    }
}
