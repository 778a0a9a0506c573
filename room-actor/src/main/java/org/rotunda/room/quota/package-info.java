/**
 * Concurrency quotas: how many rooms and participants an account may have at a time. The entity of an account holds one
 * seat for each; rooms take the seats before they admit anybody. {@link org.rotunda.room.quota.AccountSeats} is an actor,
 * {@link org.rotunda.room.quota.SeatBook} and the settings are pure, and everything else is safe to use from any thread.
 */
@NullMarked
package org.rotunda.room.quota;

import org.jspecify.annotations.NullMarked;
