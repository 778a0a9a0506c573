package org.rotunda.room.quota;

/** The kinds of seats that have a quota. A participant of a go room takes one of both kinds. */
public enum SeatKind {
    ROOM,
    PARTICIPANT,
    GO_PARTICIPANT
}
