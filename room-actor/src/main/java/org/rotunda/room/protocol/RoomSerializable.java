package org.rotunda.room.protocol;

/**
 * Marker of everything that rooms store: events, snapshots and durable states. A field never changes its meaning, and a
 * new field needs a default; the names of the types in the database stand in {@code StoredTypes} of
 * {@code room.serialization}.
 */
public interface RoomSerializable {}
