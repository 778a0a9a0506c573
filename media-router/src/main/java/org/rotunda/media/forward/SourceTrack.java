package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.rtp.VideoContentType;
import org.rotunda.media.time.Deadline;

/**
 * One published track with its encodings, lowest first. A packet is parsed once for all subscriptions of the track.
 *
 * <pre>{@code
 * SourcePacket packet = source.onPacket(encoding, plaintext, nowNanos);
 * if (packet != null) {
 *     cache.put(encoding, packet.sequence(), plaintext);
 *     for (ForwardedTrack subscription : subscriptions) {
 *         if (subscription.onSourcePacket(packet, egress)) {
 *             writer.write(plaintext, egress, subscription.parameters(), destination);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Sans-IO; owned by one event loop. The caller needs no timer for this class, because {@link
 * ForwardedTrack#nextDeadlineNanos} includes {@link #nextDeadlineNanos}.
 */
public final class SourceTrack {
    /**
     * The largest number of encodings of a track. Chromium sends at most three. {@link EgressHistory} has three bits
     * for the encoding.
     */
    public static final int ENCODINGS_MAX = 8;

    /**
     * If no sibling had a packet later than this after an encoding's last packet, the track is silent as a whole. The
     * encodings of one picture leave the publisher one after the other, and may arrive further apart.
     */
    static final long TOGETHER_NANOS = 500_000_000L;

    private final EncodingActivity[] encodings;
    private final @Nullable FrameWatch watch; // Null if there is only one encoding.
    private final SourceBatch batch = new SourceBatch();
    private final SourcePacket cached = new SourcePacket(); // A packet that is parsed again.
    private SourcePacket packet = cached; // The packet at hand.
    private Runnable settling = () -> {};
    private final ForwardStatistics statistics = new ForwardStatistics();
    private final SourceClock clock;
    private final boolean video;
    private PayloadTypes payloadTypes;
    private int extensionId;
    private int generation;
    private int activityVersion;
    private boolean screen;

    /**
     * Creates a track without activity.
     *
     * @param extensionId the id negotiated with the publisher for the header extension that is passed on: the audio
     *     level of audio, the content type of video; 0 if the extension was not negotiated
     * @param clock the clock that all tracks of the publishing participant share
     */
    public SourceTrack(
            boolean video, int encodingCount, PayloadTypes payloadTypes, int extensionId, SourceClock clock) {
        if (encodingCount < 1 || encodingCount > ENCODINGS_MAX) {
            throw new IllegalArgumentException("encodings must be 1 to " + ENCODINGS_MAX + ": " + encodingCount);
        }
        this.video = video;
        this.payloadTypes = payloadTypes;
        this.extensionId = extensionId;
        this.clock = clock;
        encodings = new EncodingActivity[encodingCount];
        for (int i = 0; i < encodingCount; i++) {
            encodings[i] = new EncodingActivity();
        }
        watch = encodingCount > 1 ? new FrameWatch(encodingCount) : null;
    }

    /**
     * Creates a track that goes on from the state of the same track on another event loop.
     *
     * @param clock the clock that all tracks of the publishing participant share on this loop
     */
    public static SourceTrack following(SourceState state, SourceClock clock) {
        SourceTrack track =
                new SourceTrack(state.video, state.encodings.length, state.payloadTypes, state.extensionId, clock);
        track.follow(state);
        return track;
    }

    /** Returns a copy of the state. No packets wait in the batch, because they would be in the copy already. */
    public SourceState state() {
        settle();
        return new SourceState(video, encodings, payloadTypes, extensionId, generation, screen, clock);
    }

    /** Takes over the state of the same track, with the same number of encodings, on another event loop. */
    public void follow(SourceState state) {
        settle();
        if (watch != null && generation != state.generation) {
            watch.onSilence();
        }
        payloadTypes = state.payloadTypes;
        extensionId = state.extensionId;
        generation = state.generation;
        screen = state.screen;
        activityVersion++;
        clock.follow(state.clock);
        for (int i = 0; i < encodings.length; i++) {
            encodings[i].follow(state.encodings[i]);
        }
    }

