package org.rotunda.room.protocol;

/**
 * A description of a room for operators: epoch, members, sockets, transports, and the reasons why something is
 * outstanding. It carries no secret.
 *
 * @param json one JSON object; docs/operations.md names its fields, which may change with any release
 */
public record RoomInspection(String json) {}
