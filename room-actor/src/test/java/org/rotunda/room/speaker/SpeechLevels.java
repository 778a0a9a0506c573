package org.rotunda.room.speaker;

import java.util.Random;

/**
 * The sound of one simulated microphone as levels, one for each 20 ms. Speech has syllables at 4 Hz over a range of 12
 * dB, and a pause of 180 ms each 1.4 s. Noise is always there; its floor may rise.
 */
final class SpeechLevels {
    static final int SILENT = 127;

    private static final int SLOT_MILLIS = 20;
    private static final int PAUSE_EVERY_MILLIS = 1_400;
    private static final int PAUSE_MILLIS = 180;
    private static final double SYLLABLES_PER_SECOND = 4;
    private static final double SYLLABLE_DEPTH_DB = 12;
    private static final double CLICK_DBOV = -18;

    private final Random random;
    private final double talkDbov;
    private final double noiseDbov;
    private final double noiseSpreadDb;

    /** The rise of the noise floor. */
    double floorStepDb;

    private int clickUntilMillis;

    SpeechLevels(Random random, double talkDbov, double noiseDbov, double noiseSpreadDb) {
        this.random = random;
        this.talkDbov = talkDbov;
        this.noiseDbov = noiseDbov;
        this.noiseSpreadDb = noiseSpreadDb;
    }

    void click(int nowMillis, int lengthMillis) {
        clickUntilMillis = nowMillis + lengthMillis;
    }

    /** Returns whether the microphone picks up something but noise. */
    boolean hasSound(int nowMillis, int talkingForMillis) {
        return nowMillis < clickUntilMillis || speaks(talkingForMillis);
    }

    private static boolean speaks(int talkingForMillis) {
        return talkingForMillis >= 0 && talkingForMillis % PAUSE_EVERY_MILLIS < PAUSE_EVERY_MILLIS - PAUSE_MILLIS;
    }

    /**
     * Returns the value for the header extension (RFC 6464).
     *
     * @param talkingForMillis the time since this participant began to talk; negative if it does not talk
     */
    int next(int nowMillis, int talkingForMillis) {
        double power = power(noiseDbov + floorStepDb + noiseSpreadDb * random.nextGaussian());
        if (nowMillis < clickUntilMillis) {
            power += power(CLICK_DBOV);
        }
        if (speaks(talkingForMillis)) {
            double phase = 2 * Math.PI * SYLLABLES_PER_SECOND * talkingForMillis / 1_000;
            power += power(talkDbov + SYLLABLE_DEPTH_DB / 2 * Math.sin(phase) + random.nextGaussian());
        }
        double dbov = 10 * Math.log10(power);
        return (int) Math.max(0, Math.min(SILENT, Math.round(-dbov)));
    }

    static int slotMillis() {
        return SLOT_MILLIS;
    }

    private static double power(double dbov) {
        return Math.pow(10, dbov / 10);
    }
}
