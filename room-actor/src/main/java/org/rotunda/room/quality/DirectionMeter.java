package org.rotunda.room.quality;

import org.rotunda.media.control.QualityReport;

/** The smoothed measurements of one kind of media in one direction, and their level. Owner: {@link QualityMeter}. */
final class DirectionMeter {
    /** After so many consecutive reports without a packet there are no media in this direction. */
    static final int EMPTY_REPORTS = 3;

    /**
     * The packet rate of one audio track. With fewer packets (the sender is silent and uses DTX) a lost packet weighs
     * less.
     */
    static final double USUAL_AUDIO_PACKETS = 50;

    /** The packet rate of a small video layer. A static screen has fewer packets, so a lost packet weighs less. */
    static final double USUAL_VIDEO_PACKETS = 30;

    /** A larger share of available bandwidth is as good as this one. */
    static final double SHARE_MAX = 1.25;

    private final boolean isVideo;
    private final Smoothed loss = new Smoothed();
    private final Smoothed jitterMillis = new Smoothed();
    private final Smoothed share = new Smoothed();
    private final HeldLevel held = new HeldLevel();
    private boolean flows;
    private int emptyReports;

    DirectionMeter(boolean isVideo) {
        this.isVideo = isVideo;
    }

    /**
     * Takes the measurements of one second.
     *
     * @param rttMillis the smoothed round-trip time
     * @param availableBps a negative number while unknown
     * @param wantedBps 0 for no demand
     */
    void onReport(QualityReport.Direction measured, double rttMillis, long availableBps, long wantedBps) {
        if (measured.packetsPerSecond() > 0) {
            flows = true;
            emptyReports = 0;
            loss.add(weighted(measured));
            jitterMillis.add(Math.max(0, measured.jitterMillis()));
        } else if (flows && ++emptyReports >= EMPTY_REPORTS) {
            flows = false;
            loss.forget();
            jitterMillis.forget();
        }
        if (wantedBps > 0 && availableBps >= 0) {
            share.add(Math.min(SHARE_MAX, (double) availableBps / wantedBps));
        } else {
            share.forget();
        }
        if (!flows && !share.isKnown()) {
            held.reset();
        } else if (emptyReports == 0 || !flows) {
            held.onResult(Math.min(bandwidthLevel(), Math.min(lossLevel(), latencyLevel(rttMillis))));
        }
        // Otherwise packets have been missing for a moment, and it is not known why: the level stays.
    }

    /** Forgets the measurements, because they belong to an earlier connection. The level stays until new ones come. */
    void restart() {
        loss.forget();
        jitterMillis.forget();
        share.forget();
        emptyReports = 0;
    }

    /** Returns the share of lost packets, which counts less if there are few packets. */
    private double weighted(QualityReport.Direction measured) {
        double lost = measured.loss() > 0 ? Math.min(1, measured.loss()) : 0;
        double usual = isVideo ? USUAL_VIDEO_PACKETS : USUAL_AUDIO_PACKETS;
        return lost * Math.min(1, Math.sqrt(measured.packetsPerSecond() / usual));
    }

    /** Returns whether there are media, or a demand for video. */
    private boolean isInUse() {
        return flows || share.isKnown();
    }

    private int lossLevel() {
        return isVideo ? QualityScale.ofVideoLoss(loss.value()) : QualityScale.ofAudioLoss(loss.value());
    }

    private int latencyLevel(double rttMillis) {
        return isInUse()
                ? Math.min(QualityScale.ofRtt(rttMillis), QualityScale.ofJitter(jitterMillis.value()))
                : QualityScale.LEVEL_MAX;
    }

    private int bandwidthLevel() {
        return share.isKnown() ? QualityScale.ofBandwidth(share.value()) : QualityScale.LEVEL_MAX;
    }

    int level() {
        return held.level();
    }

    /** Returns the measurements for an answer. */
    QualityAnswer.Measurements measurements(double rttMillis, long actualBps, long availableBps) {
        return new QualityAnswer.Measurements(
                isVideo
                        ? new QualityAnswer.Bandwidth(
                                flows ? actualBps : 0, availableBps < 0 ? null : availableBps, bandwidthLevel())
                        : null,
                new QualityAnswer.FractionLost(loss.value(), lossLevel()),
                new QualityAnswer.Latency(
                        jitterMillis.value() / QualityMeter.MILLIS_PER_SECOND,
                        rttMillis / QualityMeter.MILLIS_PER_SECOND,
                        latencyLevel(rttMillis)));
    }
}
