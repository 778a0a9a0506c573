package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.DownlinkController;
import org.rotunda.media.congestion.Pacer;
import org.rotunda.media.congestion.TraceRecorder;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.feedback.ResendBudget;
import org.rotunda.media.forward.EgressPacket;
import org.rotunda.media.forward.EgressParameters;
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.time.Deadline;

/**
 * The RTP packets to one client. Writes each packet as the client negotiated it, gives it the next transport-wide
 * sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2) and encrypts it. The congestion control of
 * the client hears of every packet, and decides how fast bursts of video leave and when padding probes the network.
 *
 * <p>The transport-wide number is set right before the encryption, when the packet really leaves. Audio and
 * retransmissions leave at once. A packet of video leaves at once too while the {@link Pacer} has room; otherwise a
 * copy of the plaintext waits. Owned by one event loop; allocates nothing for a packet that leaves at once.
 */
final class MediaEgress {
    /**
     * The maximum number of padding packets that leave at one time for a probe. The congestion control spreads a probe,
     * so the limit only bounds the work of one call.
     */
    static final int PADDING_PACKETS_MAX = 64;

    /**
     * The ratio of the pacer's rate to the estimate. libwebrtc takes 2.5. A key frame then fills the queue of a network
     * whose estimate is right, and the queue looks like overuse: on a link of 1.5 Mbit/s the layers of three videos
     * changed 7 times a minute with a ratio of 1.5. The last packet of the key frame arrives no later with a lower ratio,
     * because the bottleneck does not send faster.
     */
    static final double PACING_RATIO = 1.1;

    /**
     * The ratio of the pacer's rate to the rate that was really sent, while the client sends no feedback. Without
     * feedback the estimate is only an assumption, and must not delay media for ever. The ratio is that of libwebrtc's
     * pacer.
     */
    private static final double UNSAMPLED_HEADROOM = 2.5;

    private final TransportId transport;
    private final TransportEnvironment environment;
    private final SrtpStreams srtp;
    private final Tracks tracks;
    private final Runnable onHeld;
    private final SentRates rates = new SentRates();
    private final ResendBudget resendBudget = new ResendBudget();
    // The transport-wide numbers of the packets of SSRCs whose packets may be repeated unchanged.
    private final IntObjectMap<RepeatedNumbers> repeatable = new IntObjectHashMap<>();
    private @Nullable DownlinkController controller; // Null until something is sent or to be sent.
    private @Nullable TraceRecorder trace; // Null unless this transport is recorded.
    private @Nullable Pacer<ByteBuf> pacer; // Null until a packet of video is sent.
    private @Nullable SocketAddress route; // The address that the last packet went to.
    private DesiredTransport.Downlink demand = DesiredTransport.Downlink.NONE;
    private int transportSequenceId; // The extension id; 0 if it was not negotiated.
    private int nextTransportSequence;
    private long releaseNanos; // The time of the call of the pacer that is releasing packets.
    private long forwarded;

    /** The tracks to the client, as the sending side needs them. */
    interface Tracks {
        /**
         * Sends one packet that only fills a probe of the network, of about this many bytes or less, by {@link
         * #sendRtx} or {@link #sendPadding}.
         *
         * @return the length of the encrypted packet in bytes, or 0 if nothing can carry padding now
         */
        int sendPadding(int bytes, long nowNanos);

        /** Called when the congestion control may have changed its estimate. */
        void onEstimate(DownlinkController control, long nowNanos);
    }

    /** @param onHeld called when a packet was not sent but waits, so the deadline may have changed */
    MediaEgress(
            TransportId transport, TransportEnvironment environment, SrtpStreams srtp, Tracks tracks, Runnable onHeld) {
        this.transport = transport;
        this.environment = environment;
        this.srtp = srtp;
        this.tracks = tracks;
        this.onHeld = onHeld;
    }

    /** Returns whether there are both keys and an address to send to. */
    boolean canSend() {
        return srtp.canSend();
    }

    /** Sets the negotiated id of the transport-wide sequence number; 0 if it was not negotiated. */
    void onNegotiated(int extensionId) {
        transportSequenceId = extensionId;
    }

