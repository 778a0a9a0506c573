package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.time.Deadline;

/**
 * One subscription: turns the encodings of one {@link SourceTrack} into one unbroken egress stream with its own SSRC,
 * sequence numbers, timestamps and VP8 picture ids, and asks for the key frames this takes.
 *
 * <pre>{@code
 * var subscription = new ForwardedTrack(source, parameters, keyFrameSink, random);
 * subscription.setDesired(2, 2, false, nowNanos);
 * if (subscription.onSourcePacket(packet, egress)) {                     // For each packet of the source.
 *     writer.write(packet.plaintext(), egress, subscription.parameters(), destination);
 * }
 * ByteBuf plaintext = subscription.onNack(lost, cache, nowNanos, egress); // For each number in a NACK.
 * if (plaintext != null) {
 *     writer.writeRtx(plaintext, egress, subscription.parameters(), rtxSequenceNumber++, destination);
 * }
 * }</pre>
 *
 * <p>Packets that {@code onSourcePacket} refuses are counted by {@link ForwardDrop}. Sans-IO, no garbage per packet;
 * owned by the event loop of its room.
 */
public final class ForwardedTrack {
    /** No encoding is forwarded. */
    public static final int NONE = LayerSelector.NONE;

    /**
     * A key frame whose first packet comes later than this (by RTX, say) is no place to start. The packets that
     * overtook it were passed over; the subscriber asks for them and {@link #onNack} takes them from the cache.
     */
    static final int START_REORDER_MAX = 128;

    /** The longest wait for a key frame whose timestamp does not lie behind. */
    static final long TIMESTAMP_WAIT_MAX_NANOS = 1_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private final SourceTrack source;
    private final LayerSelector selector;
    private final TemporalFilter temporal = new TemporalFilter();
    private final SequenceRewriter sequences;
    private final TimestampRewriter timestamps;
    private final PictureRewriter pictures;
    private final EgressHistory history;
    private final ForwardStatistics statistics = new ForwardStatistics();
    private EgressParameters parameters;

    private int generation; // Of the source, when last seen.
    private int activityVersion;
    private int reference = NONE; // The encoding the timestamp offset belongs to.
    private Codec codec;
    private boolean frameOpen; // The newest forwarded packet was not the last of its frame.
    private boolean lossPending; // Packets are missing before the next picture.
    private long refusedSinceNanos = NEVER;
    private final long[] forwardedUpTo; // By encoding: the newest source packet forwarded.
    private long forwardedPackets;

    /**
     * Paused until {@link #setDesired} says otherwise.
     *
     * @param random for the initial numbers (RFC 3550 §5.1); seeded in simulations
     */
    public ForwardedTrack(
            SourceTrack source, EgressParameters parameters, KeyFrameSink keyFrames, RandomGenerator random) {
        this(
                source,
                parameters,
                keyFrames,
                new SequenceRewriter(random.nextInt(1 << 15)), // Low, or an early loss confuses SRTP's ROC.
                new TimestampRewriter(random.nextInt()),
                new PictureRewriter(random.nextInt(1 << 15), random.nextInt(1 << 8)),
                new EgressHistory(source.isVideo() ? EgressHistory.VIDEO_PACKETS : EgressHistory.AUDIO_PACKETS));
    }

    private ForwardedTrack(
            SourceTrack source,
            EgressParameters parameters,
            KeyFrameSink keyFrames,
            SequenceRewriter sequences,
            TimestampRewriter timestamps,
            PictureRewriter pictures,
            EgressHistory history) {
        this.source = source;
        this.parameters = parameters;
        this.sequences = sequences;
        this.timestamps = timestamps;
        this.pictures = pictures;
        this.history = history;
        selector = new LayerSelector(source, keyFrames);
        forwardedUpTo = new long[source.encodingCount()];
        Arrays.fill(forwardedUpTo, NEVER);
        generation = source.generation();
        activityVersion = source.activityVersion();
        codec = source.isVideo() ? Codec.VP8 : Codec.OPUS;
    }

