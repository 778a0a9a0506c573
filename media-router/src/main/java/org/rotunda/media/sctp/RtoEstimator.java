package org.rotunda.media.sctp;

/**
 * Computes the retransmission time-out from round-trip times (RFC 9260 §6.3.1), with back-off (§6.3.3). All values are
 * in nanoseconds.
 */
final class RtoEstimator {
    private static final long MS = 1_000_000L;

    private final long minNanos;
    private final long maxNanos;
    private long smoothedNanos;
    private long variationNanos;
    private long rtoNanos;

    RtoEstimator(SctpSettings settings) {
        minNanos = settings.rtoMinMs() * MS;
        maxNanos = settings.rtoMaxMs() * MS;
        rtoNanos = settings.rtoInitialMs() * MS;
    }

    void onMeasurement(long rttNanos) {
        if (rttNanos < 0) {
            return;
        }
        if (smoothedNanos == 0) {
            smoothedNanos = Math.max(1, rttNanos);
            variationNanos = rttNanos / 2;
        } else {
            variationNanos += (Math.abs(smoothedNanos - rttNanos) - variationNanos) / 4;
            smoothedNanos += (rttNanos - smoothedNanos) / 8;
        }
        rtoNanos = Math.max(minNanos, Math.min(maxNanos, smoothedNanos + 4 * variationNanos));
    }

    void backOff() {
        rtoNanos = Math.min(maxNanos, 2 * rtoNanos);
    }

    long rtoNanos() {
        return rtoNanos;
    }

    long smoothedNanos() {
        return smoothedNanos;
    }
}
