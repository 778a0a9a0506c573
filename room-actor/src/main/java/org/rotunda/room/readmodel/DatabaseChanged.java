package org.rotunda.room.readmodel;

/** On the event stream of the actor system when the database goes away or is back. */
public record DatabaseChanged(boolean away) {}
