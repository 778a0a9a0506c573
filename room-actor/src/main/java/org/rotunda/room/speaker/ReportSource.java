package org.rotunda.room.speaker;

/** A media node as {@link SpeakerDetector} knows it: when its last report came. Owner: the detector. */
final class ReportSource {
    private final String mediaNode;
    private long reportNanos;
    private boolean reported;

    ReportSource(String mediaNode) {
        this.mediaNode = mediaNode;
    }

    String mediaNode() {
        return mediaNode;
    }

    /** Notes a report. Returns the time since the report before it; {@link Long#MAX_VALUE} if it is the first one. */
    long onReport(long nowNanos) {
        long since = reported ? nowNanos - reportNanos : Long.MAX_VALUE;
        reportNanos = nowNanos;
        reported = true;
        return since;
    }
}
