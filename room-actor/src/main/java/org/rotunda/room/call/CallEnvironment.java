package org.rotunda.room.call;

import java.time.Clock;
import org.rotunda.room.mediaplane.MediaNodes;
import org.rotunda.room.protocol.RoomSettings;

/**
 * The settings and services that all live calls of one process share.
 *
 * @param node the id of this process in the node watch, as text
 */
public record CallEnvironment(
        String node, RoomSettings settings, Clock clock, MediaNodes mediaNodes, RoomStatistics statistics) {}
