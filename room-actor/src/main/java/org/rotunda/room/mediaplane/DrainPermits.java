package org.rotunda.room.mediaplane;

import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.rotunda.room.mediaplane.DrainPermit.Answer;
import org.rotunda.room.mediaplane.DrainPermit.Ask;
import org.rotunda.room.mediaplane.DrainPermit.Command;
import org.rotunda.room.mediaplane.DrainPermit.GiveBack;

/**
 * Grants the permits to empty nodes. The cluster has one such actor, on the oldest room node, where the coordinator of
 * the shards is, too. Its memory ends with it: the nodes that hold permits ask again each second, and so tell the next
 * one.
 */
public final class DrainPermits extends AbstractBehavior<Command> {
    private static final String NAME = "drain-permits";

    private final String mediaRole;
    private final PermitQueue queue = new PermitQueue(System.nanoTime());

    private DrainPermits(ActorContext<Command> context, String mediaRole) {
        super(context);
        this.mediaRole = mediaRole;
    }

    static Behavior<Command> create(String mediaRole) {
        return Behaviors.setup(context -> new DrainPermits(context, mediaRole));
    }

    /**
     * Lets this node take part: the actor can run here if the node has the role of rooms.
     *
     * @param roomRole the cluster role of room nodes
     * @param mediaRole the cluster role of media nodes
     * @return the way to the actor, wherever it is
     */
    public static ActorRef<Command> init(ActorSystem<?> system, String roomRole, String mediaRole) {
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(create(mediaRole), NAME)
                        .withSettings(ClusterSingletonSettings.create(system).withRole(roomRole)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ask.class, this::onAsk)
                .onMessage(GiveBack.class, this::onGiveBack)
                .build();
    }

    private Behavior<Command> onAsk(Ask ask) {
        Answer answer = queue.ask(ask.node(), ask.kind(), ask.holds(), mediaNodes(), System.nanoTime());
        ask.replyTo().tell(answer);
        return this;
    }

    private Behavior<Command> onGiveBack(GiveBack permit) {
        queue.giveBack(permit.node());
        return this;
    }

    private int mediaNodes() {
        return (int) StreamSupport.stream(
                        Cluster.get(getContext().getSystem())
                                .state()
                                .getMembers()
                                .spliterator(),
                        false)
                .filter(member -> member.status() == MemberStatus.up())
                .filter(member -> member.hasRole(mediaRole))
                .count();
    }
}
