package org.rotunda.room.call;

import java.time.Clock;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.protocol.RoomSettings;

/** Everything that the live calls of one process share. */
public record CallEnvironment(RoomSettings settings, Clock clock, MediaNodes mediaNodes, RoomStatistics statistics) {}