    /**
     * Continues the egress stream of a subscription with another source: the publisher came back on another connection,
     * or with another number of encodings. The next packet follows the last one sent in number, timestamp and picture
     * id. Paused until {@link #setDesired} says otherwise; {@code previous} must not be used any more.
     */
    public static ForwardedTrack continuing(
            ForwardedTrack previous, SourceTrack source, EgressParameters parameters, KeyFrameSink keyFrames) {
        previous.history.clear(); // The old source's packets cannot be had any more.
        ForwardedTrack next = new ForwardedTrack(
                source,
                parameters,
                keyFrames,
                previous.sequences,
                previous.timestamps,
                previous.pictures,
                previous.history);
        next.frameOpen = previous.frameOpen;
        next.codec = previous.codec;
        next.forwardedPackets = previous.forwardedPackets;
        return next;
    }

    /**
     * Sets the desired state of the room. Layers count from 0; a spatial layer beyond the source's means its highest.
     */
    public void setDesired(int spatialLayerMax, int temporalLayerMax, boolean paused, long nowNanos) {
        followSource(nowNanos, false);
        selector.setDesired(spatialLayerMax, temporalLayerMax, paused, nowNanos);
    }

    /** The subscriber renegotiated. The SSRC should stay the same, because the stream's numbers continue. */
    public void setParameters(EgressParameters newParameters) {
        parameters = newParameters;
    }

    /**
     * Decides about one packet of the source.
     *
     * @param out filled when the answer is true
     * @return whether to forward it
     */
    public boolean onSourcePacket(SourcePacket packet, EgressPacket out) {
        followSource(packet.arrivalNanos(), packet.isStart());
        if (selector.isPaused()) {
            return drop(ForwardDrop.PAUSED);
        }
        if (parameters.payloadType(packet.codec()) == EgressParameters.NOT_NEGOTIATED) {
            return drop(ForwardDrop.CODEC_NOT_NEGOTIATED);
        }
        if (packet.codec() != codec && packet.encoding() == selector.current()) {
            selector.onSourceLost(
                    packet.arrivalNanos(), packet.isStart()); // The publisher changed codec: a decoder starts anew.
        }
        if (packet.encoding() != selector.current() && !start(packet)) {
            return false;
        }
        return rewrite(packet, out);
    }

    /** Switches to the packet's encoding if that is the target and possible at this packet. */
    private boolean start(SourcePacket packet) {
        if (packet.payloadLengthBytes() == 0) {
            return drop(ForwardDrop.PADDING_ONLY);
        }
        if (!packet.isStart()
                || packet.behindPackets() > START_REORDER_MAX
                || !selector.isSwitchWanted(packet.encoding())) {
            return drop(ForwardDrop.NOT_SELECTED);
        }
        if (packet.sequence() <= forwardedUpTo[packet.encoding()]) {
            return drop(ForwardDrop.LATE); // A second copy must not show the same pictures again.
        }
        long nowNanos = packet.arrivalNanos();
        boolean isForced = refusedSinceNanos != NEVER && nowNanos - refusedSinceNanos >= TIMESTAMP_WAIT_MAX_NANOS;
        boolean isLive = selector.current() != NONE;
        boolean isRebased = timestamps.rebase(
                packet.timestamp(),
                nowNanos,
                packet.codec().clockRateHz(),
                isTimestampByReportKnown(packet),
                timestampByReport(packet),
                isLive,
                isForced);
        if (!isRebased) {
            refusedSinceNanos = refusedSinceNanos == NEVER ? nowNanos : refusedSinceNanos;
            return drop(ForwardDrop.TIMESTAMP_BEHIND);
        }
        refusedSinceNanos = NEVER;
        // A number left out shows the decoder that the old source's last frame stays incomplete.
        sequences.rebase(packet.sequence(), source.isVideo() && frameOpen ? 1 : 0);
        pictures.rebase(packet);
        selector.onSwitched(packet.encoding(), nowNanos);
        temporal.restart(selector.temporalLayerWanted());
        reference = packet.encoding();
        codec = packet.codec();
        lossPending = false;
        return true;
    }

    private boolean isTimestampByReportKnown(SourcePacket packet) {
        if (reference == NONE || packet.codec() != codec) {
            return false;
        }
        return reference == packet.encoding()
                || (source.encoding(reference).hasSenderReport()
                        && source.encoding(packet.encoding()).hasSenderReport());
    }

