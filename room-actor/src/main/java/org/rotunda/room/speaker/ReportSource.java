package org.rotunda.room.speaker;

/** A media node as {@link SpeakerDetector} knows it: when its last report came. Owner: the detector. */
final class ReportSource {
    private final String mediaNode;
    private long completeNanos; // The time of the last complete report.
    private boolean reported;

    ReportSource(String mediaNode) {
        this.mediaNode = mediaNode;
    }

    String mediaNode() {
        return mediaNode;
    }

    /**
     * Notes a report. Returns whether it is complete: tracks that it leaves out, and that no later report of the same time
     * has, were silent. A node sends a large report in parts, and one for each event loop that the room is on, so only the
     * first of those that come within {@code spacingNanos} is complete.
     */
    boolean onReport(long nowNanos, long spacingNanos) {
        boolean complete = !reported || nowNanos - completeNanos >= spacingNanos;
        completeNanos = complete ? nowNanos : completeNanos;
        reported = true;
        return complete;
    }
}
