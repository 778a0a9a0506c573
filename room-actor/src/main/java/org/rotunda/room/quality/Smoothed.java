package org.rotunda.room.quality;

/** An exponentially weighted mean of a value that is measured once a second. It reaches back about four seconds. */
final class Smoothed {
    /** The weight of the newest value. */
    static final double NEWEST_WEIGHT = 0.4;

    private double mean;
    private boolean known;

    void add(double value) {
        mean = known ? mean + NEWEST_WEIGHT * (value - mean) : value;
        known = true;
    }

    void forget() {
        known = false;
    }

    boolean isKnown() {
        return known;
    }

    /** Returns the mean; 0 if nothing was added. */
    double value() {
        return known ? mean : 0;
    }
}
