package org.rotunda.room.entity;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.rotunda.room.call.CallEnvironment;
import org.rotunda.room.call.RoomStatistics;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.name.RoomNames;
import org.rotunda.room.nodewatch.Fence;
import org.rotunda.room.placement.Placements;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.quota.Seats;

/**
 * The settings and services that all rooms of one process share.
 *
 * @param node the id of this process in the node watch, as text
 * @param random the source of random ids; it must be safe to use from any thread
 * @param fence the fence of this node; while it is held, the rooms decide nothing
 * @param written hears of each room that has written events, after they are stored; it must not block
 */
public record RoomEnvironment(
        String node,
        RoomSettings settings,
        Clock clock,
        RandomGenerator random,
        MediaNodes mediaNodes,
        Placements placements,
        RoomRecords records,
        RoomNames names,
        Seats seats,
        RoomStatistics statistics,
        Fence fence,
        Consumer<RoomSid> written) {

    /** Returns the part that live calls need. */
    CallEnvironment call() {
        return new CallEnvironment(node, settings, clock, mediaNodes, statistics, System::nanoTime);
    }
}
