package org.rotunda.room.call;

import java.time.Clock;
import java.util.function.LongSupplier;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.protocol.RoomSettings;

/**
 * The settings and services that all live calls of one process share.
 *
 * @param node the id of this process in the node watch, as text
 * @param nanoTime the clock of the machines, in nanoseconds; it never goes back
 */
public record CallEnvironment(
        String node,
        RoomSettings settings,
        Clock clock,
        MediaNodes mediaNodes,
        RoomStatistics statistics,
        LongSupplier nanoTime) {}
