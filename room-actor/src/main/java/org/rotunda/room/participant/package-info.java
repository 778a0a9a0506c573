/**
 * Participants, their publications and subscriptions: the rules, without actors. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.room.participant;

import org.jspecify.annotations.NullMarked;
