package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.RtcpReader;
import org.rotunda.media.rtcp.RtcpSink;

/**
 * Handles the RTCP of one connection. Passes the router's messages to the receiver or the sender, and sends reports
 * when they are due. Sans-IO; owned by the loop of its {@link BotMedia}.
 */
final class BotRtcp implements RtcpSink {
    private final RtcpReader reader = new RtcpReader(this);
    private final RtcpReporter reporter;
    private final BotReceiver receiver;
    private final BotSender sender;
    private final MediaCounters counters;
    private final Supplier<ByteBuf> scratch;
    private final Consumer<ByteBuf> out;
    private long nowNanos; // The arrival time of the packet that is being read.

    /**
     * Creates the RTCP handler of a connection.
     *
     * @param scratch supplies an empty buffer of the loop, for one packet at a time
     * @param out sends a plain RTCP packet, which it borrows
     */
    BotRtcp(
            RtcpReporter reporter,
            BotReceiver receiver,
            BotSender sender,
            MediaCounters counters,
            Supplier<ByteBuf> scratch,
            Consumer<ByteBuf> out) {
        this.reporter = reporter;
        this.receiver = receiver;
        this.sender = sender;
        this.counters = counters;
        this.scratch = scratch;
        this.out = out;
    }

    /** Processes a decrypted packet. The packet is borrowed. */
    void onPacket(ByteBuf packet, long arrivalNanos) {
        counters.rtcpIn++;
        nowNanos = arrivalNanos;
        reader.read(packet);
    }

    /** Sends the reports that are due. Called at every tick of the loop. */
    void onTime(long tickNanos) {
        if (reporter.nextDeadlineNanos() > tickNanos) {
            return;
        }
        ByteBuf report = scratch.get();
        while (reporter.writeDue(report, tickNanos)) {
            out.accept(report);
            report.clear();
        }
    }

    @Override
    public void onSenderReport(int ssrc, long ntpTimestamp, int rtpTimestamp, int packetCount, int octetCount) {
        receiver.onSenderReport(ssrc, ntpTimestamp, nowNanos);
    }

    @Override
    public void onReportBlock(int mediaSsrc, RtcpCompound report, int block) {
        sender.onReportBlock(mediaSsrc, report, block, nowNanos);
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
        sender.onNack(mediaSsrc, sequenceNumber, nowNanos);
    }

    @Override
    public void onPli(int mediaSsrc) {
        sender.onPli(mediaSsrc, nowNanos);
    }

    @Override
    public void onFir(int mediaSsrc, int commandSequence) {
        onPli(mediaSsrc);
    }

    @Override
    public void onTransportFeedback(RtcpCompound feedback) {
        counters.transportFeedbacksIn++;
    }
}
