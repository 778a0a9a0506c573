package org.rotunda.room.nodewatch;

import java.util.List;
import java.util.Set;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * One beat between two nodes. Beats are small, so that no beat waits on the way behind another beat.
 *
 * @param to the id of the recipient's process; a later process at the same address ignores the beat
 * @param sentNanos time on the sender's clock; it means nothing to the recipient, which only sends it back
 * @param echoNanos {@code sentNanos} of the latest beat that the sender has heard from the recipient, or
 *     {@link #NO_ECHO}
 * @param standing the recipient's standing with the sender
 * @param losses the number of times the sender has counted the recipient as lost; the recipient may not have noticed
 * @param mediaNodes the sender's media nodes whose event loops have all run since the last beat
 * @param loads the loads of those media nodes
 * @param sightings the sender's knowledge about third nodes; {@link Sightings#NONE} in a beat of a node without rooms
 */
public record Beat(
        NodeId from,
        NodeId to,
        long sentNanos,
        long echoNanos,
        Standing standing,
        int losses,
        Set<String> mediaNodes,
        List<MediaNodeLoad> loads,
        Sightings sightings)
        implements NodeWatch.Command {
    public static final long NO_ECHO = Long.MIN_VALUE;

    public Beat {
        mediaNodes = Set.copyOf(mediaNodes);
        loads = List.copyOf(loads);
    }
}
