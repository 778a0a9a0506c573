package org.rotunda.load.bot;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.receive.ContinuityFault;

/**
 * What one bot, or a fleet, has sent and received since its start; a snapshot. {@link #since} gives what happened between two.
 *
 * @param bots how many bots it covers, those that are gone too
 * @param sent by the bots
 * @param received by the bots
 * @param continuity what was wrong with what they received
 * @param delayMicros one-way delay of frames of bots of the same host, from the sender's socket to the receiver's, in microseconds
 * @param streams what each living bot is sent now
 */
public record BotStats(
        int bots, Sent sent, Received received, Continuity continuity, Histogram delayMicros, List<Stream> streams) {
    /** Ten seconds and two digits: 0.1 % of a delay nobody accepts costs nothing. */
    private static final long DELAY_MICROS_MAX = 10_000_000L;

    private static final int DELAY_DIGITS = 2;

    /**
     * @param packets RTP packets, resends too; {@code bytes} with headers, without protection
     * @param datagrams all, STUN and DTLS and RTCP too
     * @param keyFrames of all layers
     * @param failures datagrams the kernel refused, as after the ICMP answer of a router that is gone
     */
    public record Sent(
            long packets,
            long bytes,
            long datagrams,
            long datagramBytes,
            long resent,
            long keyFrames,
            long nacks,
            long plis,
            long transportFeedbacks,
            long messages,
            long failures) {
        Sent since(Sent earlier) {
            return new Sent(
                    packets - earlier.packets,
                    bytes - earlier.bytes,
                    datagrams - earlier.datagrams,
                    datagramBytes - earlier.datagramBytes,
                    resent - earlier.resent,
                    keyFrames - earlier.keyFrames,
                    nacks - earlier.nacks,
                    plis - earlier.plis,
                    transportFeedbacks - earlier.transportFeedbacks,
                    messages - earlier.messages,
                    failures - earlier.failures);
        }
    }

    /**
     * @param packets RTP packets that were ours, RTX too
     * @param lost packets that never came
     * @param recovered packets that came late: resent, or reordered
     * @param frames whole frames of video and packets of sound
     * @param frozenFrames that a decoder could not have shown
     * @param layerSwitches of streams of bots
     * @param frameGapMaxNanos the longest pause of any video, over the whole time even in a difference
     * @param nacks sequence numbers the router asked for
     * @param srtpFailures packets that were not ours by their tag
     * @param early packets that came before the bot had its keys, and were dropped
     * @param silences how often nothing came for so long that ICE was restarted
     */
    public record Received(
            long packets,
            long bytes,
            long datagrams,
            long datagramBytes,
            long rtx,
            long rtcp,
            long lost,
            long recovered,
            long duplicates,
            long frames,
            long keyFrames,
            long frozenFrames,
            long layerSwitches,
            long frameGapMaxNanos,
            long nacks,
            long plis,
            long transportFeedbacks,
            long messages,
            long srtpFailures,
            long early,
            long unknownSsrcs,
            long unknownDatagrams,
            long dtlsFailures,
            long silences) {
        Received since(Received earlier) {
            return new Received(
                    packets - earlier.packets,
                    bytes - earlier.bytes,
                    datagrams - earlier.datagrams,
                    datagramBytes - earlier.datagramBytes,
                    rtx - earlier.rtx,
                    rtcp - earlier.rtcp,
                    lost - earlier.lost,
                    recovered - earlier.recovered,
                    duplicates - earlier.duplicates,
                    frames - earlier.frames,
                    keyFrames - earlier.keyFrames,
                    frozenFrames - earlier.frozenFrames,
                    layerSwitches - earlier.layerSwitches,
                    frameGapMaxNanos,
                    nacks - earlier.nacks,
                    plis - earlier.plis,
                    transportFeedbacks - earlier.transportFeedbacks,
                    messages - earlier.messages,
                    srtpFailures - earlier.srtpFailures,
                    early - earlier.early,
                    unknownSsrcs - earlier.unknownSsrcs,
                    unknownDatagrams - earlier.unknownDatagrams,
                    dtlsFailures - earlier.dtlsFailures,
                    silences - earlier.silences);
        }

        /** Packets lost for good as a share of those that should have come. */
        public double lossRatio() {
            long expected = packets + lost;
            return expected == 0 ? 0 : (double) lost / expected;
        }
    }

    /**
     * @param faults by kind; empty if all streams look as if one encoder made each
     * @param details the first faults in words, over the whole time even in a difference
     */
    public record Continuity(Map<ContinuityFault, Long> faults, List<String> details) {
        public Continuity {
            faults = Map.copyOf(faults);
            details = List.copyOf(details);
        }

        public boolean isClean() {
            return faults.isEmpty();
        }

        public long total() {
            return faults.values().stream().mapToLong(Long::longValue).sum();
        }

        Continuity since(Continuity earlier) {
            Map<ContinuityFault, Long> difference = new TreeMap<>();
            faults.forEach((fault, count) -> {
                long more = count - earlier.faults.getOrDefault(fault, 0L);
                if (more > 0) {
                    difference.put(fault, more);
                }
            });
            return new Continuity(difference, details);
        }
    }

    /**
     * One stream that a bot receives.
     *
     * @param receiver identity of the bot
     * @param trackSid publication it belongs to, null while signaling has not named it
     * @param height of the last key frame, 0 for sound
     * @param faults of its continuity
     */
    public record Stream(
            String receiver,
            @Nullable String trackSid,
            boolean video,
            long packets,
            long bytes,
            long frames,
            long keyFrames,
            int height,
            long lost,
            long faults) {}

    public BotStats {
        streams = List.copyOf(streams);
    }

    static Histogram newDelayHistogram() {
        return new Histogram(DELAY_MICROS_MAX, DELAY_DIGITS);
    }

    /** What happened since an earlier snapshot of the same bot or fleet. */
    public BotStats since(BotStats earlier) {
        Histogram delays = delayMicros.copy();
        delays.subtract(earlier.delayMicros);
        return new BotStats(
                bots,
                sent.since(earlier.sent),
                received.since(earlier.received),
                continuity.since(earlier.continuity),
                delays,
                streams);
    }
}