    /**
     * Returns the packet's place on the egress timeline by the sender reports of its encoding and of the reference
     * encoding.
     */
    private int timestampByReport(SourcePacket packet) {
        if (reference == NONE || reference == packet.encoding()) {
            return packet.timestamp() - timestamps.offset(); // The same timeline, going on.
        }
        EncodingActivity from = source.encoding(reference);
        EncodingActivity to = source.encoding(packet.encoding());
        long rate = packet.codec().clockRateHz();
        long ntpNanos = to.reportNtpNanos() + (packet.timestamp() - to.reportRtpTimestamp()) * 1_000_000_000L / rate;
        long ticks = (ntpNanos - from.reportNtpNanos()) / 1_000 * rate / 1_000_000;
        return from.reportRtpTimestamp() + (int) ticks - timestamps.offset();
    }

    private boolean rewrite(SourcePacket packet, EgressPacket out) {
        long sequence = packet.sequence();
        int place = sequences.place(sequence);
        if (place == SequenceRewriter.STALE || place == SequenceRewriter.DUPLICATE) {
            return drop(place == SequenceRewriter.STALE ? ForwardDrop.LATE : ForwardDrop.DUPLICATE);
        }
        boolean isNewest = place == SequenceRewriter.NEWEST;
        long missingFrom = sequences.highestIngress() + 1;
        lossPending |= isNewest && missingFrom < sequence;
        if (packet.payloadLengthBytes() == 0) {
            return leaveOut(packet, missingFrom, ForwardDrop.PADDING_ONLY);
        }
        int pictureId = Vp8Descriptor.ABSENT;
        if (packet.pictureId() != Vp8Descriptor.ABSENT) {
            pictureId = isNewest ? newestPictureId(packet) : pictures.onLate(packet);
            if (pictureId < 0) {
                boolean isFiltered = pictureId == PictureRewriter.DROPPED;
                return leaveOut(
                        packet, missingFrom, isFiltered ? ForwardDrop.TEMPORAL_LAYER : ForwardDrop.PICTURE_UNKNOWN);
            }
        }
        int sequenceNumber = sequences.forward(sequence);
        int tl0PicIdx = pictures.tl0PicIdx(packet, isNewest);
        int timestamp = timestamps.forward(packet.timestamp(), packet.arrivalNanos());
        out.set(
                packet.codec(),
                packet.encoding(),
                sequence,
                sequenceNumber,
                timestamp,
                pictureId,
                tl0PicIdx,
                packet.audioLevel());
        reserve(packet, missingFrom);
        history.put(out);
        if (isNewest) {
            frameOpen = !packet.marker();
            forwardedUpTo[packet.encoding()] = sequence;
        }
        forwardedPackets++;
        return true;
    }

    private int newestPictureId(SourcePacket packet) {
        // The pictures of the missing packets are unknown, so the next picture goes out whatever its layer is.
        boolean isWanted = !pictures.isNewPicture(packet)
                || temporal.isWanted(packet, selector.temporalLayerWanted())
                || lossPending;
        int pictureId = pictures.onNewest(packet, lossPending, isWanted);
        lossPending = false;
        return pictureId;
    }

    private boolean leaveOut(SourcePacket packet, long missingFrom, ForwardDrop reason) {
        sequences.drop(packet.sequence());
        reserve(packet, missingFrom);
        return drop(reason);
    }

    /** Notes which egress numbers are kept for the packets missing right before this one. */
    private void reserve(SourcePacket packet, long missingFrom) {
        long from = Math.max(missingFrom, packet.sequence() - SequenceRewriter.WINDOW_PACKETS + 1);
        for (long missing = from; missing < packet.sequence(); missing++) {
            history.reserve(sequences.egressOf(missing), packet.encoding(), missing);
        }
    }

