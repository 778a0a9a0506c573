package org.rotunda.room.protocol;

/**
 * A description of a room for operators: epoch, members, sockets, transports, and the reasons why something is
 * outstanding. It contains no secret.
 *
 * @param json one JSON object; docs/operations.md lists its fields, which may change with any release
 */
public record RoomInspection(String json) {}
