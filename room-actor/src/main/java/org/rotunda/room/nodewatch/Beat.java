package org.rotunda.room.nodewatch;

import java.util.Set;

/**
 * One beat between two nodes. Small: it must not wait behind its own kind.
 *
 * @param to which start of the recipient is meant; another one ignores it
 * @param sentNanos the sender's clock; means nothing to the recipient, who only sends it back
 * @param echoNanos {@code sentNanos} of the latest beat the sender has heard from the recipient, or {@link #NO_ECHO}
 * @param standing what the recipient is to the sender
 * @param losses how often the sender has counted the recipient as lost, which need not have noticed
 * @param mediaNodes the sender's media nodes whose event loops all ran since the beat before
 */
public record Beat(
        NodeId from, NodeId to, long sentNanos, long echoNanos, Standing standing, int losses, Set<String> mediaNodes)
        implements NodeWatch.Command {
    public static final long NO_ECHO = Long.MIN_VALUE;

    public Beat {
        mediaNodes = Set.copyOf(mediaNodes);
    }
}
