package org.rotunda.room.nodewatch;

/**
 * The cluster goes on without this node, which must stop.
 *
 * @param by who said so
 */
public record Expelled(NodeId by) implements WatchEvent {}
