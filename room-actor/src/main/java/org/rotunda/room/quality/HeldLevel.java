package org.rotunda.room.quality;

/**
 * A level that follows results with hysteresis, so that it does not flicker. It falls after {@link #RESULTS_TO_FALL}
 * consecutive lower results, or at once if a result is {@link #FALL_AT_ONCE} levels lower. It rises by one after {@link
 * #RESULTS_TO_RISE} consecutive higher results.
 */
final class HeldLevel {
    static final int RESULTS_TO_FALL = 2;
    static final int RESULTS_TO_RISE = 5;
    static final int FALL_AT_ONCE = 2;

    private int level = QualityScale.LEVEL_MAX;
    private int lower;
    private int higher;

    int level() {
        return level;
    }

    void onResult(int result) {
        lower = result < level ? lower + 1 : 0;
        higher = result > level ? higher + 1 : 0;
        if (lower >= RESULTS_TO_FALL || result <= level - FALL_AT_ONCE) {
            level = result;
            lower = 0;
        } else if (higher >= RESULTS_TO_RISE) {
            level++;
            higher = 0;
        }
    }

    /** Sets the level without hysteresis, because there are no media any more. */
    void reset() {
        level = QualityScale.LEVEL_MAX;
        lower = 0;
        higher = 0;
    }
}
