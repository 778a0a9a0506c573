package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.Vp8Descriptor;
import org.rotunda.media.rtp.SequenceNumbers;
import org.rotunda.media.time.Deadline;

/**
 * One subscription of a track. It turns the encodings of one {@link SourceTrack} into one unbroken egress stream with
 * its own SSRC, sequence numbers, timestamps and VP8 picture ids. It requests the key frames that the subscriber needs.
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
 * <p>Packets that are not forwarded are counted by {@link ForwardDrop}. Sans-IO, without garbage per packet. Owned by
 * one event loop.
 */
public final class ForwardedTrack {
    /** Means that no encoding is forwarded. */
    public static final int NONE = LayerSelector.NONE;

    /**
     * The largest distance, in sequence numbers, by which the first packet of a key frame may lie behind the newest
     * packet of its encoding. Within this distance, forwarding can start at the key frame. The subscriber then requests
     * by NACK the packets that overtook the first packet, and {@link #onNack} takes them from the cache.
     */
    static final int START_REORDER_MAX = 128;

    /**
     * The longest wait for a key frame whose timestamp is not too far behind the egress timeline. After this wait, any
     * key frame is taken.
     */
    static final long TIMESTAMP_WAIT_MAX_NANOS = 1_000_000_000L;

    /**
     * The time after a pause began during which late packets of the frames before the pause are still forwarded. It
     * covers a few resends of the publisher.
     */
    static final long LEFTOVER_NANOS = 500_000_000L;

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

    private int generation; // The source's generation at the last call of followSource.
    private int activityVersion;
    private int reference = NONE; // The encoding to which the timestamp offset belongs.
    private Codec codec;
    private boolean frameOpen; // The newest forwarded packet did not end its frame.
    private boolean lossPending; // Packets are missing before the next picture.
    private int newestTimestamp; // The source timestamp of the newest forwarded packet.
    private int leftoverEncoding = NONE; // The encoding whose begun frames are completed after a pause began.
    private long leftoverUntilNanos;
    private long refusedSinceNanos = NEVER;
    private final long[] forwardedUpTo; // The newest forwarded sequence number of each encoding.
    private long forwardedPackets;
    private long layerSwitches;

