package org.rotunda.room;

import java.time.Clock;
import java.util.random.RandomGenerator;
import org.rotunda.room.mediaplane.MediaNodes;

/**
 * What every room of a process is given.
 *
 * @param random safe to use from any thread
 */
record RoomEnvironment(
        RoomSettings settings,
        Clock clock,
        RandomGenerator random,
        MediaNodes mediaNodes,
        RoomRecords records,
        RoomNames names,
        RoomStatistics statistics) {}
