package org.rotunda.room.protocol;

/**
 * A description of a room for operators, with its epoch, members, sockets and transports. It contains no secret.
 *
 * @param json one JSON object; docs/operations.md lists its fields, which may change with any release
 */
public record RoomInspection(String json) {}
