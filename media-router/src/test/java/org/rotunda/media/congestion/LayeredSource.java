package org.rotunda.media.congestion;

/**
 * A source of three videos with simulcast layers, as a room allocates them: a layer is added if the estimate has exceeded
 * what everything costs then by a tenth for two seconds, and taken away at once when the estimate is too low. Each video
 * begins a key frame, eight times as large as another frame, each {@link #KEY_FRAMES} frames and after each change. Audio
 * of {@link #AUDIO_BPS} leaves beside it.
 */
final class LayeredSource {
    static final double AUDIO_BPS = 212_000;
    static final int FRAMES_PER_SECOND = 30;
    static final double[] RATES = {195_000, 390_000, 650_000, 1_841_000, 2_570_000};
    static final int VIDEOS = 3;

    private static final int KEY_FRAMES = 44;
    private static final double KEY_FRAME_SIZE = 12;
    private static final double MARGIN = 1.1;
    private static final double RETRANSMISSIONS_MAX = 0.1;
    private static final double LOSS_COVERED = 0.05;
    private static final double UPGRADE_SECONDS = 2;
    private static final double BITS = 8;

    private final int[] layers = new int[VIDEOS];
    private final int[] framesSinceKey = {0, 13, 29};
    private double fitsSince = Double.POSITIVE_INFINITY;
    private int changes;
    private double lossSeen;

    /** Follows the estimate. Called for each frame. */
    void onEstimate(double bps, double loss, double second) {
        lossSeen += (loss - lossSeen) / (10 * FRAMES_PER_SECOND);
        double budget = bps - AUDIO_BPS - bps * retransmissions();
        while (sum() > budget && highest() >= 0) {
            change(highest(), -1);
            fitsSince = Double.POSITIVE_INFINITY;
        }
        if (nextSum() * MARGIN > budget) {
            fitsSince = Double.POSITIVE_INFINITY;
        } else {
            fitsSince = Math.min(fitsSince, second);
            if (second - fitsSince >= UPGRADE_SECONDS) {
                change(lowest(), 1);
                fitsSince = Double.POSITIVE_INFINITY;
            }
        }
    }

    /** Returns the size of the next frame of a video. */
    int frameBytes(int video) {
        double average = RATES[layers[video]] / BITS / FRAMES_PER_SECOND;
        double usual = average * KEY_FRAMES / (KEY_FRAMES - 1 + KEY_FRAME_SIZE);
        boolean isKey = framesSinceKey[video] >= KEY_FRAMES;
        framesSinceKey[video] = isKey ? 1 : framesSinceKey[video] + 1;
        return (int) (isKey ? KEY_FRAME_SIZE * usual : usual);
    }

    /** Returns the estimate that the next layer needs, or 0 if there is none. */
    double nextBps() {
        double sum = nextSum();
        return Double.isInfinite(sum) ? 0 : (sum * MARGIN + AUDIO_BPS) / (1 - retransmissions());
    }

    private double retransmissions() {
        return Math.max(0, Math.min(lossSeen - LOSS_COVERED, RETRANSMISSIONS_MAX));
    }

    double desiredBps() {
        return AUDIO_BPS + VIDEOS * RATES[RATES.length - 1];
    }

    /** Returns the number of changes of a layer so far. */
    int changes() {
        return changes;
    }

    private double sum() {
        double sum = 0;
        for (int layer : layers) {
            sum += RATES[layer];
        }
        return sum;
    }

    private double nextSum() {
        int video = lowest();
        int layer = layers[video];
        return layer + 1 < RATES.length ? sum() + RATES[layer + 1] - RATES[layer] : Double.POSITIVE_INFINITY;
    }

    private int lowest() {
        int lowest = 0;
        for (int i = 1; i < VIDEOS; i++) {
            lowest = layers[i] < layers[lowest] ? i : lowest;
        }
        return lowest;
    }

    /** Returns the last video with the best layer, or -1 if all have the lowest one. */
    private int highest() {
        int highest = -1;
        for (int i = 0; i < VIDEOS; i++) {
            highest = layers[i] > 0 && (highest < 0 || layers[i] >= layers[highest]) ? i : highest;
        }
        return highest;
    }

    private void change(int video, int step) {
        layers[video] += step;
        framesSinceKey[video] = KEY_FRAMES;
        changes++;
    }
}
