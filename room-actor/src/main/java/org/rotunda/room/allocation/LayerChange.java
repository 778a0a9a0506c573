package org.rotunda.room.allocation;

import org.jspecify.annotations.Nullable;

/**
 * One past change of a track's layer.
 *
 * @param atNanos the time, on the clock of the plan's inputs
 * @param from the layer before; null if the track was off
 * @param to the layer after; null if the track was switched off
 * @param reason the reason of the new layer
 * @param cause what started the change
 * @param budgetBps the bandwidth for all video of the subscriber at that time
 * @param sumBps what all its tracks cost after the change
 */
public record LayerChange(
        long atNanos,
        @Nullable LadderPoint from,
        @Nullable LadderPoint to,
        Reason reason,
        Cause cause,
        long budgetBps,
        long sumBps) {}
