package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.transport.ReceivedTrack;
import org.rotunda.media.transport.Transport;

/**
 * Reports the measurements of one room to its listener. Called each {@link RoomReport#INTERVAL_NANOS}, and at once for
 * a transport whose estimate has collapsed. Each loop that the room is on has one and owns it.
 */
final class RoomReporter {
    /** The time between two reports of the rates of layers. */
    static final long RATES_INTERVAL_NANOS = 1_000_000_000L;

    private final String roomSid;
    private final MediaListener listener;
    private final List<TrackLevels> levels = new ArrayList<>();
    private final List<DownlinkReport> downlinks = new ArrayList<>();
    private final List<QualityReport> qualities = new ArrayList<>();
    private final List<TrackRates> rates = new ArrayList<>();
    private int chargedBytes;
    private long ratesNanos = Long.MIN_VALUE / 2; // The time of the last report of rates.

    RoomReporter(String roomSid, MediaListener listener) {
        this.roomSid = roomSid;
        this.listener = listener;
    }

    /** Reports everything that is due. */
    void report(Iterable<RouterRoom.Member> members, Iterable<Publication> publications, long nowNanos) {
        boolean isRatesDue = nowNanos - ratesNanos >= RATES_INTERVAL_NANOS;
        ratesNanos = isRatesDue ? nowNanos : ratesNanos;
        for (Publication publication : publications) {
            ReceivedTrack source = publication.source();
            if (source != null) {
                measure(publication, source, isRatesDue, nowNanos);
            }
        }
        for (RouterRoom.Member member : members) {
            measure(member.transport(), nowNanos);
        }
        flush();
    }

    /** Reports the collapsed estimate of one transport. */
    void reportCollapse(Transport transport, long nowNanos) {
        measure(transport, nowNanos);
        flush();
    }

    private void measure(Publication publication, ReceivedTrack source, boolean isRatesDue, long nowNanos) {
        byte[] heard = source.takeLevels(nowNanos);
        if (heard != null) {
            TrackLevels level =
                    new TrackLevels(publication.publisher().id().participantSid(), publication.trackSid(), heard);
            charge(level.chargedBytes());
            levels.add(level);
        }
        if (isRatesDue && source.isVideo()) {
            TrackRates measured = source.rates(publication.trackSid(), nowNanos);
            if (measured != null) {
                charge(measured.chargedBytes());
                rates.add(measured);
            }
        }
    }

    private void measure(Transport transport, long nowNanos) {
        DownlinkReport downlink = transport.takeDownlinkReport(nowNanos);
        if (downlink != null) {
            charge(downlink.chargedBytes());
            downlinks.add(downlink);
        }
        QualityReport quality = transport.takeQualityReport(nowNanos);
        if (quality != null) {
            charge(quality.chargedBytes());
            qualities.add(quality);
        }
    }

    /** Makes room for a part. If the report would become too large, sends what was collected so far. */
    private void charge(int bytes) {
        if (chargedBytes + bytes > RoomReport.CHARGED_BYTES_MAX) {
            flush();
        }
        chargedBytes += bytes;
    }

    private void flush() {
        if (chargedBytes == 0) {
            return;
        }
        RoomReport report = new RoomReport(roomSid, levels, downlinks, qualities, rates);
        levels.clear();
        downlinks.clear();
        qualities.clear();
        rates.clear();
        chargedBytes = 0;
        listener.onReport(report);
    }
}