    /** Returns the packets that wait to be forwarded. */
    public SourceBatch batch() {
        return batch;
    }

    /**
     * Sets what is to be done before the state changes by which subscriptions decide about packets: the packets that wait
     * in the batch must be forwarded. They are then decided by the state in which they came, as if each had been forwarded
     * at once.
     */
    public void setSettling(Runnable settle) {
        settling = settle;
    }

    /** Has the packets that wait forwarded, because something is about to change by which they are decided. */
    public void settle() {
        if (batch.size() > 0) {
            settling.run();
        }
    }

    /**
     * Handles a decrypted packet of one encoding. An RTX packet must be restored first.
     *
     * @return the parsed packet, valid until the next call, or null if the packet was dropped and counted
     */
    public @Nullable SourcePacket onPacket(int encoding, ByteBuf plaintext, long nowNanos) {
        packet = batch.next();
        if (!parse(plaintext)) {
            return null;
        }
        EncodingActivity activity = encodings[encoding];
        if (!activity.maySkipTo(RtpHeader.sequenceNumber(plaintext))) {
            drop(ForwardDrop.SEQUENCE_JUMP);
            return null;
        }
        long sequence = activity.extend(RtpHeader.sequenceNumber(plaintext));
        packet.place(encoding, sequence, activity.highestSequence() - sequence, nowNanos);
        if (packet.payloadLengthBytes() > 0) { // A padding probe does not count as media.
            if (!activity.isActive()) {
                settle();
            }
            if (activity.onMedia(packet)) {
                activityVersion++;
                wakeTrack(nowNanos);
            }
            followContentType(activity);
            if (watch != null && activity.isNewest()) {
                watch(watch, activity, nowNanos);
            }
        }
        return packet;
    }

    /** Lets all encodings flow again that were silent because the whole track was silent. */
    private void wakeTrack(long nowNanos) {
        for (EncodingActivity encoding : encodings) {
            encoding.wakeWithTrack(nowNanos);
        }
    }

    /** Stops the encodings that have missed several frames. The packet at hand belongs to the newest frame. */
    private void watch(FrameWatch frames, EncodingActivity activity, long nowNanos) {
        frames.onPacket(packet.encoding(), activity.isNewFrame(), activity.frameIntervalNanos(), nowNanos);
        if (!activity.isNewFrame()) {
            return;
        }
        for (int i = 0; i < encodings.length; i++) {
            EncodingActivity other = encodings[i];
            if (other.isActive() && frames.isMissing(i, other.frameIntervalNanos(), other.isLossy(nowNanos))) {
                settle();
                other.stop();
                activityVersion++;
            }
        }
    }

    /** Reads from the end of a key frame whether the video is a shared screen; without the extension it is not. */
    private void followContentType(EncodingActivity activity) {
        if (packet.extensionByte() != SourcePacket.NO_EXTENSION || activity.isKeyFrameEnd(packet)) {
            screen = video && VideoContentType.isScreen(packet.extensionByte());
        }
    }

    /** Parses a cached packet again. The activity of its encoding does not change. */
    @Nullable
    SourcePacket reread(int encoding, long sequence, ByteBuf plaintext, long nowNanos) {
        packet = cached;
        if (!parse(plaintext)) {
            return null;
        }
        packet.place(encoding, sequence, encodings[encoding].highestSequence() - sequence, nowNanos);
        return packet;
    }

    /**
     * Returns the codec of a packet with a valid header, or null if the payload type was not negotiated for this track.
     */
    public @Nullable Codec codecOf(ByteBuf plaintext) {
        return payloadTypes.codecOf(RtpHeader.payloadType(plaintext));
    }

