package org.rotunda.load.bot;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.receive.ContinuityFault;

/**
 * A snapshot of what one bot or a whole fleet has sent and received since its start. {@link #since} returns the
 * difference between two snapshots.
 *
 * @param bots the number of bots whose media this snapshot counts, including bots that have ended
 * @param sent what the bots sent
 * @param received what the bots received
 * @param continuity the faults of the received streams
 * @param delayMicros the one-way delays of frames between bots on one host, in microseconds, from socket to socket
 * @param streams the streams that the bots receive now
 */
public record BotStats(
        int bots, Sent sent, Received received, Continuity continuity, Histogram delayMicros, List<Stream> streams) {
    /** The longest delay that is recorded, in microseconds. Longer delays are recorded as this value. */
    private static final long DELAY_MICROS_MAX = 10_000_000L;

    private static final int DELAY_DIGITS = 2;

    /**
     * The totals of what the bots sent.
     *
     * @param packets RTP packets, including resends
     * @param bytes the bytes of the RTP packets with headers, before protection
     * @param datagrams all datagrams, including STUN, DTLS and RTCP
     * @param keyFrames key frames, counted for each layer
     * @param failures datagrams that the kernel refused, for instance because the router's port is closed
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
     * The totals of what the bots received.
     *
     * @param packets authentic RTP packets, including RTX; a counting bot also counts packets that are not authentic
     * @param lost packets that never arrived
     * @param recovered packets that arrived late because they were resent or reordered
     * @param frames video frames whose last packet arrived, and audio packets
     * @param frozenFrames video frames that a decoder could not have decoded
     * @param layerSwitches switches between simulcast layers, known only for streams of bots
     * @param frameGapMaxNanos the longest pause of any video since the start, even in the result of {@link #since}
     * @param nacks sequence numbers that the router requested again
     * @param srtpFailures packets whose authentication failed
     * @param early packets that were dropped because the bot did not have its keys yet
     * @param silences the number of times that ICE was restarted because nothing had arrived for 7.5 s
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

        /** Returns the share of lost packets among all expected packets. */
        public double lossRatio() {
            long expected = packets + lost;
            return expected == 0 ? 0 : (double) lost / expected;
        }
    }

    /**
     * The faults of received streams.
     *
     * @param faults the number of faults by kind; kinds without faults are absent
     * @param details descriptions of the first faults since the start, even in the result of {@link #since}
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
     * @param receiver the identity of the receiving bot
     * @param trackSid the SID of the publication; null until signaling has announced the publication
     * @param height the picture height of the last key frame; 0 for audio
     * @param faults the number of continuity faults
     * @param frameGapMaxNanos the longest pause between two frames; 0 for audio
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
            long faults,
            long frameGapMaxNanos) {}

    public BotStats {
        streams = List.copyOf(streams);
    }

    static Histogram newDelayHistogram() {
        return new Histogram(DELAY_MICROS_MAX, DELAY_DIGITS);
    }

    /** Returns the difference from an earlier snapshot of the same bot or fleet. */
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
