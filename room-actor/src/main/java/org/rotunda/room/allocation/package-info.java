/**
 * The allocation of a subscriber's downlink to the video tracks that it receives: which track is sent, in which layer,
 * and why. Everything here is pure: no actor, no clock, no I/O. Time is an argument. A {@code SubscriberPlan} belongs to
 * one thread, the other types are immutable. {@code docs/allocation.md} explains the rules.
 */
@NullMarked
package org.rotunda.room.allocation;

import org.jspecify.annotations.NullMarked;
