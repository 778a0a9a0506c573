package org.rotunda.room.protocol;

import org.rotunda.media.control.TrackKind;

/**
 * A track as the publishing client describes it.
 *
 * @param id the id that the client has chosen: the msid track id of the track's m-line, or the label of its data
 *     channel; new for every publish
 */
public record ClientTrack(String id, TrackKind kind, String name, boolean enabled, TrackPriority priority) {}
