package org.rotunda.room.protocol;

/**
 * Marks everything that rooms store: events, snapshots and durable states. A field never changes its meaning, and a new
 * field needs a default. {@code StoredTypes} of {@code room.serialization} lists the name under which each type is
 * stored.
 */
public interface RoomSerializable {}
