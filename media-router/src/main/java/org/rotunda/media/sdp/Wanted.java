package org.rotunda.media.sdp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this side should send: tracks by id, in order of arrival, and whether there should be data channels. */
record Wanted(Map<String, OutgoingTrack> tracks, boolean application) {
    static final Wanted NOTHING = new Wanted(Map.of(), false);

    Wanted {
        tracks = Collections.unmodifiableMap(new LinkedHashMap<>(tracks));
    }

    static Wanted of(List<OutgoingTrack> tracks, boolean application) {
        Map<String, OutgoingTrack> byId = new LinkedHashMap<>();
        tracks.forEach(track -> byId.putIfAbsent(track.trackId(), track));
        return new Wanted(byId, application);
    }
}
