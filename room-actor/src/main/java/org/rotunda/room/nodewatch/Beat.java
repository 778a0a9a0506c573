package org.rotunda.room.nodewatch;

import java.util.List;
import java.util.Set;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * A beat from one node's watch to another's. Beats are small, so they do not delay each other.
 *
 * @param to the id of the recipient's process; a later process at the same address ignores the beat
 * @param sentNanos the sender's clock when it sent the beat; the recipient only sends the value back
 * @param echoNanos {@code sentNanos} of the latest beat that the sender has heard from the recipient, or
 *     {@link #NO_ECHO}
 * @param standing tells whether the sender regards the recipient as a member of the cluster
 * @param losses the number of times the sender has counted the recipient as lost; the recipient may not have noticed
 * @param mediaNodes the sender's media nodes whose event loops have all run since the last beat
 * @param loads the loads of those media nodes
 * @param sightings the sender's knowledge about third nodes; {@link Sightings#NONE} in a beat of a node without rooms
 * @param lifelinePort the TCP port of the sender's {@link Lifelines lifeline} listener; {@link #NO_LIFELINE} if it has
 *     none
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
        Sightings sightings,
        int lifelinePort)
        implements NodeWatch.Command {
    public static final long NO_ECHO = Long.MIN_VALUE;

    /** The lifeline port of a node that has no listener. */
    public static final int NO_LIFELINE = 0;

    public Beat {
        mediaNodes = Set.copyOf(mediaNodes);
        loads = List.copyOf(loads);
    }
}
