package org.rotunda.media.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The media that this side should send.
 *
 * @param tracks the tracks by id, in the order in which they were given
 * @param application true if there should be data channels
 */
record DesiredMedia(Map<String, OutgoingTrack> tracks, boolean application) {
    static final DesiredMedia NOTHING = new DesiredMedia(Map.of(), false);

    DesiredMedia {
        tracks = Collections.unmodifiableMap(new LinkedHashMap<>(tracks));
    }

    static DesiredMedia of(List<OutgoingTrack> tracks, boolean application) {
        Map<String, OutgoingTrack> byId = new LinkedHashMap<>();
        tracks.forEach(track -> byId.putIfAbsent(track.trackId(), track));
        return new DesiredMedia(byId, application);
    }
}