    /** Sets what the client would use, for probes. */
    void setDemand(DesiredTransport.Downlink downlink, long nowNanos) {
        if (downlink.equals(demand)) {
            return;
        }
        demand = downlink;
        if (controller != null || (downlink.desiredBps() > 0 && canSend())) {
            controller(nowNanos).setDemand(downlink.desiredBps(), downlink.nextBps(), downlink.capBps(), nowNanos);
            onEstimate(nowNanos);
        }
    }

    // --- packets --------------------------------------------------------------------------------------------------

    /**
     * Sends one packet of a subscription that has just come from its source, or lets it wait for its turn.
     *
     * @param paddingBytes the number of padding bytes behind the payload, at most 255
     * @return the length of the encrypted packet in bytes, or 0 if the packet could not be sent
     */
    int forward(
            SourcePacket source, EgressPacket packet, EgressParameters parameters, int paddingBytes, long nowNanos) {
        if (parameters.payloadType(packet.codec()) == EgressParameters.NOT_NEGOTIATED) {
            return 0; // The publisher switched to a codec that this client has not negotiated.
        }
        ByteBuf scratch = environment.buffers().plain();
        environment.writer().write(source, packet, parameters, paddingBytes, scratch);
        return send(scratch, packet, parameters, nowNanos);
    }

    private int send(ByteBuf scratch, EgressPacket packet, EgressParameters parameters, long nowNanos) {
        int lengthBytes = scratch.readableBytes() + srtp.tagLengthBytes();
        if (packet.codec().isVideo()) {
            if (!pacer(nowNanos).tryPass(lengthBytes, Pacer.VIDEO, nowNanos)) {
                hold(scratch, lengthBytes, nowNanos);
                forwarded++;
                return lengthBytes;
            }
        } else {
            charge(lengthBytes, nowNanos);
            rates.onAudio(lengthBytes, nowNanos);
        }
        int sentBytes = transmit(scratch, parameters.extensions().transportSequenceOffset(), false, nowNanos);
        forwarded += sentBytes > 0 ? 1 : 0;
        return sentBytes;
    }

    /**
     * Resends a packet of a subscription on its original SSRC to a client that negotiated no RTX. The packet must be
     * the same as before, with the same transport-wide number. If the packet was never sent, this call sends it for the
     * first time.
     */
    int repeatRtp(ByteBuf plaintext, EgressPacket packet, EgressParameters parameters, long nowNanos) {
        if (parameters.payloadType(packet.codec()) == EgressParameters.NOT_NEGOTIATED) {
            return 0;
        }
        ByteBuf scratch = environment.buffers().plain();
        environment.writer().write(plaintext, packet, parameters, scratch);
        int offset = parameters.extensions().transportSequenceOffset();
        RepeatedNumbers numbers = repeatable.get(parameters.ssrc());
        int number = numbers == null ? RepeatedNumbers.UNKNOWN : numbers.find(packet.sequenceNumber());
        if (offset != ExtensionLayout.ABSENT) {
            if (number == RepeatedNumbers.UNKNOWN) {
                return transmit(scratch, offset, false, nowNanos);
            }
            scratch.setShort(offset, number);
        }
        int lengthBytes = srtp.repeat(scratch);
        if (lengthBytes == SrtpStreams.NEVER_SENT) {
            return transmit(scratch, offset, false, nowNanos);
        }
        if (lengthBytes > 0) {
            charge(lengthBytes, nowNanos);
            rates.onSent(lengthBytes, nowNanos);
        }
        return lengthBytes;
    }

    /**
     * Sends a packet in the RTX stream if RTX was negotiated for the codec, and otherwise in the media stream.
     *
     * @param isPadding true if the packet only fills a probe, and the client has not asked for it
     */
    int sendRtx(
            ByteBuf plaintext,
            EgressPacket packet,
            EgressParameters parameters,
            int rtxSequenceNumber,
            boolean isPadding,
            long nowNanos) {
        if (parameters.rtxPayloadType(packet.codec()) == EgressParameters.NOT_NEGOTIATED) {
            return isPadding ? 0 : sendCached(plaintext, packet, parameters, nowNanos);
        }
        ByteBuf scratch = environment.buffers().plain();
        environment.writer().writeRtx(plaintext, packet, parameters, rtxSequenceNumber, scratch);
        charge(scratch.readableBytes() + srtp.tagLengthBytes(), nowNanos);
        return transmit(scratch, parameters.extensions().transportSequenceOffset(), isPadding, nowNanos);
    }

