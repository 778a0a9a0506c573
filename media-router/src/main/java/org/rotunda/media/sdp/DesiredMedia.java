package org.rotunda.media.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The desired media of this side: tracks by id, in order of arrival, and true if there should be data channels. */
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
