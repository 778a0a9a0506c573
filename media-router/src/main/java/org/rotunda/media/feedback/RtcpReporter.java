package org.rotunda.media.feedback;

import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.rtcp.ReportBlocks;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.rtcp.SenderReport;

/**
 * Writes the regular reports of one transport: sender reports on the streams that we send, report blocks on the streams
 * that we receive, and a CNAME in every compound packet (RFC 3550 §6.1). Reports that do not fit in one compound packet
 * go into further compound packets. Owned by one event loop.
 */
public final class RtcpReporter {
    /** The clock for the sender reports of one stream. While the clock is unknown, the stream has no sender reports. */
    public interface StreamClock {
        boolean isKnown();

        long ntpAt(long nowNanos);

        /** Returns the RTP timestamp that our stream would carry now, as raw 32 bits. */
        int rtpAt(long nowNanos);
    }

    private record Sender(SendStatistics statistics, StreamClock clock) {}

    private static final Sender[] NO_SENDERS = {};
    private static final ReceptionStatistics[] NO_RECEIVERS = {};

    private final int ownSsrc;
    private final byte[] cname;
    private final RtcpScheduler scheduler;
    private final Consumer<ReceptionStatistics> onReported;
    // The keys are SSRCs, so that a stream is removed without a search. A search could be expensive, because the peer
    // decides how many streams it sends.
    private final Map<Integer, Sender> senders = new LinkedHashMap<>();
    private final Map<Integer, ReceptionStatistics> receivers = new LinkedHashMap<>();
    // The streams of the current or last round. A round is one regular report, in one or more compound packets.
    private Sender[] roundSenders = NO_SENDERS;
    private ReceptionStatistics[] roundReceivers = NO_RECEIVERS;
    private boolean streamsChanged;
    private boolean reporting; // True between the first and the last compound packet of a round.
    private int nextSender;
    private int nextReceiver;

    /**
     * Makes a reporter. It uses {@code ownSsrc} as its SSRC while no sent stream has a sender report.
     *
     * @param cname the canonical name of the transport, at most 255 bytes
     */
    public RtcpReporter(int ownSsrc, byte[] cname, RandomGenerator random) {
        this(ownSsrc, cname, random, received -> {});
    }

    /**
     * Makes a reporter with a listener. {@code onReported} is called for a received stream after its report block was
     * written.
     */
    public RtcpReporter(int ownSsrc, byte[] cname, RandomGenerator random, Consumer<ReceptionStatistics> onReported) {
        this.onReported = onReported;
        this.ownSsrc = ownSsrc;
        this.cname = cname.clone();
        scheduler = new RtcpScheduler(random);
    }

    public void start(long nowNanos) {
        scheduler.onStarted(nowNanos);
    }

    public void stop() {
        scheduler.onStopped();
        reporting = false;
    }

    public void onVideo(boolean video, long nowNanos) {
        scheduler.onVideo(video, nowNanos);
    }

    public void addSender(SendStatistics statistics, StreamClock clock) {
        senders.put(statistics.ssrc(), new Sender(statistics, clock));
        streamsChanged = true;
    }

    public void removeSender(int ssrc) {
        senders.remove(ssrc);
        streamsChanged = true;
    }

    public void addReceiver(ReceptionStatistics statistics) {
        receivers.put(statistics.ssrc(), statistics);
        streamsChanged = true;
    }

    public void removeReceiver(int ssrc) {
        receivers.remove(ssrc);
        streamsChanged = true;
    }

    public long nextDeadlineNanos() {
        return scheduler.nextDeadlineNanos();
    }

    /**
     * Appends the next compound packet that is due, or returns false if there is none. The caller repeats the call with
     * an empty buffer until the call returns false.
     *
     * @param out the buffer, with {@link RtcpWriter#LENGTH_BYTES_MAX} writable bytes
     */
    public boolean writeDue(ByteBuf out, long nowNanos) {
        if (!reporting) {
            if (!scheduler.isDue(nowNanos)) {
                return false;
            }
            scheduler.onReported(nowNanos);
            reporting = true;
            nextSender = 0;
            nextReceiver = 0;
            if (streamsChanged) {
                streamsChanged = false;
                roundSenders = senders.values().toArray(NO_SENDERS);
                roundReceivers = receivers.values().toArray(NO_RECEIVERS);
            }
        }
        writeCompound(out, nowNanos);
        reporting = nextSender < roundSenders.length || nextReceiver < roundReceivers.length;
        return true;
    }

    /** Writes one report with the report blocks, then the CNAME, and then further sender reports that fit. */
    private void writeCompound(ByteBuf out, long nowNanos) {
        int end = out.writerIndex() + RtcpWriter.LENGTH_BYTES_MAX - RtcpWriter.cnameLengthBytes(cname);
        Sender first = nextSpeaker();
        int reporter = first == null ? ownSsrc : first.statistics().ssrc();
        int report = first == null ? RtcpWriter.beginReceiverReport(out, ownSsrc) : beginReport(first, out, nowNanos);
        writeBlocks(out, end, nowNanos);
        RtcpWriter.endReport(out, report);
        RtcpWriter.cname(out, reporter, cname);
        end += RtcpWriter.cnameLengthBytes(cname);
        while (end - out.writerIndex() >= SenderReport.FIXED_LENGTH_BYTES) {
            Sender next = nextSpeaker();
            if (next == null) {
                break;
            }
            RtcpWriter.endReport(out, beginReport(next, out, nowNanos));
        }
    }

    private void writeBlocks(ByteBuf out, int end, long nowNanos) {
        for (int blocks = 0; nextReceiver < roundReceivers.length; nextReceiver++) {
            ReceptionStatistics receiver = roundReceivers[nextReceiver];
            if (!receiver.hasReceived()) {
                continue;
            }
            if (++blocks > RtcpWriter.REPORT_BLOCKS_MAX || end - out.writerIndex() < ReportBlocks.LENGTH_BYTES) {
                return;
            }
            receiver.writeReportBlockTo(out, nowNanos);
            onReported.accept(receiver);
        }
    }

    private static int beginReport(Sender sender, ByteBuf out, long nowNanos) {
        StreamClock clock = sender.clock();
        return sender.statistics().beginSenderReport(out, clock.ntpAt(nowNanos), clock.rtpAt(nowNanos), nowNanos);
    }

    private @Nullable Sender nextSpeaker() {
        while (nextSender < roundSenders.length) {
            Sender sender = roundSenders[nextSender++];
            if (sender.statistics().hasSent() && sender.clock().isKnown()) {
                return sender;
            }
        }
        return null;
    }
}
