/**
 * The composition of the room module: {@link org.rotunda.room.RoomSystem} starts sharding, projections, the node watch and the media node
 * of one process, and {@link org.rotunda.room.ShardedRooms} reaches rooms over the cluster. Everything else is in the packages below.
 */
@NullMarked
package org.rotunda.room;

import org.jspecify.annotations.NullMarked;