    private boolean parse(ByteBuf plaintext) {
        if (!RtpHeader.isValid(plaintext) || !RtpHeader.isPaddingValid(plaintext)) {
            return drop(ForwardDrop.MALFORMED);
        }
        Codec codec = codecOf(plaintext);
        if (codec == null || codec.isVideo() != video) {
            return drop(ForwardDrop.UNKNOWN_PAYLOAD_TYPE);
        }
        return packet.parse(plaintext, codec, extensionId) || drop(ForwardDrop.MALFORMED);
    }

    private boolean drop(ForwardDrop reason) {
        return statistics.drop(reason);
    }

    /**
     * Handles a sender report of one encoding.
     *
     * @param ntp the 64-bit NTP timestamp as it stands in the report
     */
    public void onSenderReport(int encoding, long ntp, int rtpTimestamp, long nowNanos) {
        settle();
        long ntpNanos = SourceClock.ntpToNanos(ntp);
        clock.onSenderReport(ntpNanos, nowNanos);
        encodings[encoding].onSenderReport(ntpNanos, rtpTimestamp);
    }

    /** Sets the payload types and the extension id after a renegotiation. The streams stay the same. */
    public void onNegotiated(PayloadTypes newPayloadTypes, int newExtensionId) {
        settle();
        payloadTypes = newPayloadTypes;
        extensionId = newExtensionId;
    }

    /**
     * Resets all encodings, because the publisher's SSRCs have changed after a reconnect or a move to this node.
     * Subscriptions notice the reset by themselves and continue with the next key frame; their egress streams stay
     * unbroken. The caller must also empty the source-packet cache.
     */
    public void reset() {
        settle();
        generation++;
        activityVersion++;
        for (EncodingActivity encoding : encodings) {
            encoding.reset();
        }
        if (watch != null) {
            watch.onSilence();
        }
    }

    public void onTimeout(long nowNanos) {
        settle();
        for (EncodingActivity encoding : encodings) {
            if (!encoding.isSilent(nowNanos)) {
                continue;
            }
            activityVersion++;
            if (isTrackSilent(encoding)) {
                for (EncodingActivity other : encodings) {
                    other.sleep();
                }
                if (watch != null) {
                    watch.onSilence();
                }
            } else {
                encoding.stop();
            }
        }
    }

    /** Returns whether no other encoding went on after this silent encoding. */
    private boolean isTrackSilent(EncodingActivity silent) {
        for (EncodingActivity other : encodings) {
            if (other.isActive() && other.lastPacketNanos() - silent.lastPacketNanos() > TOGETHER_NANOS) {
                return false;
            }
        }
        return true;
    }

    public long nextDeadlineNanos() {
        long deadline = Deadline.NO_DEADLINE;
        for (EncodingActivity encoding : encodings) {
            deadline = Deadline.min(deadline, encoding.nextDeadlineNanos());
        }
        return deadline;
    }

    public boolean isVideo() {
        return video;
    }

    /** Returns whether the publisher marks the video as a shared screen. */
    public boolean isScreen() {
        return screen;
    }

    /** Returns the measurements of the encodings that flow, lowest first. */
    public List<MeasuredLayer> measuredLayers(long nowNanos) {
        List<MeasuredLayer> layers = new ArrayList<>();
        for (int i = 0; i < encodings.length; i++) {
            EncodingActivity encoding = encodings[i];
            if (encoding.isActive()) {
                layers.add(new MeasuredLayer(
                        i,
                        encoding.width(),
                        encoding.height(),
                        encoding.framesPerSecond(nowNanos),
                        encoding.cumulativeKbps(nowNanos)));
            }
        }
        return layers;
    }

    public int encodingCount() {
        return encodings.length;
    }

    public EncodingActivity encoding(int index) {
        return encodings[index];
    }

    public long dropped(ForwardDrop reason) {
        return statistics.dropped(reason);
    }

    SourceClock clock() {
        return clock;
    }

    /** The number of calls of {@link #reset} so far. */
    int generation() {
        return generation;
    }

    /** A number that changes whenever an encoding starts or stops flowing. */
    public int activityVersion() {
        return activityVersion;
    }
}
