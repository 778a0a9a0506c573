package org.rotunda.record.matroska;

import io.netty.buffer.ByteBuf;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.codec.OpusPayload;

/**
 * The time at which the last frame of a file ends. The writer and the repair use the same rule, so that they write the
 * same duration: an audio frame says how long it is; a video frame is taken to be as long as the one before it, within
 * {@link #VIDEO_FRAME_MAX_MS}.
 */
final class MediaEnd {
    private static final long VIDEO_FRAME_DEFAULT_MS = 40;
    private static final long VIDEO_FRAME_MAX_MS = 100;

    private final Codec codec;
    private long lastMs = -1;
    private long durationMs;

    MediaEnd(Codec codec) {
        this.codec = codec;
    }

    /**
     * Notes a frame.
     *
     * @param payload the first bytes of the frame, two at least if it has so many, from the absolute index
     *     {@code offset}
     * @param lengthBytes the length of the whole frame
     */
    void onFrame(long timestampMs, ByteBuf payload, int offset, int lengthBytes) {
        durationMs = switch (codec) {
            case OPUS -> opusMs(payload, offset, lengthBytes);
            case PCMU -> Math.max(1, lengthBytes * 1_000L / codec.clockRateHz());
            case VP8, H264 ->
                lastMs < 0 ? VIDEO_FRAME_DEFAULT_MS : Math.min(VIDEO_FRAME_MAX_MS, Math.max(1, timestampMs - lastMs));
        };
        lastMs = timestampMs;
    }

    private static long opusMs(ByteBuf payload, int offset, int lengthBytes) {
        int samples = OpusPayload.durationSamples(payload, offset, lengthBytes);
        return samples == OpusPayload.INVALID ? 1 : Math.max(1, samples / 48);
    }

    /** Returns the timestamp of the last frame, or -1 before the first. */
    long lastMs() {
        return lastMs;
    }

    /** Returns the end of the last frame, or -1 before the first. */
    long endMs() {
        return lastMs < 0 ? -1 : lastMs + durationMs;
    }
}
