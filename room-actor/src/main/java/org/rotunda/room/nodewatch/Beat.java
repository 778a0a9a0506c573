package org.rotunda.room.nodewatch;

import java.util.Set;

/**
 * A heartbeat from one node's watch to another's. Beats are small, so they do not delay each other.
 *
 * @param to the id of the recipient's process; a later process at the same address ignores the beat
 * @param sentNanos the sender's clock when it sent the beat; the recipient only sends the value back
 * @param echoNanos {@code sentNanos} of the latest beat that the sender has heard from the recipient, or
 *     {@link #NO_ECHO}
 * @param standing tells whether the sender regards the recipient as a member of the cluster
 * @param losses the number of times the sender has counted the recipient as lost; the recipient may not have noticed
 * @param mediaNodes the sender's media nodes whose event loops have all run since the last beat
 */
public record Beat(
        NodeId from, NodeId to, long sentNanos, long echoNanos, Standing standing, int losses, Set<String> mediaNodes)
        implements NodeWatch.Command {
    public static final long NO_ECHO = Long.MIN_VALUE;

    public Beat {
        mediaNodes = Set.copyOf(mediaNodes);
    }
}
