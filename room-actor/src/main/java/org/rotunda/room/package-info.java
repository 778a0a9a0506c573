/**
 * The composition of the room module: {@link org.rotunda.room.RoomSystem} starts sharding, projections, the node watch
 * and the media node of one process, and {@link org.rotunda.room.ShardedRooms} reaches rooms over the cluster. The
 * packages below contain everything else.
 */
@NullMarked
package org.rotunda.room;

import org.jspecify.annotations.NullMarked;