    private int sendCached(ByteBuf plaintext, EgressPacket packet, EgressParameters parameters, long nowNanos) {
        if (parameters.payloadType(packet.codec()) == EgressParameters.NOT_NEGOTIATED) {
            return 0;
        }
        ByteBuf scratch = environment.buffers().plain();
        environment.writer().write(plaintext, packet, parameters, scratch);
        return send(scratch, packet, parameters, nowNanos);
    }

    /**
     * Sends a packet without media, to fill a probe.
     *
     * @param paddingBytes the number of padding bytes, at most 255
     */
    int sendPadding(
            EgressParameters parameters,
            int ssrc,
            int payloadType,
            int sequenceNumber,
            int timestamp,
            int paddingBytes,
            long nowNanos) {
        ByteBuf scratch = environment.buffers().plain();
        environment
                .writer()
                .writePadding(parameters, ssrc, payloadType, sequenceNumber, timestamp, paddingBytes, scratch);
        return transmit(scratch, parameters.extensions().transportSequenceOffset(), true, nowNanos);
    }

    /** Charges a packet that never waits to the pacer, so that video makes room for it. */
    private void charge(int lengthBytes, long nowNanos) {
        if (pacer != null) {
            pacer.tryPass(lengthBytes, Pacer.URGENT, nowNanos);
        }
    }

    private void hold(ByteBuf scratch, int lengthBytes, long nowNanos) {
        ByteBuf copy = environment.allocator().directBuffer(scratch.readableBytes());
        copy.writeBytes(scratch, scratch.readerIndex(), scratch.readableBytes());
        releaseNanos = nowNanos; // A full pacer releases its oldest packet within the call.
        pacer(nowNanos).hold(copy, lengthBytes, nowNanos);
        onHeld.run();
    }

    private void onReleased(ByteBuf held) {
        int element = RtpExtensions.find(held, transportSequenceId);
        int offset = element == RtpExtensions.NONE ? ExtensionLayout.ABSENT : RtpExtensions.offset(element);
        ByteBuf plain = environment.buffers().plain().writeBytes(held);
        held.release();
        transmit(plain, offset, false, releaseNanos);
    }

    /** Numbers, encrypts and queues a packet, and returns the length of the encrypted packet, or 0. */
    private int transmit(ByteBuf plain, int transportSequenceOffset, boolean isPadding, long nowNanos) {
        int number = DownlinkController.NO_SEQUENCE;
        if (transportSequenceOffset != ExtensionLayout.ABSENT) {
            number = nextTransportSequence;
            plain.setShort(plain.readerIndex() + transportSequenceOffset, number);
        }
        int lengthBytes = srtp.protect(plain);
        if (lengthBytes == 0) {
            return 0; // The number is free for the next packet.
        }
        if (number != DownlinkController.NO_SEQUENCE) {
            nextTransportSequence = (number + 1) & 0xFFFF;
            if (!repeatable.isEmpty()) {
                RepeatedNumbers numbers = repeatable.get(RtpHeader.ssrc(plain));
                if (numbers != null) {
                    numbers.put(RtpHeader.sequenceNumber(plain), number);
                }
            }
        }
        rates.onSent(lengthBytes, nowNanos);
        controller(nowNanos).onSent(number, lengthBytes, isPadding, nowNanos);
        return lengthBytes;
    }

    /** Allows resends on this SSRC. Does nothing before there are keys. */
    void allowRepeats(int ssrc) {
        srtp.allowRepeats(ssrc);
        if (!repeatable.containsKey(ssrc)) {
            repeatable.put(ssrc, new RepeatedNumbers());
        }
    }

    void forgetOutbound(int ssrc) {
        srtp.forgetOutbound(ssrc);
        repeatable.remove(ssrc);
    }

    // --- feedback -------------------------------------------------------------------------------------------------

    /** Takes valid transport-wide feedback of the client, which is borrowed for the call. */
    void onFeedback(RtcpCompound feedback, long nowNanos) {
        DownlinkController control = controller;
        if (control != null) { // Feedback about nothing is forged or late.
            control.onFeedback(feedback, nowNanos);
            onEstimate(nowNanos);
        }
    }

    /** Takes the client's own limit of its total bit rate. */
    void onRemb(long bps, long nowNanos) {
        DownlinkController control = controller;
        if (control != null) {
            control.onRemb(bps, nowNanos);
            onEstimate(nowNanos);
        }
    }

