package org.rotunda.room.nodewatch;

/**
 * This node did not run for so long that the others may have counted it as lost: it was stopped, or had no processor.
 *
 * @param lateNanos by how much its own tick was late
 */
public record NodePaused(long lateNanos) implements WatchEvent {}
