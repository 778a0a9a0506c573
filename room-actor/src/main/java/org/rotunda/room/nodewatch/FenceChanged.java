package org.rotunda.room.nodewatch;

/**
 * Published on the event stream of a process when its {@link Fence} has changed.
 *
 * @param held whether rooms must wait with their decisions from now on
 */
public record FenceChanged(boolean held) implements WatchEvent {}
