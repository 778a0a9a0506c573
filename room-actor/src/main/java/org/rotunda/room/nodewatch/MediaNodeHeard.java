package org.rotunda.room.nodewatch;

/**
 * A media node is heard for the first time, or again.
 *
 * @param mediaNode its id, as in placements
 */
public record MediaNodeHeard(String mediaNode) implements WatchEvent {}
