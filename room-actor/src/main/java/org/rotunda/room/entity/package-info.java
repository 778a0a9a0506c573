/**
 * The durable part of a room: the event-sourced entity, the gate in front of its journal, and the effects of its
 * events. Everything here runs in the entity's actor. The live call is a child of that actor, see
 * {@link org.rotunda.room.call}.
 */
@NullMarked
package org.rotunda.room.entity;

import org.jspecify.annotations.NullMarked;
