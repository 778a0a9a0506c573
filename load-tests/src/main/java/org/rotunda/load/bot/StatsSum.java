package org.rotunda.load.bot;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.rotunda.load.bot.receive.FaultCounters;
import org.rotunda.load.bot.receive.IncomingStream;

/** The summed counters of several bots. Used by one thread at a time. */
final class StatsSum {
    private final MediaCounters counters = new MediaCounters();
    private final FaultCounters faults = new FaultCounters();
    private final Histogram delayMicros = BotStats.newDelayHistogram();
    private final List<BotStats.Stream> streams = new ArrayList<>();
    private int bots;

    /** Adds the counters of a bot and the current figures of its streams. */
    void add(LoopMember member) {
        BotMedia media = member.media();
        bots++;
        counters.add(member.totals().counters());
        faults.add(member.totals().faults());
        delayMicros.add(member.totals().delayMicros());
        media.addLiveTo(counters);
        for (IncomingStream stream : media.streams()) {
            streams.add(new BotStats.Stream(
                    member.identity(),
                    member.trackSid(stream.trackId()),
                    stream.isVideo(),
                    stream.checker().packets(),
                    stream.bytes(),
                    stream.checker().frames(),
                    stream.checker().keyFrames(),
                    stream.checker().height(),
                    stream.checker().lost(),
                    stream.checker().faults(),
                    stream.frameGapMaxNanos()));
        }
    }

    void add(StatsSum other) {
        bots += other.bots;
        counters.add(other.counters);
        faults.add(other.faults);
        delayMicros.add(other.delayMicros);
        streams.addAll(other.streams);
    }

    BotStats toStats() {
        MediaCounters c = counters;
        return new BotStats(
                bots,
                new BotStats.Sent(
                        c.packetsOut,
                        c.bytesOut,
                        c.datagramsOut,
                        c.datagramBytesOut,
                        c.resent,
                        c.keyFramesOut,
                        c.nacksOut,
                        c.plisOut,
                        c.transportFeedbacksOut,
                        c.messagesOut,
                        c.sendFailures),
                new BotStats.Received(
                        c.packetsIn,
                        c.bytesIn,
                        c.datagramsIn,
                        c.datagramBytesIn,
                        c.rtxIn,
                        c.rtcpIn,
                        c.lost,
                        c.recovered,
                        c.duplicates,
                        c.frames,
                        c.keyFrames,
                        c.frozenFrames,
                        c.layerSwitches,
                        c.frameGapMaxNanos,
                        c.nacksIn,
                        c.plisIn,
                        c.transportFeedbacksIn,
                        c.messagesIn,
                        c.srtpFailures,
                        c.early,
                        c.unknownSsrcs,
                        c.unknownDatagrams,
                        c.dtlsFailures,
                        c.silences),
                new BotStats.Continuity(faults.byKind(), faults.details()),
                delayMicros.copy(),
                streams);
    }
}
