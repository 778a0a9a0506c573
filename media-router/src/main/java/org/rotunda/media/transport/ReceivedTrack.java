package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.OpusPayload;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.feedback.KeyFrameBudget;
import org.rotunda.media.feedback.KeyFrameGroup;
import org.rotunda.media.forward.EncodingActivity;
import org.rotunda.media.forward.MeasuredLayer;
import org.rotunda.media.forward.PayloadTypes;
import org.rotunda.media.forward.SourceBatch;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.forward.SourceTrack;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.time.Deadline;

/**
 * A track that the client sends, with all its encodings. Parses decrypted packets and passes them to its listener.
 * Owned by one event loop.
 */
public final class ReceivedTrack implements TrackSource {
    private static final int NOT_REPORTED = -1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Forwards the packets of a track, which wait in {@link #batch} until the input of the event loop ends. */
    public interface Listener {
        /** Notes that a first packet waits in the batch. */
        void onPackets();

        /** Forwards the packets that wait, because the batch is full or the state changes by which they are decided. */
        void settle();

        /** Notes a sender report of the client, which is in force already. */
        default void onSenderReport(int encoding, long ntpTimestamp, int rtpTimestamp) {}

        /** Notes that the client's streams or their parameters were replaced. No packet waits. */
        default void onDescribed() {}
    }

    private final String clientTrackId;
    private final boolean video;
    private final SourceTrack source;
    private final List<ReceivedEncoding> encodings = new ArrayList<>();
    private final KeyFrameGroup keyFrameGroup = new KeyFrameGroup();
    private final RtcpExchange rtcp;
    private final Runnable codecChanged;
    private @Nullable Codec codec; // The codec of the last key frame of a video; null before the first key frame.
    private final @Nullable AudioLevels levels; // Null for video.
    private @Nullable Listener listener;
    private int reportedActivity = NOT_REPORTED;

    /**
     * @param extensionId the id of the header extension that is passed on; see {@link SourceTrack}
     * @param codecChanged called when a key frame of a video has another codec than the key frame before it
     */
    ReceivedTrack(
            String clientTrackId,
            boolean video,
            List<MediaPlan.Encoding> described,
            PayloadTypes payloadTypes,
            int extensionId,
            SourceClock clock,
            RtcpExchange rtcp,
            Runnable codecChanged) {
        this.clientTrackId = clientTrackId;
        this.video = video;
        this.rtcp = rtcp;
        this.codecChanged = codecChanged;
        this.source = new SourceTrack(video, described.size(), payloadTypes, extensionId, clock);
        this.levels = video ? null : new AudioLevels();
        source.setSettling(this::settle);
        describe(described);
    }

    private void settle() {
        if (listener != null) {
            listener.settle();
        }
    }

    public String clientTrackId() {
        return clientTrackId;
    }

    public boolean isVideo() {
        return video;
    }

    /** Returns the codec that the client sends on a video track; null for audio, and before the first key frame. */
    @Override
    public @Nullable Codec codec() {
        return codec;
    }

    @Override
    public SourceTrack source() {
        return source;
    }

    List<ReceivedEncoding> encodings() {
        return encodings;
    }

    /** Sets the listener, which gets every packet from now on. */
    public void setListener(Listener next) {
        listener = next;
        reportedActivity = NOT_REPORTED; // The layers have not been reported for this listener yet.
    }

    /** Removes the listener {@code former}; does nothing if another listener has replaced it. */
    public void removeListener(Listener former) {
        if (listener == former) {
            listener = null;
            source.batch().clear();
            encodings.forEach(encoding -> encoding.keyFrames().onStopped());
        }
    }

    /**
     * Returns the encoding to which a packet with this RID belongs, or null if there is none. Only encodings that are
     * announced by MID are found.
     */
    @Nullable
    ReceivedEncoding announcedBy(@Nullable String rid) {
        for (ReceivedEncoding encoding : encodings) {
            if (encoding.isAnnouncedBy(rid)) {
                return encoding;
            }
        }
        return null;
    }

    /**
     * Sets the SSRC of an encoding. If the encoding had another SSRC, subscriptions continue with the next key frame.
     */
    void bind(ReceivedEncoding encoding, int ssrc) {
        if (encoding.hasSsrc()) {
            source.reset();
        }
        encoding.bind(ssrc);
        noteDescribed();
    }

    /** Sets the payload types and the extension id of a new description with the same streams. */
    void onNegotiated(PayloadTypes payloadTypes, int extensionId) {
        source.onNegotiated(payloadTypes, extensionId);
        noteDescribed();
    }

    private void noteDescribed() {
        if (listener != null) {
            listener.onDescribed();
        }
    }

    /** Returns a copy of the state, from which another event loop goes on. */
    public RelayedTrack.State state() {
        return new RelayedTrack.State(source.state(), codec);
    }

    /**
     * Returns whether the described encodings have the same SSRCs as before. If so, only payload types and extension
     * ids can have changed.
     */
    boolean hasEncodings(List<MediaPlan.Encoding> described) {
        if (described.size() != encodings.size()) {
            return false;
        }
        for (int i = 0; i < described.size(); i++) {
            if (!encodings.get(i).isOf(described.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Replaces the encodings by the same number of encodings with other SSRCs. Subscriptions continue their streams
     * with the next key frame.
     */
    void redescribe(List<MediaPlan.Encoding> described) {
        encodings.forEach(ReceivedEncoding::close);
        encodings.clear();
        source.reset();
        describe(described);
        noteDescribed();
    }

    /**
     * Takes one decrypted packet, which is borrowed for the call.
     *
     * @param recovered true if the packet was restored from RTX
     */
    void onPacket(ReceivedEncoding encoding, ByteBuf packet, boolean recovered, long nowNanos) {
        int sequenceNumber = RtpHeader.sequenceNumber(packet);
        if (!video) { // All video codecs have the same clock rate, but audio codecs do not.
            followClockRate(encoding, packet);
        }
        encoding.onPacket(sequenceNumber, RtpHeader.timestamp(packet), recovered, nowNanos);
        SourcePacket parsed = source.onPacket(encoding.index(), packet, nowNanos);
        if (parsed == null) {
            return; // The source has counted the drop.
        }
        if (video && parsed.isStart()) {
            source.settle(); // A request that an earlier packet causes comes before this key frame, which would
            // answer it.
            encoding.onKeyFrame(sequenceNumber);
            followCodec(parsed.codec());
        }
        if (levels != null && parsed.payloadLengthBytes() > 0) {
            levels.onPacket(parsed.audioLevel(), durationNanos(parsed), nowNanos);
        }
        ByteBuf copy = encoding.keep(sequenceNumber, packet, nowNanos);
        Listener forwarder = listener;
        if (forwarder != null) {
            collect(parsed, copy, forwarder);
        }
        copy.release(); // Whoever keeps the copy has retained it.
    }

    private void collect(SourcePacket parsed, ByteBuf copy, Listener forwarder) {
        SourceBatch batch = source.batch();
        batch.keep(parsed, copy);
        if (batch.size() == 1) {
            forwarder.onPackets();
        }
        if (batch.isFull()) {
            forwarder.settle();
        }
    }

    /** Returns the duration of the sound in a packet of audio. */
    private static long durationNanos(SourcePacket packet) {
        if (packet.codec() != Codec.OPUS) {
            // PCMU has one byte for each sample (RFC 3551 §4.5.14).
            return packet.payloadLengthBytes()
                    * NANOS_PER_SECOND
                    / packet.codec().clockRateHz();
        }
        ByteBuf plaintext = packet.plaintext();
        int samples = OpusPayload.durationSamples(
                plaintext, plaintext.readerIndex() + RtpHeader.lengthBytes(plaintext), packet.payloadLengthBytes());
        return Math.max(0, samples) * NANOS_PER_SECOND / OpusPayload.CLOCK_RATE_HZ;
    }

    /**
     * Returns the audio levels since the previous call, as {@link org.rotunda.media.control.TrackLevels} has them.
     * Returns null if the track was silent or is no audio.
     */
    public byte @Nullable [] takeLevels(long nowNanos) {
        return levels == null ? null : levels.take(nowNanos);
    }

    private void followCodec(Codec next) {
        if (codec != next) {
            codec = next;
            codecChanged.run();
        }
    }

    private void followClockRate(ReceivedEncoding encoding, ByteBuf packet) {
        Codec codec = source.codecOf(packet);
        if (codec != null) {
            encoding.statistics().setClockRateHz(codec.clockRateHz());
        }
    }

    void onSenderReport(ReceivedEncoding encoding, long ntpTimestamp, int rtpTimestamp, long nowNanos) {
        encoding.statistics().onSenderReport(ntpTimestamp, nowNanos);
        source.onSenderReport(encoding.index(), ntpTimestamp, rtpTimestamp, nowNanos);
        if (listener != null) {
            listener.onSenderReport(encoding.index(), ntpTimestamp, rtpTimestamp);
        }
    }

    /** Returns the kept packet with that extended sequence number, or null if it is no longer kept. */
    @Override
    public @Nullable ByteBuf find(int encoding, long sequence) {
        return encodings.get(encoding).find((int) (sequence & 0xFFFF), rtcp.nowNanos());
    }

    @Override
    public void requestKeyFrame(int encoding, long nowNanos) {
        encodings.get(encoding).keyFrames().onNeeded(nowNanos);
    }

    @Override
    public void onPictureLoss(int encoding, KeyFrameBudget budget, long nowNanos) {
        encodings.get(encoding).keyFrames().onRequest(budget, nowNanos);
    }

    public int encodingCount() {
        return encodings.size();
    }

    /**
     * Returns the kept packet of an encoding with that sequence number, or null if it is no longer kept. The packet is
     * borrowed.
     */
    public @Nullable ByteBuf find(int encoding, int sequenceNumber, long nowNanos) {
        return encodings.get(encoding).find(sequenceNumber, nowNanos);
    }

    void onRtt(long rttNanos) {
        encodings.forEach(encoding -> encoding.onRtt(rttNanos));
    }

    void onTimeout(long nowNanos) {
        source.onTimeout(nowNanos);
        for (ReceivedEncoding encoding : encodings) {
            encoding.onTimeout(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        long deadline = source.nextDeadlineNanos();
        for (ReceivedEncoding encoding : encodings) {
            deadline = Deadline.min(deadline, encoding.nextDeadlineNanos());
        }
        return deadline;
    }

    /**
     * Returns the layers that the client sends now, or null if they have not changed since this method last returned
     * them.
     */
    @Nullable
    List<MediaEvent.Layer> changedLayers() {
        if (!video || source.activityVersion() == reportedActivity) {
            return null;
        }
        reportedActivity = source.activityVersion();
        return layers();
    }

    /** Returns the layers that the client sends now, lowest first. */
    public List<MediaEvent.Layer> layers() {
        List<MediaEvent.Layer> layers = new ArrayList<>();
        for (int i = 0; i < encodings.size(); i++) {
            EncodingActivity activity = source.encoding(i);
            if (activity.isActive()) {
                layers.add(new MediaEvent.Layer(i, activity.width(), activity.height()));
            }
        }
        return layers;
    }

    /** Returns the measured layers of a video track, or null if it does not flow. */
    public @Nullable TrackRates rates(String trackSid, long nowNanos) {
        List<TrackRates.LayerRate> layers = new ArrayList<>();
        for (MeasuredLayer layer : source.measuredLayers(nowNanos)) {
            layers.add(new TrackRates.LayerRate(
                    layer.spatial(), layer.width(), layer.height(), layer.framesPerSecond(), layer.cumulativeKbps()));
        }
        return layers.isEmpty() ? null : new TrackRates(trackSid, source.isScreen(), layers);
    }

    /**
     * Describes this track for troubleshooting.
     *
     * @param trackSid the SID of the publication; null while the track is not published
     */
    public RouterRoomView.ReceivedTrackView view(@Nullable String trackSid, long nowNanos) {
        List<RouterRoomView.EncodingView> views = new ArrayList<>();
        for (ReceivedEncoding encoding : encodings) {
            views.add(encoding.view(source.encoding(encoding.index()), nowNanos));
        }
        return new RouterRoomView.ReceivedTrackView(
                trackSid, clientTrackId, video ? TrackKind.VIDEO : TrackKind.AUDIO, views);
    }

    void close() {
        listener = null;
        source.batch().clear();
        encodings.forEach(ReceivedEncoding::close);
    }

    private void describe(List<MediaPlan.Encoding> described) {
        // This clock rate is used until the first packet shows the codec.
        int clockRateHz = (video ? Codec.VP8 : Codec.OPUS).clockRateHz();
        for (int i = 0; i < described.size(); i++) {
            encodings.add(new ReceivedEncoding(this, i, described.get(i), clockRateHz, keyFrameGroup, rtcp));
        }
    }
}
