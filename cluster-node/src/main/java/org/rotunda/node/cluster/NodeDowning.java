package org.rotunda.node.cluster;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.DowningProvider;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.sbr.SplitBrainResolverProvider;
import org.apache.pekko.event.Logging;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.rotunda.room.RoomSystem;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * The downing provider of every node. On a node with the role {@code room} it is Pekko's split-brain resolver. A node
 * without this role never downs another member: the resolver counts the votes of room nodes only, but where links are
 * broken in one direction (its decision {@code DownIndirectlyConnected}) it lets a single media node down all room
 * nodes. Such a node downs only itself, so that it starts again and joins, in two cases: it has reached no room node
 * for twice the time after which room nodes take it for lost, or another node has quarantined it.
 *
 * <p>Pekko makes one instance for each actor system, by the key {@code pekko.cluster.downing-provider-class}, and
 * refuses a cluster whose nodes have different providers. Therefore one class serves both kinds of node.
 */
public final class NodeDowning extends DowningProvider {
    private final ActorSystem system;
    private final DowningProvider resolver;

    public NodeDowning(ActorSystem system) {
        this.system = system;
        this.resolver = new SplitBrainResolverProvider(system);
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        return resolver.downRemovalMargin();
    }

    @Override
    public Option<Props> downingActorProps() {
        Config config = system.settings().config();
        if (config.getStringList("pekko.cluster.roles").contains(RoomSystem.ROLE)) {
            return resolver.downingActorProps();
        }
        Duration patience = config.getDuration("pekko.cluster.split-brain-resolver.stable-after")
                .multipliedBy(2);
        return Option.apply(Props.create(Watch.class, () -> new Watch(patience)));
    }

    /** Follows which room nodes are reachable, and downs this node. */
    private static final class Watch extends AbstractActorWithTimers {
        private final Cluster cluster = Cluster.get(getContext().getSystem());
        private final LoggingAdapter log = Logging.getLogger(getContext().getSystem(), this);
        private final Duration patience;
        private final Map<UniqueAddress, Member> members = new HashMap<>();
        private final Set<UniqueAddress> unreachable = new HashSet<>();

        private record WithoutRooms() {}

        Watch(Duration patience) {
            this.patience = patience;
        }

        @Override
        public void preStart() {
            cluster.subscribe(
                    getSelf(),
                    ClusterEvent.initialStateAsEvents(),
                    ClusterEvent.MemberEvent.class,
                    ClusterEvent.ReachabilityEvent.class);
            getContext().getSystem().eventStream().subscribe(getSelf(), ThisActorSystemQuarantinedEvent.class);
        }

        @Override
        public void postStop() {
            cluster.unsubscribe(getSelf());
            getContext().getSystem().eventStream().unsubscribe(getSelf());
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(ClusterEvent.MemberRemoved.class, removed -> {
                        members.remove(removed.member().uniqueAddress());
                        unreachable.remove(removed.member().uniqueAddress());
                        look();
                    })
                    .match(ClusterEvent.MemberEvent.class, event -> {
                        members.put(event.member().uniqueAddress(), event.member());
                        look();
                    })
                    .match(ClusterEvent.UnreachableMember.class, event -> {
                        unreachable.add(event.member().uniqueAddress());
                        look();
                    })
                    .match(ClusterEvent.ReachableMember.class, event -> {
                        unreachable.remove(event.member().uniqueAddress());
                        look();
                    })
                    .match(
                            WithoutRooms.class,
                            due -> downSelf("it has reached no room node for " + patience.toSeconds() + " s"))
                    .match(ThisActorSystemQuarantinedEvent.class, event -> downSelf("another node quarantined it"))
                    .build();
        }

        private void look() {
            if (!isUp() || members.values().stream().anyMatch(this::isReachableRoom)) {
                getTimers().cancel(WithoutRooms.class);
            } else if (!getTimers().isTimerActive(WithoutRooms.class)) {
                getTimers().startSingleTimer(WithoutRooms.class, new WithoutRooms(), patience);
            }
        }

        private boolean isUp() {
            Member self = members.get(cluster.selfUniqueAddress());
            return self != null && self.status() == MemberStatus.up();
        }

        private boolean isReachableRoom(Member member) {
            return member.hasRole(RoomSystem.ROLE)
                    && !unreachable.contains(member.uniqueAddress())
                    && member.status() != MemberStatus.down()
                    && member.status() != MemberStatus.exiting();
        }

        private void downSelf(String reason) {
            log.warning("This node leaves the cluster and joins again: {}", reason);
            cluster.down(cluster.selfAddress());
        }
    }
}