    void onRtt(long rttNanos, long nowNanos) {
        DownlinkController control = controller;
        if (control != null) {
            control.onRtt(rttNanos, nowNanos);
        }
    }

    /** Takes the losses in the client's report blocks. */
    void onLossReport(long expected, long lost, long nowNanos) {
        DownlinkController control = controller;
        if (control != null) {
            control.onLossReport(expected, lost, nowNanos);
            onEstimate(nowNanos);
        }
    }

    /** Notes the address that everything is sent to from now on. Another address is another path. */
    void onRoute(@Nullable SocketAddress remote, long nowNanos) {
        if (remote == null || remote.equals(route)) {
            return;
        }
        boolean isFirst = route == null;
        route = remote;
        DownlinkController control = controller;
        if (control != null && !isFirst) {
            control.onRouteChanged(nowNanos);
            onEstimate(nowNanos);
        }
    }

    // --- time -----------------------------------------------------------------------------------------------------

    void onTimeout(long nowNanos) {
        Pacer<ByteBuf> pace = pacer;
        if (pace != null && nowNanos >= pace.nextDeadlineNanos()) {
            releaseNanos = nowNanos;
            pace.onTimeout(nowNanos);
        }
        DownlinkController control = controller;
        if (control != null && nowNanos >= control.nextDeadlineNanos()) {
            onEstimate(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        return Deadline.min(
                controller == null ? Deadline.NO_DEADLINE : controller.nextDeadlineNanos(),
                pacer == null ? Deadline.NO_DEADLINE : pacer.nextDeadlineNanos());
    }

    /** Does what the congestion control wants after an input or at its deadline. */
    private void onEstimate(long nowNanos) {
        DownlinkController control = controller(nowNanos);
        control.onTimeout(nowNanos);
        int packets = 0;
        for (int due = control.probeBytesDue(nowNanos); due > 0; due = control.probeBytesDue(nowNanos)) {
            if (tracks.sendPadding(due, nowNanos) == 0 || ++packets >= PADDING_PACKETS_MAX) {
                control.cancelProbe(nowNanos);
                break;
            }
        }
        if (pacer != null) {
            pacer.setRate(pacingBps(control, nowNanos), nowNanos);
        }
        if (control.isSampled()) {
            resendBudget.setEstimate(control.estimateBps());
        }
        tracks.onEstimate(control, nowNanos);
    }

    private long pacingBps(DownlinkController control, long nowNanos) {
        double bps = PACING_RATIO * control.estimateBps();
        boolean isMeasured = control.isMeasured() && !control.isFeedbackLate(nowNanos);
        return (long) (isMeasured ? bps : Math.max(bps, UNSAMPLED_HEADROOM * rates.sentBps(nowNanos)));
    }

    private DownlinkController controller(long nowNanos) {
        DownlinkController control = controller;
        if (control == null) {
            control = new DownlinkController(nowNanos);
            trace = environment.traces().begin(transport, nowNanos);
            control.setTrace(trace);
            control.setDemand(demand.desiredBps(), demand.nextBps(), demand.capBps(), nowNanos);
            controller = control;
        }
        return control;
    }

    private Pacer<ByteBuf> pacer(long nowNanos) {
        Pacer<ByteBuf> pace = pacer;
        if (pace == null) {
            pace = new Pacer<>(this::onReleased, pacingBps(controller(nowNanos), nowNanos), nowNanos);
            pacer = pace;
        }
        return pace;
    }

    void close() {
        if (pacer != null) {
            pacer.drainTo(ByteBuf::release);
        }
        TraceRecorder ended = trace;
        if (ended != null && controller != null) {
            controller.setTrace(null);
            trace = null;
            environment.traces().end(transport, ended);
        }
    }

    // --- observations ---------------------------------------------------------------------------------------------

    /** Returns the congestion control, or null if nothing was sent yet. */
    @Nullable
    DownlinkController control() {
        return controller;
    }

    DesiredTransport.Downlink demand() {
        return demand;
    }

    ResendBudget resendBudget() {
        return resendBudget;
    }

    SentRates rates() {
        return rates;
    }

    /** Returns the number of packets of video that wait for their turn. */
    int held() {
        return pacer == null ? 0 : pacer.held();
    }

    /** Returns the number of packets that were sent for subscriptions or wait to be sent, without resends. */
    long forwarded() {
        return forwarded;
    }
}
