package org.rotunda.room.protocol;

/**
 * A room as its operators look at it: epoch, members, sockets, transports, and why something is outstanding. It carries no secret.
 *
 * @param json one JSON object; docs/operations.md names its fields, which may change with any release
 */
public record RoomInspection(String json) {}
