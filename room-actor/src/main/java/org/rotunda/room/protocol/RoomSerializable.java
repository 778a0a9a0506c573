package org.rotunda.room.protocol;

/**
 * Marks what rooms persist: events, snapshots and durable states, written as Jackson CBOR. A new field needs a default and a new
 * golden file; a field never changes its meaning.
 */
public interface RoomSerializable {}
