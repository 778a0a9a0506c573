package org.rotunda.room;

/** Messages that a room's own actors and timers send to its entity. */
non-sealed interface RoomInternal extends RoomCommand {}
