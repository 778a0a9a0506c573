/**
 * How events and messages of rooms become bytes. Runs on the thread of the serializing actor.
 */
@NullMarked
package org.rotunda.room.serialization;

import org.jspecify.annotations.NullMarked;
