package org.rotunda.room.call;

import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.protocol.RoomSettings;

/** Everything that the live calls of one process share. */
public record CallEnvironment(RoomSettings settings, MediaNodes mediaNodes, RoomStatistics statistics) {}
