package org.rotunda.load.bot;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.receive.IncomingStream;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.feedback.RtxReceiver;
import org.rotunda.media.feedback.TransportWideFeedback;
import org.rotunda.media.rtcp.RtcpWriter;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.srtp.SrtpSession;
import org.rotunda.media.testkit.AnnouncedStream;
import org.rotunda.media.testkit.PeerSdp;

/**
 * The streams that one bot receives, and the feedback about them: NACKs, key-frame requests and transport-wide
 * feedback. Sans-IO; owned by the loop of its {@link BotMedia}.
 */
final class BotReceiver {
    /**
     * The interval at which each stream checks for missing packets. A shorter interval would be expensive with many
     * streams.
     */
    private static final long TICK_NANOS = 20_000_000L;

    private final int ownSsrc;
    private final MediaTotals totals;
    private final MediaCounters counters;
    private final RtcpReporter reporter;
    private final Supplier<ByteBuf> scratch;
    private final Consumer<ByteBuf> rtcpOut;
    private final LongConsumer firstMedia;
    private final IntObjectMap<IncomingStream> incoming = new IntObjectHashMap<>();
    // The same streams as in incoming, in a list because iterating over a list creates no garbage.
    private final List<IncomingStream> streams = new ArrayList<>();
    private final RtxReceiver rtx = new RtxReceiver();
    private final TransportWideFeedback transportFeedback;
    private int transportSequenceId;
    private long tickNanos = Long.MIN_VALUE;
    private boolean feedbackPending;
    private boolean heard;

    /**
     * Creates a receiver without streams.
     *
     * @param ownSsrc the sender SSRC of all feedback
     * @param reporter the reporter to which the receiver adds and removes its streams
     * @param scratch supplies an empty buffer of the loop, for one packet at a time
     * @param rtcpOut sends a plain RTCP packet, which it borrows
     * @param firstMedia called once, with the arrival time of the first media packet
     */
    BotReceiver(
            int ownSsrc,
            MediaTotals totals,
            RtcpReporter reporter,
            Supplier<ByteBuf> scratch,
            Consumer<ByteBuf> rtcpOut,
            LongConsumer firstMedia) {
        this.ownSsrc = ownSsrc;
        this.totals = totals;
        this.reporter = reporter;
        this.scratch = scratch;
        this.rtcpOut = rtcpOut;
        this.firstMedia = firstMedia;
        counters = totals.counters();
        transportFeedback = new TransportWideFeedback(ownSsrc);
        rtx.mapPayloadType(PeerSdp.rtxPayloadType(PeerSdp.VP8), PeerSdp.VP8);
        rtx.mapPayloadType(PeerSdp.rtxPayloadType(PeerSdp.H264), PeerSdp.H264);
    }

    List<IncomingStream> streams() {
        return streams;
    }

    /** Finds or creates the streams of a track in this media section, and adds them to {@code described}. */
    void describe(String trackId, MediaSection section, IntObjectMap<IncomingStream> described) {
        for (String value : section.attributes("extmap")) {
            if (value.endsWith(HeaderExtension.TRANSPORT_CC.uri())) {
                transportSequenceId = Integer.parseInt(value.substring(0, value.indexOf(' ')));
            }
        }
        for (AnnouncedStream announced : AnnouncedStream.of(section)) {
            IncomingStream stream = incoming.get(announced.ssrc());
            if (stream == null) {
                stream = new IncomingStream(
                        announced.ssrc(),
                        trackId,
                        section.kind() == MediaKind.VIDEO,
                        totals.faults(),
                        totals.delayMicros());
                incoming.put(announced.ssrc(), stream);
                streams.add(stream);
                reporter.addReceiver(stream.statistics());
            }
            if (announced.rtxSsrc() != 0) {
                rtx.mapStream(announced.rtxSsrc(), announced.ssrc());
            }
            stream.setRtxSsrc(announced.rtxSsrc());
            described.put(announced.ssrc(), stream);
        }
    }

    /**
     * Removes all streams that are not in {@code described}. The removed streams are also removed from the SRTP session
     * if there is one.
     */
    void keepOnly(IntObjectMap<IncomingStream> described, @Nullable SrtpSession session) {
        for (int i = streams.size() - 1; i >= 0; i--) {
            IncomingStream stream = streams.get(i);
            if (!described.containsKey(stream.ssrc())) {
                counters.addStream(stream);
                reporter.removeReceiver(stream.ssrc());
                rtx.unmapStream(stream.rtxSsrc());
                forgetInbound(stream, session);
                incoming.remove(stream.ssrc());
                streams.remove(i);
            }
        }
    }

