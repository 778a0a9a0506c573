/**
 * The byte formats of stored types and of messages between nodes. Serializers run on the thread of the serializing
 * actor.
 */
@NullMarked
package org.rotunda.room.serialization;

import org.jspecify.annotations.NullMarked;
