/**
 * Unique room names: the entity of one name, and the steps that find or create the room of a name. The entity runs on
 * the actor dispatcher; {@link org.rotunda.room.name.NameClaims} is callable from any thread.
 */
@NullMarked
package org.rotunda.room.name;

import org.jspecify.annotations.NullMarked;
