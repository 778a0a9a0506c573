package org.rotunda.load.bot;

import org.HdrHistogram.Histogram;
import org.rotunda.load.bot.receive.FaultCounters;

/** The counters of a bot over all its media connections. Owned by one loop. */
final class MediaTotals {
    private final MediaCounters counters = new MediaCounters();
    private final FaultCounters faults = new FaultCounters();
    private final Histogram delayMicros = BotStats.newDelayHistogram();

    MediaCounters counters() {
        return counters;
    }

    FaultCounters faults() {
        return faults;
    }

    Histogram delayMicros() {
        return delayMicros;
    }
}
