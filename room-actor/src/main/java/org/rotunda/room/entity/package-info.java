/**
 * The durable half of a room: the event-sourced entity that decides and journals, the gate before its journal, and the effects of its
 * events. Runs in the entity's actor; the live call is its child in {@link org.rotunda.room.call}.
 */
@NullMarked
package org.rotunda.room.entity;

import org.jspecify.annotations.NullMarked;
