package org.rotunda.room.entity;

import java.time.Clock;
import java.util.random.RandomGenerator;
import org.rotunda.room.call.CallEnvironment;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.name.RoomNames;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.protocol.RoomSettings;

/**
 * What every room of a process is given.
 *
 * @param random safe to use from any thread
 * @param fence while it is held, nothing may be decided
 */
public record RoomEnvironment(
        RoomSettings settings,
        Clock clock,
        RandomGenerator random,
        MediaNodes mediaNodes,
        RoomRecords records,
        RoomNames names,
        RoomStatistics statistics,
        Fence fence) {

    /** The part that live calls need. */
    CallEnvironment call() {
        return new CallEnvironment(settings, clock, mediaNodes, statistics);
    }
}
