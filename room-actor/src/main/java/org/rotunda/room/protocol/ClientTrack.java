package org.rotunda.room.protocol;

import org.rotunda.media.control.TrackKind;

/**
 * A track as the publishing client describes it.
 *
 * @param id chosen by the client: msid track id of its m-line, or label of its data channel; new for every publish
 */
public record ClientTrack(String id, TrackKind kind, String name, boolean enabled, TrackPriority priority) {}
