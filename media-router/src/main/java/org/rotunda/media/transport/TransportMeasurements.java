package org.rotunda.media.transport;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.congestion.DownlinkController;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.feedback.ReceptionStatistics;
import org.rotunda.media.feedback.SendStatistics;

/**
 * Makes the reports of one transport for the room: the estimate of the network to the client, and the quality of both
 * directions. Decides when there is something to report. Owned by one event loop; called each {@link
 * org.rotunda.media.control.RoomReport#INTERVAL_NANOS}.
 */
final class TransportMeasurements {
    /** The shortest time between two reports of the estimate, unless it collapses. */
    static final long DOWNLINK_INTERVAL_NANOS = 200_000_000L;

    /** The longest time between two reports of the estimate while anything is sent. */
    static final long DOWNLINK_INTERVAL_NANOS_MAX = 1_000_000_000L;

    static final long QUALITY_INTERVAL_NANOS = 1_000_000_000L;

    /** The ratio of the estimate to the reported estimate below which the room hears of it at once. */
    static final double COLLAPSE_RATIO = 0.85;

    private static final double CHANGE_RATIO = 0.01;
    private static final int QUEUE_CHANGE_MILLIS = 10;
    private static final double LOSS_CHANGE = 0.01;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MILLIS_PER_SECOND = 1_000L;

    private final TransportId id;
    private final TransportMedia media;
    private final RtcpExchange rtcp;
    private final QualityStatistics statistics;
    private @Nullable DownlinkReport reported;
    private long reportedNanos = Long.MIN_VALUE / 2;
    private long reportedBytes;
    private boolean collapsed;
    private long upBytes;
    private long qualityNanos; // The time of the last quality report, or of the start.
    private long qualityUpBytes;
    private long qualityDownBytes;

    TransportMeasurements(
            TransportId id, TransportMedia media, RtcpExchange rtcp, QualityStatistics statistics, long nowNanos) {
        this.statistics = statistics;
        this.id = id;
        this.media = media;
        this.rtcp = rtcp;
        this.qualityNanos = nowNanos;
    }

    /** Counts an RTP packet from the client. */
    void onReceived(int lengthBytes) {
        upBytes += lengthBytes;
    }

    /** Compares the estimate with the reported estimate. Called after each feedback of the client. */
    void onEstimate() {
        DownlinkController control = media.egress().control();
        DownlinkReport last = reported;
        if (control != null && last != null && control.estimateBps() < COLLAPSE_RATIO * last.estimateBps()) {
            collapsed = true;
        }
    }

    /** Notes that the router has reduced tracks on its own, which the room should hear at once. */
    void onSteppedDown() {
        collapsed = true;
    }

    /** Returns whether the room should hear of the estimate at once. */
    boolean hasCollapsed() {
        return collapsed;
    }

    /** Returns the report about the network to the client, or null if there is nothing to tell. */
    @Nullable
    DownlinkReport takeDownlink(long nowNanos) {
        DownlinkController control = media.egress().control();
        if (control == null) {
            return null;
        }
        long bytes = media.egress().rates().bytes();
        long sinceNanos = nowNanos - reportedNanos;
        if (!collapsed && sinceNanos < DOWNLINK_INTERVAL_NANOS) {
            return null;
        }
        List<String> steppedDown = media.steppedDown();
        boolean isDue = collapsed
                || (sinceNanos >= DOWNLINK_INTERVAL_NANOS_MAX && bytes > reportedBytes)
                || hasChanged(control, steppedDown);
        if (!isDue) {
            return null;
        }
        collapsed = false;
        reportedNanos = nowNanos;
        reportedBytes = bytes;
        DownlinkReport report = new DownlinkReport(
                id,
                control.estimateBps(),
                control.isOverused(),
                control.loss(),
                control.queueMillis(),
                rttMillis(control),
                media.egress().rates().audioPeakBps(nowNanos),
                media.egress().rates().sentBps(nowNanos),
                control.isMeasured(),
                steppedDown);
        reported = report;
        statistics.onDownlink(report.estimateBps(), report.queueMillis());
        return report;
    }

