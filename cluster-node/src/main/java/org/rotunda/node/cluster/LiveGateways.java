package org.rotunda.node.cluster;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.rotunda.node.config.NodeRole;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.WatchEvent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;

/**
 * Counts the gateways of the cluster that serve requests, as this node sees them. The members come from the cluster; a
 * member that the node watch counts as lost is left out at once, before the cluster removes it. A gateway that leaves is
 * left out too, since it accepts no new connections. Each gateway has one such actor, which stops with the actor system.
 */
public final class LiveGateways extends AbstractBehavior<LiveGateways.Command> {
    /** The messages to the actor. */
    sealed interface Command {}

    private record MemberChanged(Member member) implements Command {}

    private record Found(WatchEvent event) implements Command {}

    private final AtomicInteger count;
    private final Set<NodeId> members = new HashSet<>();
    private final Set<NodeId> lost = new HashSet<>();

    private LiveGateways(ActorContext<Command> context, AtomicInteger count) {
        super(context);
        this.count = count;
        ActorRef<MemberEvent> changed =
                context.messageAdapter(MemberEvent.class, event -> new MemberChanged(event.member()));
        Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(changed, MemberEvent.class));
        ActorRef<WatchEvent> found = context.messageAdapter(WatchEvent.class, Found::new);
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(WatchEvent.class, found));
    }

    /**
     * Returns the behavior of the actor.
     *
     * @param count gets the number of live gateways, at least 1
     */
    public static Behavior<Void> create(AtomicInteger count) {
        return Behaviors.<Command>setup(context -> new LiveGateways(context, count))
                .unsafeCast();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(MemberChanged.class, this::onMemberChanged)
                .onMessage(Found.class, this::onFound)
                .build();
    }

    private Behavior<Command> onMemberChanged(MemberChanged changed) {
        Member member = changed.member();
        if (!member.hasRole(NodeRole.GATEWAY.wireName())) {
            return this;
        }
        NodeId node = NodeId.of(member.uniqueAddress());
        if (member.status() == MemberStatus.up() || member.status() == MemberStatus.weaklyUp()) {
            members.add(node);
        } else {
            members.remove(node);
        }
        if (member.status() == MemberStatus.removed()) {
            lost.remove(node);
        }
        return counted();
    }

    private Behavior<Command> onFound(Found found) {
        if (found.event() instanceof NodeLost gone && gone.roles().contains(NodeRole.GATEWAY.wireName())) {
            lost.add(gone.node());
        } else if (found.event() instanceof NodeBack back) {
            lost.remove(back.node());
        }
        return counted();
    }

    private Behavior<Command> counted() {
        long live = members.stream().filter(node -> !lost.contains(node)).count();
        count.set((int) Math.max(1, live));
        return this;
    }
}
