/**
 * Who of the cluster is alive, by beats between the nodes, and whether this node may decide anything. The machines are pure and run in
 * one actor on Pekko's internal dispatcher.
 */
@NullMarked
package org.rotunda.room.nodewatch;

import org.jspecify.annotations.NullMarked;
