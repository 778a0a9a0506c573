package org.rotunda.node.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Downs a member whose process has ended, sooner than Pekko's split-brain resolver would. The process counts as ended
 * when the member is unreachable and its host refuses connections to its port. A member whose host does not answer is
 * left to the resolver, because the member could merely be paused or cut off. Only the leader acts, and only on the
 * side of the majority (docs/adr/0009-refused-members.md). Each node has one such actor.
 */
public final class RefusedMembers extends AbstractBehavior<RefusedMembers.Command> {
    private static final Duration PROBE_EVERY = Duration.ofMillis(200);
    /** The time limit of one attempt to connect. A running host refuses at once. */
    private static final Duration CONNECT_MAX = Duration.ofMillis(500);
    /**
     * The number of consecutive refusals that prove the end of a process. Fewer refusals may also come from a process
     * that is just being replaced, or from a proxy.
     */
    private static final int REFUSALS_MIN = 3;

    private final Cluster cluster;
    private final TimerScheduler<Command> timers;
    private final String votingRole;
    private final Function<Address, CompletionStage<Boolean>> isRefused;
    private final Map<UniqueAddress, Integer> refusals = new HashMap<>();
    private final Set<UniqueAddress> probing = new HashSet<>();

    /** The messages that this actor sends to itself. */
    public sealed interface Command {}

    private record Reachability(ClusterEvent.ReachabilityEvent event) implements Command {}

    private record ProbeDue() implements Command {}

    private record Probed(UniqueAddress member, boolean refused) implements Command {}

    private RefusedMembers(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String votingRole,
            Function<Address, CompletionStage<Boolean>> isRefused) {
        super(context);
        this.votingRole = votingRole;
        this.cluster = Cluster.get(context.getSystem());
        this.timers = timers;
        this.isRefused = isRefused;
        cluster.subscriptions()
                .tell(new Subscribe<>(
                        context.messageAdapter(ClusterEvent.ReachabilityEvent.class, Reachability::new),
                        ClusterEvent.ReachabilityEvent.class));
    }

    /**
     * @param votingRole the role of the nodes that run rooms; only members with this role are counted for the majority
     * @param blocking runs the attempts to connect, at most one at a time for each unreachable member
     */
    public static Behavior<Command> create(String votingRole, Executor blocking) {
        return probing(votingRole, address -> CompletableFuture.supplyAsync(() -> isRefused(address), blocking));
    }

    static Behavior<Command> probing(String votingRole, Function<Address, CompletionStage<Boolean>> isRefused) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RefusedMembers(context, timers, votingRole, isRefused)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Reachability.class, this::onReachability)
                .onMessage(ProbeDue.class, this::onProbeDue)
                .onMessage(Probed.class, this::onProbed)
                .build();
    }

    private Behavior<Command> onReachability(Reachability message) {
        UniqueAddress member = message.event().member().uniqueAddress();
        if (message.event() instanceof ClusterEvent.UnreachableMember) {
            refusals.put(member, 0);
            timers.startSingleTimer(new ProbeDue(), PROBE_EVERY);
        } else {
            refusals.remove(member);
        }
        return this;
    }

    private Behavior<Command> onProbeDue(ProbeDue due) {
        List<UniqueAddress> unreachable = cluster.state().getUnreachable().stream()
                .filter(RefusedMembers::isCounted) // Members that are already down are ignored.
                .map(Member::uniqueAddress)
                .toList();
        refusals.keySet().retainAll(unreachable);
        if (isLeader(cluster.state())) {
            probe();
        } else {
            refusals.replaceAll((member, refused) -> 0);
        }
        if (!refusals.isEmpty()) {
            timers.startSingleTimer(new ProbeDue(), PROBE_EVERY);
        }
        return this;
    }

    /**
     * Starts an attempt to connect to each unreachable member, unless an attempt for that member is already running.
     */
    private void probe() {
        for (UniqueAddress member : refusals.keySet()) {
            if (!probing.add(member)) {
                continue;
            }
            getContext()
                    .pipeToSelf(
                            isRefused.apply(member.address()),
                            (refused, failure) -> new Probed(member, failure == null && refused));
        }
    }

    private Behavior<Command> onProbed(Probed probed) {
        UniqueAddress member = probed.member();
        probing.remove(member);
        Integer before = refusals.get(member);
        if (before == null) {
            return this; // The member is reachable again, or is no longer a member.
        }
        int refused = probed.refused() ? before + 1 : 0;
        refusals.put(member, refused);
        if (refused >= REFUSALS_MIN && isLeader(cluster.state()) && isMajority(cluster.state())) {
            refusals.remove(member);
            getContext()
                    .getLog()
                    .warn("Member {} is lost: it is unreachable, and its host refuses connections", member.address());
            cluster.manager().tell(new Down(member.address()));
        }
        return this;
    }

    private boolean isLeader(CurrentClusterState state) {
        return cluster.selfMember().address().equals(state.getLeader());
    }

    /**
     * Returns whether more than half of the members with the voting role are reachable. If exactly half are reachable,
     * the resolver decides.
     */
    private boolean isMajority(CurrentClusterState state) {
        long all = StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(this::votes)
                .count();
        long unreachable = state.getUnreachable().stream().filter(this::votes).count();
        return 2 * (all - unreachable) > all;
    }

    private boolean votes(Member member) {
        return isCounted(member) && member.hasRole(votingRole);
    }

    private static boolean isCounted(Member member) {
        return member.status() == MemberStatus.up() || member.status() == MemberStatus.leaving();
    }

    private static boolean isRefused(Address address) {
        if (address.getHost().isEmpty() || address.getPort().isEmpty()) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            address.getHost().get(), address.getPort().get()),
                    (int) CONNECT_MAX.toMillis());
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException unknown) { // A missing route or a time-out proves nothing.
            return false;
        }
    }
}
