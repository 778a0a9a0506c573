/**
 * The durable half of a room: the event-sourced entity that decides and journals, the gate before its journal, and the
 * effects of its events. Everything here runs in the entity's actor.
 * The live call is a child of that actor, in {@link org.rotunda.room.call}.
 */
@NullMarked
package org.rotunda.room.entity;

import org.jspecify.annotations.NullMarked;
