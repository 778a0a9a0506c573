/**
 * Heartbeats (beats) by which the nodes of a cluster watch each other. The watch tells which nodes are alive, and
 * whether this node may decide anything. Its state machines are pure and run in one actor on Pekko's internal
 * dispatcher.
 */
@NullMarked
package org.rotunda.room.nodewatch;

import org.jspecify.annotations.NullMarked;