    /** Removes a stream from the session, because the session holds only a bounded number of SSRCs. */
    private static void forgetInbound(IncomingStream stream, @Nullable SrtpSession session) {
        if (session != null) {
            session.forgetInbound(stream.ssrc());
            session.forgetInbound(stream.rtxSsrc());
        }
    }

    /**
     * Counts and drops a packet that arrived before the bot had its keys. The router may send such packets, because it
     * has its keys a moment earlier than the bot.
     */
    void onEarlyRtp(ByteBuf packet) {
        counters.early++;
        IncomingStream stream = RtpHeader.isValid(packet) ? incoming.get(RtpHeader.ssrc(packet)) : null;
        if (stream != null) {
            stream.checker().onUnreadable();
        }
    }

    /** Processes a decrypted packet that is valid RTP. The packet is borrowed. */
    void onRtp(ByteBuf packet, long nowNanos) {
        counters.packetsIn++;
        counters.bytesIn += packet.readableBytes();
        int ssrc = RtpHeader.ssrc(packet);
        int element = RtpExtensions.find(packet, transportSequenceId);
        if (element != RtpExtensions.NONE && RtpExtensions.lengthBytes(element) == 2) {
            transportFeedback.onPacket(
                    packet.getUnsignedShort(packet.readerIndex() + RtpExtensions.offset(element)), ssrc, nowNanos);
        }
        boolean viaRtx = rtx.isRtx(ssrc);
        if (viaRtx) {
            counters.rtxIn++;
            if (rtx.restore(packet) != RtxReceiver.Outcome.RESTORED) {
                return;
            }
        }
        IncomingStream stream = incoming.get(RtpHeader.ssrc(packet));
        if (stream == null) {
            counters.unknownSsrcs++;
            return;
        }
        stream.onPacket(packet, viaRtx, nowNanos);
        feedbackPending |= stream.nackCount() > 0;
        if (!heard) {
            heard = true;
            firstMedia.accept(nowNanos);
        }
    }

    void onSenderReport(int ssrc, long ntpTimestamp, long nowNanos) {
        IncomingStream stream = incoming.get(ssrc);
        if (stream != null) {
            stream.statistics().onSenderReport(ntpTimestamp, nowNanos);
        }
    }

    /** Sends the NACKs and the transport-wide feedback that are due after a read batch. */
    void onBatchEnd(long nowNanos) {
        sendNacksIfPending();
        sendTransportFeedbackIfDue(nowNanos);
    }

    /** Performs the work that is due at this time. Called at every tick of the loop. */
    void onTime(long nowNanos) {
        if (nowNanos - tickNanos >= TICK_NANOS || tickNanos == Long.MIN_VALUE) {
            tickNanos = nowNanos;
            onTick(nowNanos);
        }
        sendTransportFeedbackIfDue(nowNanos);
    }

    private void onTick(long nowNanos) {
        for (int i = 0; i < streams.size(); i++) {
            IncomingStream stream = streams.get(i);
            stream.onTime(nowNanos);
            feedbackPending |= stream.nackCount() > 0;
            if (stream.takeKeyFrameRequest(nowNanos)) {
                counters.plisOut++;
                ByteBuf out = scratch.get();
                RtcpWriter.pli(out, ownSsrc, stream.ssrc());
                rtcpOut.accept(out);
            }
        }
        sendNacksIfPending();
    }

    private void sendNacksIfPending() {
        if (!feedbackPending) {
            return;
        }
        feedbackPending = false;
        for (int i = 0; i < streams.size(); i++) {
            IncomingStream stream = streams.get(i);
            if (stream.nackCount() > 0) {
                counters.nacksOut += stream.nackCount();
                ByteBuf out = scratch.get();
                RtcpWriter.nack(out, ownSsrc, stream.ssrc(), stream.nackNumbers(), stream.nackCount());
                stream.clearNacks();
                rtcpOut.accept(out);
            }
        }
    }

    private void sendTransportFeedbackIfDue(long nowNanos) {
        if (transportFeedback.nextDeadlineNanos() > nowNanos) {
            return;
        }
        ByteBuf out = scratch.get();
        while (transportFeedback.writeDue(out, nowNanos)) {
            counters.transportFeedbacksOut++;
            rtcpOut.accept(out);
            out.clear();
        }
    }
}
