package org.rotunda.room.readmodel;

/** The event that the database has gone away or is back. Published on the event stream of the actor system. */
public record DatabaseChanged(boolean away) {}
