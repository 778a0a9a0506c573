package org.rotunda.room.mediaplane;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.rotunda.room.nodewatch.NodeId;

/**
 * The permit that a node asks {@link DrainPermits} for before it empties itself. The handover of a connection is in the
 * memory of its room's conductor, so the connection must not move while its room moves. The permits keep the two apart.
 */
public final class DrainPermit {

    /** What a node wants to do. */
    public enum Kind {
        /** Its media node moves its connections. A tenth of the media nodes may do so at the same time. */
        MOVE_CONNECTIONS,
        /** It leaves the cluster and hands its rooms over. Nobody else may empty itself meanwhile. */
        HAND_OVER_ROOMS
    }

    /** A message to {@link DrainPermits}. */
    public sealed interface Command {}

    /**
     * Asks for a permit, and keeps it: a node that has not asked again within {@link PermitQueue#SILENCE_MAX} has lost
     * its permit, or its place among those who wait.
     *
     * @param node the node that asks
     * @param holds true if the node has got this permit already, maybe from an actor that was on another node
     */
    public record Ask(NodeId node, Kind kind, boolean holds, ActorRef<Answer> replyTo) implements Command {}

    /** Gives the permit of a node back, or its place among those who wait. */
    public record GiveBack(NodeId node) implements Command {}

    /**
     * The answer to an {@link Ask}.
     *
     * @param granted true if the node may empty itself
     * @param others the nodes that empty themselves now, without the one that asked
     */
    public record Answer(boolean granted, List<NodeId> others) {
        public Answer {
            others = List.copyOf(others);
        }
    }

    private DrainPermit() {}
}
