package org.rotunda.media.forward;

import java.util.Arrays;

/**
 * Notices that an encoding of a simulcast track has stopped although its siblings go on. A publisher encodes each
 * picture in all its encodings, so an encoding without frames while a sibling has had several is switched off. A fixed
 * silence would be too long at 30 frames per second, and too short for a shared screen.
 *
 * <p>An encoding counts as stopped when one sibling has had at least {@link #MISSED_FRAMES} frames since the
 * encoding's last packet, and these frames span enough time: a number of frame intervals of the encoding, twice the
 * longest such gap that the encoding had lately, and {@link #MISSED_MIN_NANOS}. The longest gap covers encoders that
 * leave out frames now and then. If the network loses or reorders packets of the encoding, more frames must be missed,
 * because a frame of one packet is easily lost.
 *
 * <p>The time between two frames of the sibling counts only up to its usual time. So a silence of all encodings does
 * not count: not a still screen, not a paused publisher, and not a stalled network. The frames that a stalled network
 * then delivers at once span no time.
 *
 * <p>A pure state machine without garbage. Its cost is one pass over the siblings per frame. Owned by one event loop.
 */
final class FrameWatch {
    /** The number of frames of one sibling that an encoding may miss. */
    static final int MISSED_FRAMES = 4;

    /** The number of frames of one sibling that an encoding may miss while the network loses packets. */
    static final int MISSED_FRAMES_LOSSY = 6;

    /**
     * The number of frame intervals by which the gap may be shorter than the missed frames. The gap begins with the
     * sibling's first frame, so that it is one interval shorter; half an interval is left for jitter.
     */
    private static final double INTERVALS_LESS = 1.5;

    /** The shortest gap, for encodings with many frames per second. It also bounds how often a publisher can flap. */
    static final long MISSED_MIN_NANOS = 80_000_000L;

    /** The time for which a gap is remembered, in two halves. */
    static final long GAP_MEMORY_NANOS = 10_000_000_000L;

    /**
     * The longest gap that is remembered. A longer gap means that the encoding was switched off. A publisher that lacks
     * bandwidth leaves out frames for shorter times, and must not be asked for key frames each time.
     */
    static final long GAP_REMEMBERED_MAX_NANOS = EncodingActivity.SILENCE_MAX_NANOS;

    private static final int STEP_SHIFT = 2; // The time between two frames counts up to 5/4 of the usual time.
    private static final long NONE = -1;

    private final int count;

    // One entry for each encoding and sibling, at index (encoding * count + sibling).
    private final int[] frames; // The sibling's frames since the encoding's last packet.
    private final long[] spanNanos; // The time between the first and the last of these frames, without silences.
    private final long[] gaps; // The value of gapNumbers for which the two entries above hold.

    // One entry for each encoding.
    private final long[] lastFrameNanos; // The arrival of the newest frame.
    private final long[] gapNumbers; // Counts the encoding's packets; each packet ends a gap and begins the next.
    private final long[] longestNanos; // The longest gap in the current half of the memory.
    private final long[] longestBeforeNanos; // The longest gap in the half before.
    private final long[] halfEndNanos; // The end of the current half.

    FrameWatch(int encodings) {
        count = encodings;
        frames = new int[count * count];
        spanNanos = new long[count * count];
        gaps = new long[count * count];
        lastFrameNanos = new long[count];
        gapNumbers = new long[count];
        longestNanos = new long[count];
        longestBeforeNanos = new long[count];
        halfEndNanos = new long[count];
        Arrays.fill(gaps, NONE);
    }

    /**
     * Handles a packet with media.
     *
     * @param isNewFrame true if the packet is the first of its frame to arrive
     * @param intervalNanos the usual time between two frames of the encoding
     */
    void onPacket(int encoding, boolean isNewFrame, long intervalNanos, long nowNanos) {
        if (isNewFrame) {
            rememberGap(encoding, nowNanos);
            long stepMaxNanos = intervalNanos + (intervalNanos >> STEP_SHIFT);
            long stepNanos = Math.min(stepMaxNanos, nowNanos - lastFrameNanos[encoding]);
            lastFrameNanos[encoding] = nowNanos;
            for (int other = 0; other < count; other++) {
                countFrame(other * count + encoding, gapNumbers[other], stepNanos);
            }
        }
        gapNumbers[encoding]++;
    }

    private void countFrame(int at, long gap, long stepNanos) {
        if (gaps[at] == gap) {
            spanNanos[at] += stepNanos;
        } else {
            gaps[at] = gap;
            frames[at] = 0;
            spanNanos[at] = 0;
        }
        frames[at]++;
    }

    /** Forgets the frames that encodings have missed so far, because the whole track was silent. */
    void onSilence() {
        for (int i = 0; i < count; i++) {
            gapNumbers[i]++;
        }
    }

    /**
     * Returns whether the encoding misses frames, so that it counts as stopped.
     *
     * @param intervalNanos the usual time between two frames of the encoding
     * @param lossy true if packets of the encoding were lost or reordered lately
     */
    boolean isMissing(int encoding, long intervalNanos, boolean lossy) {
        int missed = lossy ? MISSED_FRAMES_LOSSY : MISSED_FRAMES;
        long gapNanos = (long) ((missed - INTERVALS_LESS) * intervalNanos);
        gapNanos = Math.max(gapNanos, 2 * Math.max(longestNanos[encoding], longestBeforeNanos[encoding]));
        gapNanos = Math.max(gapNanos, MISSED_MIN_NANOS);
        for (int other = 0; other < count; other++) {
            int at = encoding * count + other;
            if (other != encoding
                    && gaps[at] == gapNumbers[encoding]
                    && frames[at] >= missed
                    && spanNanos[at] >= gapNanos) {
                return true;
            }
        }
        return false;
    }

    /** Remembers how long the siblings went on before this frame of the encoding. */
    private void rememberGap(int encoding, long nowNanos) {
        if (nowNanos >= halfEndNanos[encoding]) {
            boolean isNextHalf = nowNanos - halfEndNanos[encoding] < GAP_MEMORY_NANOS / 2;
            longestBeforeNanos[encoding] = isNextHalf ? longestNanos[encoding] : 0;
            longestNanos[encoding] = 0;
            halfEndNanos[encoding] = nowNanos + GAP_MEMORY_NANOS / 2;
        }
        long gapNanos = 0;
        for (int other = 0; other < count; other++) {
            int at = encoding * count + other;
            if (other != encoding && gaps[at] == gapNumbers[encoding]) {
                gapNanos = Math.max(gapNanos, spanNanos[at]);
            }
        }
        boolean isFirst = gapNumbers[encoding] == 0;
        if (!isFirst && gapNanos <= GAP_REMEMBERED_MAX_NANOS) {
            longestNanos[encoding] = Math.max(longestNanos[encoding], gapNanos);
        }
    }
}
