package org.rotunda.load.bot;

/** Takes the times of one join. Written on the bot's loop; {@link #times} may be called from any thread. */
final class JoinClock {
    private final long startNanos;
    private volatile JoinTimes times = new JoinTimes(JoinTimes.NOT_YET, JoinTimes.NOT_YET, JoinTimes.NOT_YET);

    /** @param startNanos the time of the call that started the join */
    JoinClock(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Called when the server has answered. */
    void onAnswered(long nowNanos) {
        times = new JoinTimes(nowNanos - startNanos, times.mediaNanos(), times.firstMediaNanos());
    }

    /** Called when ICE and DTLS have connected. Only the first call counts. */
    void onConnected(long nowNanos) {
        if (times.mediaNanos() == JoinTimes.NOT_YET) {
            times = new JoinTimes(times.connectedNanos(), nowNanos - startNanos, times.firstMediaNanos());
        }
    }

    /** Called with the first media packet. */
    void onFirstMedia(long nowNanos) {
        times = new JoinTimes(times.connectedNanos(), times.mediaNanos(), nowNanos - startNanos);
    }

    /** Returns whether the server has answered and the media connection is up. */
    boolean isComplete() {
        JoinTimes now = times;
        return now.connectedNanos() != JoinTimes.NOT_YET && now.mediaNanos() != JoinTimes.NOT_YET;
    }

    JoinTimes times() {
        return times;
    }
}
