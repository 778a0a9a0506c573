package org.rotunda.record.plan;

/**
 * A completed recording: one file of one track. The file's timestamps are room time, and its first one is
 * {@code startMs}.
 *
 * @param startMs the begin of its media in room time
 * @param endMs the end of its media in room time
 * @param bytes the size of its file
 */
public record SourceRecording(
        String recordingSid,
        String trackSid,
        String participantSid,
        String trackName,
        SourceCodec codec,
        long startMs,
        long endMs,
        long bytes) {
    public SourceRecording {
        if (startMs < 0 || endMs <= startMs) {
            throw new IllegalArgumentException("No span of a recording: " + startMs + " to " + endMs);
        }
    }

    /** Returns the name of the file with this recording in the directory of a job. */
    public String fileName() {
        return recordingSid + (codec.isVideo() ? ".mkv" : ".mka");
    }
}
