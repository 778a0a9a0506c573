package org.rotunda.record.matroska;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file says of itself before its first frame.
 *
 * @param recordingSid the SID of the recording: two letters and 32 hexadecimal digits in lower case
 * @param createdUnixMs the time of the file's creation, in milliseconds since 1970
 * @param track the one track
 * @param tags names and values of the file's tags, sorted by name; no personal data belongs here
 */
public record SegmentHead(String recordingSid, long createdUnixMs, MediaTrack track, Map<String, String> tags) {
    private static final String SID = "RT[0-9a-f]{32}";

    public SegmentHead {
        if (!recordingSid.matches(SID)) {
            throw new IllegalArgumentException("not the SID of a recording: " + recordingSid);
        }
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
