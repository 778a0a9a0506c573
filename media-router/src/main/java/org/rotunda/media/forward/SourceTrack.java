package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.rtp.RtpHeader;
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
 * <p>Sans-IO; owned by the event loop of its room. The caller needs no timer for this class, because {@link
 * ForwardedTrack#nextDeadlineNanos} includes {@link #nextDeadlineNanos}.
 */
public final class SourceTrack {
    /**
     * The largest number of encodings of a track. Chromium sends at most three. {@link EgressHistory} has three bits
     * for the encoding.
     */
    public static final int ENCODINGS_MAX = 8;

    private final EncodingActivity[] encodings;
    private final SourcePacket packet = new SourcePacket();
    private final ForwardStatistics statistics = new ForwardStatistics();
    private final SourceClock clock;
    private final boolean video;
    private PayloadTypes payloadTypes;
    private int audioLevelExtensionId;
    private int generation;
    private int activityVersion;

    /**
     * Creates a track without activity.
     *
     * @param audioLevelExtensionId the id negotiated with the publisher; 0 if the extension was not negotiated
     * @param clock the clock that all tracks of the publishing participant share
     */
    public SourceTrack(
            boolean video, int encodingCount, PayloadTypes payloadTypes, int audioLevelExtensionId, SourceClock clock) {
        if (encodingCount < 1 || encodingCount > ENCODINGS_MAX) {
            throw new IllegalArgumentException("encodings must be 1 to " + ENCODINGS_MAX + ": " + encodingCount);
        }
        this.video = video;
        this.payloadTypes = payloadTypes;
        this.audioLevelExtensionId = audioLevelExtensionId;
        this.clock = clock;
        encodings = new EncodingActivity[encodingCount];
        for (int i = 0; i < encodingCount; i++) {
            encodings[i] = new EncodingActivity();
        }
    }

    /**
     * Handles a decrypted packet of one encoding. An RTX packet must be restored first.
     *
     * @return the parsed packet, valid until the next call, or null if the packet was dropped and counted
     */
    public @Nullable SourcePacket onPacket(int encoding, ByteBuf plaintext, long nowNanos) {
        if (!parse(plaintext)) {
            return null;
        }
        EncodingActivity activity = encodings[encoding];
        long sequence = activity.extend(RtpHeader.sequenceNumber(plaintext));
        packet.place(encoding, sequence, activity.highestSequence() - sequence, nowNanos);
        if (packet.payloadLengthBytes() > 0) { // A padding probe does not count as media.
            if (activity.onMedia(plaintext.readableBytes(), nowNanos)) {
                activityVersion++;
            }
            if (packet.width() > 0) {
                activity.onFrameSize(packet.width(), packet.height());
            }
        }
        return packet;
    }

    /** Parses a cached packet again. The activity of its encoding does not change. */
    @Nullable
    SourcePacket reread(int encoding, long sequence, ByteBuf plaintext, long nowNanos) {
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
        return packet.parse(plaintext, codec, audioLevelExtensionId) || drop(ForwardDrop.MALFORMED);
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
        long ntpNanos = SourceClock.ntpToNanos(ntp);
        clock.onSenderReport(ntpNanos, nowNanos);
        encodings[encoding].onSenderReport(ntpNanos, rtpTimestamp);
    }

    /** Sets the payload types and the extension id after a renegotiation. The streams stay the same. */
    public void onNegotiated(PayloadTypes newPayloadTypes, int newAudioLevelExtensionId) {
        payloadTypes = newPayloadTypes;
        audioLevelExtensionId = newAudioLevelExtensionId;
    }

    /**
     * Resets all encodings, because the publisher's SSRCs have changed after a reconnect or a move to this node.
     * Subscriptions notice the reset by themselves and continue with the next key frame; their egress streams stay
     * unbroken. The caller must also empty the source-packet cache.
     */
    public void reset() {
        generation++;
        activityVersion++;
        for (EncodingActivity encoding : encodings) {
            encoding.reset();
        }
    }

    public void onTimeout(long nowNanos) {
        for (EncodingActivity encoding : encodings) {
            if (encoding.onTimeout(nowNanos)) {
                activityVersion++;
            }
        }
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
