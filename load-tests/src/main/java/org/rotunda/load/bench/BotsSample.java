package org.rotunda.load.bench;

import org.rotunda.load.bot.BotStats;

/**
 * The counts of all bots at one moment, since their start.
 *
 * @param nanos the moment, on the scale of {@link System#nanoTime}
 * @param received packets that arrived
 * @param lost packets that never arrived
 * @param joined joins that succeeded
 * @param failed joins that failed
 */
record BotsSample(long nanos, long received, long lost, long joined, long failed) {
    static BotsSample of(BotStats stats, Joins joins) {
        long failed = joins.failed();
        return new BotsSample(
                System.nanoTime(), stats.received().packets(), stats.received().lost(), joins.ended() - failed, failed);
    }

    double seconds(BotsSample earlier) {
        return (nanos - earlier.nanos) / 1e9;
    }
}
