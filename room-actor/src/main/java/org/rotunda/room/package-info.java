/**
 * The Room: a sharded, event-sourced entity with its protocol, events, state and settings, and the conductor of its
 * live call. Runs on the actor dispatcher.
 */
@NullMarked
package org.rotunda.room;

import org.jspecify.annotations.NullMarked;
