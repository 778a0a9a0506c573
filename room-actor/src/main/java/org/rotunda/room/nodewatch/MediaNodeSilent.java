package org.rotunda.room.nodewatch;

/**
 * A media node counts as lost: its process is silent, or says no more that all its event loops run.
 *
 * @param mediaNode its id, as in placements
 */
public record MediaNodeSilent(String mediaNode) implements WatchEvent {}