    private boolean hasChanged(DownlinkController control, List<String> steppedDown) {
        DownlinkReport last = reported;
        return last == null
                || Math.abs(control.estimateBps() - last.estimateBps()) >= CHANGE_RATIO * last.estimateBps()
                || control.isOverused() != last.overused()
                || control.isMeasured() != last.sampled()
                || Math.abs(control.queueMillis() - last.queueMillis()) >= QUEUE_CHANGE_MILLIS
                || Math.abs(control.loss() - last.loss()) >= LOSS_CHANGE
                || !steppedDown.equals(last.steppedDown());
    }

    private int rttMillis(@Nullable DownlinkController control) {
        if (rtcp.rttNanos() != SendStatistics.RTT_UNKNOWN) {
            return (int) (rtcp.rttNanos() / NANOS_PER_MILLI);
        }
        return control == null ? -1 : control.rttMillis();
    }

    /** Returns the report about both directions, or null if it is not due or no media flows. */
    @Nullable
    QualityReport takeQuality(long nowNanos) {
        long intervalNanos = nowNanos - qualityNanos;
        if (intervalNanos < QUALITY_INTERVAL_NANOS) {
            return null;
        }
        double seconds = intervalNanos / NANOS_PER_SECOND;
        qualityNanos = nowNanos;
        Sum audioUp = new Sum();
        Sum videoUp = new Sum();
        for (ReceivedTrack track : media.receivedTracks()) {
            for (ReceivedEncoding encoding : track.encodings()) {
                (track.isVideo() ? videoUp : audioUp).addReceived(encoding);
            }
        }
        Sum audioDown = new Sum();
        Sum videoDown = new Sum();
        for (SentTrack track : media.sentTracks()) {
            (track.kind() == TrackKind.VIDEO ? videoDown : audioDown).addSent(track);
        }
        long downBytes = media.egress().rates().bytes();
        long up = upBytes - qualityUpBytes;
        long down = downBytes - qualityDownBytes;
        qualityUpBytes = upBytes;
        qualityDownBytes = downBytes;
        if (up == 0 && down == 0) {
            return null;
        }
        return new QualityReport(
                id,
                audioUp.direction(seconds),
                videoUp.direction(seconds),
                audioDown.direction(seconds),
                videoDown.direction(seconds),
                rttMillis(media.egress().control()),
                (long) (8 * up / seconds),
                (long) (8 * down / seconds));
    }

    /** The streams of one kind in one direction. */
    private static final class Sum {
        private double lost; // The shares of the streams, weighted with their packets.
        private long packets;
        private long jitterMillis;

        void addReceived(ReceivedEncoding encoding) {
            ReceptionStatistics statistics = encoding.statistics();
            long received = encoding.takeReceived();
            long expected = encoding.takeExpected();
            packets += Math.max(received, expected);
            lost += Math.max(0, expected - received);
            if (received > 0) {
                jitterMillis = Math.max(jitterMillis, statistics.jitterNanos() / NANOS_PER_MILLI);
            }
        }

        void addSent(SentTrack track) {
            long sent = track.takeSent();
            packets += sent;
            lost += track.loss().takeLoss() * sent;
            if (sent > 0) {
                jitterMillis =
                        Math.max(jitterMillis, track.statistics().jitter() * MILLIS_PER_SECOND / track.clockRateHz());
            }
        }

        QualityReport.Direction direction(double seconds) {
            return packets == 0
                    ? QualityReport.Direction.NONE
                    : new QualityReport.Direction(
                            Math.min(1, lost / packets), (int) Math.min(Integer.MAX_VALUE, jitterMillis), (int)
                                    Math.round(packets / seconds));
        }
    }

    /** Returns the SIDs of the tracks that are held below the desired layers, as a report lists them. */
    static List<String> steppedDown(SentTrack[] byRank) {
        List<String> sids = new ArrayList<>();
        for (SentTrack track : byRank) {
            if (track.level() != StepDown.Level.AS_DESIRED && sids.size() < DownlinkReport.STEPPED_DOWN_MAX) {
                sids.add(track.trackSid());
            }
        }
        return sids;
    }
}
