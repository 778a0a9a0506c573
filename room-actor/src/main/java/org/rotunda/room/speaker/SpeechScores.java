package org.rotunda.room.speaker;

/**
 * The score of a number of active parts out of a number of parts, for three lengths of time. The score is the logarithm
 * of the ratio between two probabilities: that so many active parts come from speech, and that they come from noise.
 * Source: Volfin and Cohen, "Dominant speaker identification for multipoint videoconferencing", Computer Speech and
 * Language 27 (2013), with the constants that open-source video servers use.
 */
final class SpeechScores {
    /** The most active sub-bands of one level: level 127 in units of 10. */
    static final int IMMEDIATE_MAX = 13;

    /** The levels in a medium block, and so the most active ones. */
    static final int MEDIUM_MAX = 5;

    /** The medium blocks in a long block, and so the most active ones. */
    static final int LONG_MAX = 10;

    private static final double FLOOR = 1e-10;
    private static final double SPEECH_PROBABILITY = 0.5;
    private static final double IMMEDIATE_LAMBDA = 0.78;
    private static final double MEDIUM_LAMBDA = 24;
    private static final double LONG_LAMBDA = 47;

    /** The natural logarithms of the scores; the index is the number of active parts. */
    private static final double[] IMMEDIATE = logScores(IMMEDIATE_MAX, IMMEDIATE_LAMBDA);

    private static final double[] MEDIUM = logScores(MEDIUM_MAX, MEDIUM_LAMBDA);
    private static final double[] LONG = logScores(LONG_MAX, LONG_LAMBDA);

    private SpeechScores() {}

    /** Returns the logarithm of the score of one level. */
    static double logImmediate(int active) {
        return IMMEDIATE[active];
    }

    /** Returns the logarithm of the score of the last 100 ms. */
    static double logMedium(int active) {
        return MEDIUM[active];
    }

    /** Returns the logarithm of the score of the last second. */
    static double logLong(int active) {
        return LONG[active];
    }

    private static double[] logScores(int parts, double lambda) {
        double[] scores = new double[parts + 1];
        for (int active = 0; active <= parts; active++) {
            double score = Math.log(binomial(parts, active))
                    + active * Math.log(SPEECH_PROBABILITY)
                    + (parts - active) * Math.log(1 - SPEECH_PROBABILITY)
                    - Math.log(lambda)
                    + lambda * active;
            scores[active] = Math.log(Math.max(score, FLOOR));
        }
        return scores;
    }

    private static double binomial(int n, int k) {
        double result = 1;
        for (int i = 1; i <= k; i++) {
            result *= (double) (n - k + i) / i;
        }
        return result;
    }
}
