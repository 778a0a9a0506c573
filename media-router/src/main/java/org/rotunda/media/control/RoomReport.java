package org.rotunda.media.control;

import java.util.List;

/**
 * The measurements of one router in one room. The room decides with them who speaks, what each subscriber gets, and how
 * good each network is. A report may be lost, because the next report follows soon. Facts that must arrive are {@link
 * MediaEvent}s.
 *
 * <p>A router sends at most one report each {@link #INTERVAL_NANOS} and room, and an earlier report when the estimate
 * of a transport has collapsed. A report that would be too large for a message between nodes is split into several. The
 * router sends no report if it has nothing to tell.
 *
 * @param levels the audio levels since the last report
 * @param downlinks the estimates of the networks to subscribers
 * @param qualities the losses, jitters and round-trip times of transports
 * @param rates the bit rates of the layers of received video tracks
 */
public record RoomReport(
        String roomSid,
        List<TrackLevels> levels,
        List<DownlinkReport> downlinks,
        List<QualityReport> qualities,
        List<TrackRates> rates) {
    /** The time between two reports about one room. */
    public static final long INTERVAL_NANOS = 100_000_000L;

    /**
     * The maximum sum of the charged bytes of a report's parts. The report must fit in a message between nodes (2 MiB),
     * and should not delay other messages.
     */
    public static final int CHARGED_BYTES_MAX = 256 * 1024;

    public RoomReport {
        levels = List.copyOf(levels);
        downlinks = List.copyOf(downlinks);
        qualities = List.copyOf(qualities);
        rates = List.copyOf(rates);
    }

    /** Returns whether the report has no part. */
    public boolean isEmpty() {
        return levels.isEmpty() && downlinks.isEmpty() && qualities.isEmpty() && rates.isEmpty();
    }
}
