package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.feedback.KeyFrameBudget;
import org.rotunda.media.feedback.KeyFrameGroup;
import org.rotunda.media.feedback.KeyFrameRequests;
import org.rotunda.media.feedback.PacketHistory;
import org.rotunda.media.forward.SourceClock;
import org.rotunda.media.forward.SourcePacket;
import org.rotunda.media.forward.SourceState;
import org.rotunda.media.forward.SourceTrack;
import org.rotunda.media.rtp.RtpHeader;

/**
 * A track whose publisher is on another event loop. It goes on from a copy of the state that the publisher's loop has, and
 * then follows the packets that this loop hands over, as that loop does. It answers the losses of its subscribers from its
 * own history; only what is missing there is asked of the publisher's loop. Owned by the loop of its subscribers.
 *
 * <p>The packets are those that the publisher's loop keeps: copies of their own length, which both loops read and neither
 * changes. So a packet is held once for any number of loops.
 */
public final class RelayedTrack implements TrackSource {
    /** The number of missing packets for which the publisher's loop is asked between two calls of {@link #onTimeout}. */
    static final int MISSES_MAX = 128;

    /** The way back to the publisher's loop, and the time. */
    public interface Origin {
        /** Asks for a key frame. The request may be lost, and is then repeated. */
        void requestKeyFrame(int encoding);

        /** Asks for a packet again. The request may be lost. */
        void requestPacket(int encoding, int sequenceNumber);

        /** Notes that a key frame has another codec than the key frame before it. */
        void codecChanged();

        /** Returns the time of the input that is being handled. */
        long nowNanos();
    }

    /**
     * A copy of a track's state on its publisher's loop.
     *
     * @param codec the codec of a video track; null for audio, and before the first key frame
     */
    public record State(SourceState source, @Nullable Codec codec) {}

    private final Origin origin;
    private final ReceivedTrack.Listener listener;
    private final SourceTrack source;
    private final boolean video;
    private final @Nullable PacketHistory[] histories;
    private final KeyFrameRequests[] keyFrames;
    private final int[] misses = new int[MISSES_MAX]; // The packets that were asked for since the last timeout.
    private int missCount;
    private int generation;
    private @Nullable Codec codec;

    /**
     * @param clock the clock that all tracks of the publishing participant share on this loop
     * @param listener forwards the packets of the track
     */
    public RelayedTrack(State state, SourceClock clock, Origin origin, ReceivedTrack.Listener listener) {
        this.origin = origin;
        this.listener = listener;
        this.video = state.source().isVideo();
        this.source = SourceTrack.following(state.source(), clock);
        this.generation = state.source().generation();
        this.codec = state.codec();
        source.setSettling(listener::settle);
        histories = new PacketHistory[source.encodingCount()];
        keyFrames = new KeyFrameRequests[source.encodingCount()];
        KeyFrameGroup group = new KeyFrameGroup();
        Arrays.setAll(keyFrames, i -> new KeyFrameRequests(i == 0, group, () -> origin.requestKeyFrame(i)));
    }

    /** Returns whether the track can go on from this state. If it cannot, another track must take its place. */
    public boolean canFollow(State state) {
        return state.source().isVideo() == video && state.source().encodingCount() == source.encodingCount();
    }

    /** Goes on from another state of the publisher's loop, because its streams or what is handed over have changed. */
    public void follow(State state) {
        source.follow(state.source());
        if (generation != state.source().generation()) {
            generation = state.source().generation();
            releaseHistories();
        }
        followCodec(state.codec());
    }

    /** Takes one packet of the publisher's loop, which is borrowed for the call. */
    public void onPacket(int encoding, ByteBuf packet, long nowNanos) {
        SourcePacket parsed = source.onPacket(encoding, packet, nowNanos);
        if (parsed == null) {
            return; // The source has counted the drop.
        }
        PacketHistory history = histories[encoding];
        if (history == null) {
            history = new PacketHistory(video ? PacketHistory.VIDEO_PACKETS : PacketHistory.AUDIO_PACKETS);
            histories[encoding] = history;
            keyFrames[encoding].onStarted(nowNanos);
        }
        if (video && parsed.isStart()) {
            source.settle(); // As in a received track: this key frame answers what earlier packets ask for.
            keyFrames[encoding].onKeyFrame();
            followCodec(parsed.codec());
        }
        history.put(RtpHeader.sequenceNumber(packet), packet, nowNanos);
        source.batch().keep(parsed, packet);
        if (source.batch().size() == 1) {
            listener.onPackets();
        }
        if (source.batch().isFull()) {
            listener.settle();
        }
    }

    public void onSenderReport(int encoding, long ntpTimestamp, int rtpTimestamp, long nowNanos) {
        source.onSenderReport(encoding, ntpTimestamp, rtpTimestamp, nowNanos);
    }

    private void followCodec(@Nullable Codec next) {
        if (codec != next) {
            codec = next;
            origin.codecChanged();
        }
    }

    @Override
    public SourceTrack source() {
        return source;
    }

    @Override
    public @Nullable Codec codec() {
        return codec;
    }

    @Override
    public void requestKeyFrame(int encoding, long nowNanos) {
        keyFrames[encoding].onNeeded(nowNanos);
    }

    @Override
    public void onPictureLoss(int encoding, KeyFrameBudget budget, long nowNanos) {
        keyFrames[encoding].onRequest(budget, nowNanos);
    }

    /** Returns the kept packet with that extended sequence number. If it is missing, asks for it and returns null. */
    @Override
    public @Nullable ByteBuf find(int encoding, long sequence) {
        int sequenceNumber = (int) (sequence & 0xFFFF);
        PacketHistory history = histories[encoding];
        ByteBuf kept = history == null ? null : history.get(sequenceNumber, origin.nowNanos());
        if (kept == null && history != null && isNewMiss(encoding << 16 | sequenceNumber)) {
            origin.requestPacket(encoding, sequenceNumber);
        }
        return kept;
    }

    private boolean isNewMiss(int miss) {
        for (int i = 0; i < missCount; i++) {
            if (misses[i] == miss) {
                return false;
            }
        }
        if (missCount == MISSES_MAX) {
            return false;
        }
        misses[missCount++] = miss;
        return true;
    }

    /** Repeats requests and releases old packets. Called every {@code 100 ms}. */
    public void onTimeout(long nowNanos) {
        missCount = 0;
        source.onTimeout(nowNanos);
        for (int i = 0; i < keyFrames.length; i++) {
            keyFrames[i].onTimeout(nowNanos);
            PacketHistory history = histories[i];
            if (history != null) {
                history.onTimeout(nowNanos);
            }
        }
    }

    /** Releases all packets. No other call follows. */
    public void close() {
        source.batch().clear();
        releaseHistories();
    }

    private void releaseHistories() {
        for (int i = 0; i < histories.length; i++) {
            PacketHistory history = histories[i];
            if (history != null) {
                history.close();
                histories[i] = null;
            }
        }
    }
}
