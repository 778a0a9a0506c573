package org.rotunda.room.signal;

/**
 * The number of messages that one client may still send on its media-signaling channels. A client that sends more has
 * the rest dropped, because the room reads all messages of all its clients one after another. Owned by one actor.
 */
public final class MessageBudget {
    /** The number of messages that may come at once. A client that shows many tracks sends a few dozen. */
    public static final int BURST = 200;

    /** The number of messages each second that may come for ever. The SDK sends at most a few. */
    public static final int PER_SECOND = 20;

    private static final long NANOS_PER_MESSAGE = 1_000_000_000L / PER_SECOND;

    private int left = BURST;
    private long refilledAt;
    private boolean started;

    /** Takes one message from the budget. Returns false if the message is to be dropped. */
    public boolean take(long nowNanos) {
        if (!started) {
            started = true;
            refilledAt = nowNanos;
        }
        long gained = Math.max(0, (nowNanos - refilledAt) / NANOS_PER_MESSAGE);
        refilledAt += gained * NANOS_PER_MESSAGE;
        left = (int) Math.min(BURST, left + gained);
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