    /**
     * Creates a paused subscription; {@link #setDesired} starts it.
     *
     * @param random the source of the initial numbers (RFC 3550 §5.1)
     */
    public ForwardedTrack(
            SourceTrack source, EgressParameters parameters, KeyFrameSink keyFrames, RandomGenerator random) {
        this(
                source,
                parameters,
                keyFrames,
                new SequenceRewriter(SequenceNumbers.initial(random)),
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
     * Continues the egress stream of a subscription with another source. This is necessary when the publisher comes
     * back on another connection or with another number of encodings. Sequence numbers, timestamps and picture ids
     * continue without a break. The new subscription is paused until {@link #setDesired}. {@code previous} must not be
     * used again.
     */
    public static ForwardedTrack continuing(
            ForwardedTrack previous, SourceTrack source, EgressParameters parameters, KeyFrameSink keyFrames) {
        previous.history.clear(); // The packets of the old source are no longer available.
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
        next.layerSwitches = previous.layerSwitches;
        return next;
    }

    /**
     * Sets the state that the room desires. Layers count from 0. If the source has fewer spatial layers, its highest
     * spatial layer is the limit. A pause begins at the end of the frame that is being forwarded.
     */
    public void setDesired(int spatialLayerMax, int temporalLayerMax, boolean paused, long nowNanos) {
        source.settle();
        followSource(nowNanos, false);
        if (!paused) {
            leftoverEncoding = NONE;
        } else if (!selector.isPaused() && source.isVideo()) {
            leftoverEncoding = selector.current();
            leftoverUntilNanos = nowNanos + LEFTOVER_NANOS;
        }
        selector.setDesired(spatialLayerMax, temporalLayerMax, paused, nowNanos);
    }

    /**
     * Sets the SSRCs, payload types and extension ids after a renegotiation with the subscriber. The SSRC should stay
     * the same, because the stream's numbers continue.
     */
    public void setParameters(EgressParameters newParameters) {
        source.settle();
        parameters = newParameters;
    }

    /**
     * Decides whether one packet of the source is forwarded.
     *
     * @param out the holder that is filled if the packet is forwarded
     * @return whether to forward the packet
     */
    public boolean onSourcePacket(SourcePacket packet, EgressPacket out) {
        followSource(packet.arrivalNanos(), packet.isStart());
        if (selector.isPaused()) {
            return isLeftover(packet) ? rewrite(packet, out) : drop(ForwardDrop.PAUSED);
        }
        if (parameters.payloadType(packet.codec()) == EgressParameters.NOT_NEGOTIATED) {
            return drop(ForwardDrop.CODEC_NOT_NEGOTIATED);
        }
        if (packet.codec() != codec && packet.encoding() == selector.current()) {
            // The publisher changed the codec, so the decoder starts again.
            selector.onSourceLost(packet.arrivalNanos(), packet.isStart());
        }
        if (packet.encoding() != selector.current() && !start(packet)) {
            return false;
        }
        return rewrite(packet, out);
    }

    /**
     * Returns whether the packet belongs to a frame that had begun when the pause began. Without the rest of the frame,
     * the subscriber's decoder would wait for it, and would ask for it.
     */
    private boolean isLeftover(SourcePacket packet) {
        return packet.encoding() == leftoverEncoding
                && packet.codec() == codec
                && packet.arrivalNanos() < leftoverUntilNanos
                && packet.timestamp() - newestTimestamp <= 0
                && (frameOpen || sequences.place(packet.sequence()) == SequenceRewriter.RESERVED)
                && parameters.payloadType(codec) != EgressParameters.NOT_NEGOTIATED;
    }

    /** Switches to the packet's encoding if the switch is wanted and the packet allows it. */
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
            // The encoding was already forwarded beyond this packet. The subscriber must not see the same pictures
            // again.
            return drop(ForwardDrop.LATE);
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
        // If the old source stopped within a frame, one egress number is skipped. The gap shows the decoder that the
        // frame stays incomplete.
        sequences.rebase(packet.sequence(), source.isVideo() && frameOpen ? 1 : 0);
        pictures.rebase(packet);
        layerSwitches += isLive && source.isVideo() ? 1 : 0;
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
     * Returns the packet's egress timestamp, computed from the sender reports of the packet's encoding and of the
     * reference encoding.
     */
    private int timestampByReport(SourcePacket packet) {
        if (reference == NONE || reference == packet.encoding()) {
            return packet.timestamp() - timestamps.offset(); // The packet continues the same timeline.
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
            return leaveOut(packet, isNewest, missingFrom, ForwardDrop.PADDING_ONLY, out);
        }
        int pictureId = Vp8Descriptor.ABSENT;
        if (packet.pictureId() != Vp8Descriptor.ABSENT) {
            pictureId = isNewest ? newestPictureId(packet) : pictures.onLate(packet);
            if (pictureId < 0) {
                boolean isFiltered = pictureId == PictureRewriter.DROPPED;
                ForwardDrop reason = isFiltered ? ForwardDrop.TEMPORAL_LAYER : ForwardDrop.PICTURE_UNKNOWN;
                return leaveOut(packet, isNewest, missingFrom, reason, out);
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
                packet.extensionByte());
        reserve(packet, missingFrom);
        history.put(out);
        if (isNewest) {
            frameOpen = !packet.marker();
            newestTimestamp = packet.timestamp();
            forwardedUpTo[packet.encoding()] = sequence;
        }
        forwardedPackets++;
        return true;
    }

    private int newestPictureId(SourcePacket packet) {
        // If packets before this packet are missing, they may belong to its picture. Egress numbers are reserved for
        // them, and the subscriber asks for these numbers. The packets can be forwarded only with their picture, so the
        // picture is forwarded even if its layer is not wanted.
        boolean isWanted = !pictures.isNewPicture(packet)
                || temporal.isWanted(packet, selector.temporalLayerWanted())
                || lossPending;
        int pictureId = pictures.onNewest(packet, lossPending, isWanted);
        lossPending = false;
        return pictureId;
    }

    /**
     * Leaves out a packet. A late packet of video already has its egress number, for example because the next picture
     * overtook the end of a picture that is not wanted. The subscriber waits for this number and asks for it, so a
     * packet without payload takes the number. Returns whether there is such a packet to send.
     */
    private boolean leaveOut(
            SourcePacket packet, boolean isNewest, long missingFrom, ForwardDrop reason, EgressPacket out) {
        drop(reason);
        if (isNewest || !source.isVideo()) {
            sequences.drop(packet.sequence());
            reserve(packet, missingFrom);
            return false;
        }
        out.setEmpty(
                packet.codec(),
                packet.encoding(),
                packet.sequence(),
                sequences.forward(packet.sequence()),
                packet.timestamp() - timestamps.offset());
        history.put(out);
        return true;
    }

    /** Notes the egress numbers reserved for the packets that are missing before this packet. */
    private void reserve(SourcePacket packet, long missingFrom) {
        long from = Math.max(missingFrom, packet.sequence() - SequenceRewriter.WINDOW_PACKETS + 1);
        for (long missing = from; missing < packet.sequence(); missing++) {
            history.reserve(sequences.egressOf(missing), packet.encoding(), missing);
        }
    }

    /**
     * Answers the subscriber's request for a lost egress packet. If the packet was forwarded before, {@code out} gets
     * the same values again. If the number is only reserved and its source packet is now in the cache, that packet is
     * forwarded for the first time. This happens to packets that were reordered around a switch.
     *
     * @return the source packet, borrowed, or null if there is nothing to resend
     */
    public @Nullable ByteBuf onNack(int sequenceNumber, SourcePackets packets, long nowNanos, EgressPacket out) {
        if (history.isReserved(sequenceNumber)) {
            source.settle(); // The packet may wait, and packets before it, which come first.
        }
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
        if (encoding != selector.current() && encoding != leftoverEncoding) {
            return null;
        }
        ByteBuf plaintext = packets.find(encoding, sequence);
        if (plaintext == null) {
            return null;
        }
        SourcePacket packet = source.reread(encoding, sequence, plaintext, nowNanos);
        return packet != null && onSourcePacket(packet, out) ? plaintext : null;
    }

    /**
     * Returns whether a packet without media may follow in the egress stream now: only between two frames, because a
     * frame must have consecutive numbers.
     */
    public boolean canInsert() {
        return selector.current() != NONE && !frameOpen;
    }

    /**
     * Returns the egress sequence number for a packet without media, which fills a probe of the network. Requires
     * {@link #canInsert}. The packet cannot be resent.
     */
    public int insert() {
        return sequences.insert();
    }

    /** The timestamp of the newest packet in the egress stream. */
    public int lastTimestamp() {
        return timestamps.last();
    }

    /**
     * Requests a key frame, because the subscriber's decoder needs one (PLI, RFC 4585 §6.3.1; FIR, RFC 5104 §4.3.1).
     */
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
            leftoverEncoding = NONE;
            selector.onSourceLost(nowNanos, isStartAtHand);
        } else if (activityVersion != source.activityVersion()) {
            activityVersion = source.activityVersion();
            selector.update(nowNanos, isStartAtHand);
        }
    }

    /**
     * Acts on due deadlines of this subscription and of its source. Other subscriptions of the source may already have
     * handled a deadline of the source; a second call does no harm.
     */
    public void onTimeout(long nowNanos) {
        source.onTimeout(nowNanos);
        followSource(nowNanos, false);
        selector.onTimeout(nowNanos);
    }

    public long nextDeadlineNanos() {
        return Deadline.min(selector.nextDeadlineNanos(), source.nextDeadlineNanos());
    }

    /**
     * Returns the current RTP timestamp for our sender report (RFC 3550 §6.4.1). The timestamp is derived from the
     * publisher's clock and sender reports, so that the publisher's audio and video stay in sync. While there is no
     * sender report, the timestamp is derived from packet arrivals.
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

    /** The RTP clock rate of the codec that is being forwarded. */
    public int clockRateHz() {
        return codec.clockRateHz();
    }

    /** The encoding being forwarded, or {@link #NONE}. */
    public int currentEncoding() {
        return selector.current();
    }

    /** The encoding that should be forwarded. If it is not the current encoding, its key frame is awaited. */
    public int targetEncoding() {
        return selector.target();
    }

    /** Returns whether media of the target encoding arrives. */
    public boolean isTargetFlowing() {
        int target = selector.target();
        return target != NONE && source.encoding(target).isActive();
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

    /** The number of changes from one encoding to another. The start and the end of a pause do not count. */
    public long layerSwitches() {
        return layerSwitches;
    }

    /** The number of encodings of the source, including stopped encodings. */
    public int encodingCount() {
        return source.encodingCount();
    }

    /**
     * Adds the counts of dropped packets to a map. The keys are the reasons in lower case; reasons without drops are
     * left out.
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