    /**
     * The subscriber asks for an egress packet again. If it was forwarded, the holder is filled as it was then; if its
     * source packet came but was passed over (reordered around a switch), it is forwarded now.
     *
     * @return the source packet, borrowed, or null if there is nothing to resend
     */
    public @Nullable ByteBuf onNack(int sequenceNumber, SourcePackets packets, long nowNanos, EgressPacket out) {
        followSource(nowNanos, false);
        if (history.find(sequenceNumber, out)) {
            boolean isNegotiated = parameters.payloadType(out.codec()) != EgressParameters.NOT_NEGOTIATED;
            return isNegotiated ? packets.find(out.encoding(), out.sourceSequence()) : null;
        }
        if (!history.isReserved(sequenceNumber)) {
            return null;
        }
        int encoding = history.reservedEncoding(sequenceNumber);
        long sequence = history.reservedSourceSequence(sequenceNumber);
        if (encoding != selector.current()) {
            return null;
        }
        ByteBuf plaintext = packets.find(encoding, sequence);
        if (plaintext == null) {
            return null;
        }
        SourcePacket packet = source.reread(encoding, sequence, plaintext, nowNanos);
        return packet != null && onSourcePacket(packet, out) ? plaintext : null;
    }

    /** The subscriber's decoder needs a key frame (PLI, RFC 4585 §6.3.1; FIR, RFC 5104 §4.3.1). */
    public void onPictureLoss(long nowNanos) {
        followSource(nowNanos, false);
        selector.onPictureLoss(nowNanos);
    }

    private void followSource(long nowNanos, boolean isStartAtHand) {
        if (generation != source.generation()) {
            generation = source.generation();
            activityVersion = source.activityVersion();
            history.clear();
            Arrays.fill(forwardedUpTo, NEVER);
            reference = NONE;
            selector.onSourceLost(nowNanos, isStartAtHand);
        } else if (activityVersion != source.activityVersion()) {
            activityVersion = source.activityVersion();
            selector.update(nowNanos, isStartAtHand);
        }
    }

    /** Also drives the source's own deadline; doing that once per subscription is harmless. */
    public void onTimeout(long nowNanos) {
        source.onTimeout(nowNanos);
        followSource(nowNanos, false);
        selector.onTimeout(nowNanos);
    }

    public long nextDeadlineNanos() {
        return Deadline.min(selector.nextDeadlineNanos(), source.nextDeadlineNanos());
    }

    /**
     * The RTP timestamp for our sender report (RFC 3550 §6.4.1) of this moment: through the publisher's sender reports
     * and clock once they are known, so that its audio and video stay in step; before that by arrival.
     */
    public int egressTimestampAt(long nowNanos) {
        int rate = codec.clockRateHz();
        if (reference == NONE
                || !source.clock().isKnown()
                || !source.encoding(reference).hasSenderReport()) {
            return timestamps.at(nowNanos, rate);
        }
        EncodingActivity encoding = source.encoding(reference);
        long sinceReportNanos = nowNanos - source.clock().toLocalNanos(encoding.reportNtpNanos());
        return encoding.reportRtpTimestamp()
                + (int) (sinceReportNanos / 1_000 * rate / 1_000_000)
                - timestamps.offset();
    }

    /** The rate of the RTP clock of the codec being forwarded. */
    public int clockRateHz() {
        return codec.clockRateHz();
    }

    /** The encoding being forwarded, or {@link #NONE}. */
    public int currentEncoding() {
        return selector.current();
    }

    /** The encoding to be forwarded, of which a key frame is awaited; equal to the current one when none is. */
    public int targetEncoding() {
        return selector.target();
    }

    /** The highest temporal layer being forwarded. */
    public int currentTemporalLayer() {
        return temporal.active();
    }

    public EgressParameters parameters() {
        return parameters;
    }

    public long forwardedPackets() {
        return forwardedPackets;
    }

    /** The number of encodings that the source has, flowing or not. */
    public int encodingCount() {
        return source.encodingCount();
    }

    /**
     * Adds the counts of dropped packets to a map by their reasons in lower case; reasons without a drop are left out.
     */
    public void addDropsTo(Map<String, Long> byName) {
        statistics.addTo(byName);
    }

    public long dropped(ForwardDrop reason) {
        return statistics.dropped(reason);
    }

    private boolean drop(ForwardDrop reason) {
        return statistics.drop(reason);
    }
}
