package org.rotunda.node.cluster;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;
import org.jspecify.annotations.Nullable;
import org.rotunda.node.config.NodeRole;
import org.rotunda.room.readmodel.ClaimedVersions;
import org.rotunda.room.readmodel.ClusterClaim;

/**
 * Keeps the cluster's claim in the database fresh while this node is the leader of the room nodes. If there is no room
 * node, the leader of the gateways does so. The other nodes refresh only a claim that has become old, because the
 * leader may be the only node that cannot reach the database. A refresh also writes the versions of the members. Each
 * node with a shared database has one such actor.
 */
public final class ClaimKeeper extends AbstractBehavior<ClaimKeeper.Command> {
    private static final Set<MemberStatus> STAYING =
            Set.of(MemberStatus.joining(), MemberStatus.weaklyUp(), MemberStatus.up());
    private static final Set<MemberStatus> LIVING =
            Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.exiting());
    /** The number of refresh intervals between two looks at the claim by a node that does not keep the claim fresh. */
    private static final int LOOK_EVERY = 3;

    private final Cluster cluster;
    private final TimerScheduler<Command> timers;
    private final ClusterClaim claim;
    private boolean wasUp;
    private boolean isAsking;
    private int refreshes;
    private @Nullable String formedBy; // The node that formed the cluster, according to the last refresh.
    private CompletionStage<?> last = CompletableFuture.completedFuture(Done.getInstance());

    /** A message to the keeper. */
    public sealed interface Command {}

    /**
     * Ends the actor, because the node stops in an orderly way. If this node is the last node with a database in the
     * cluster, the claim is given up too.
     *
     * @param replyTo gets an answer when all writes have ended
     */
    public record End(ActorRef<Done> replyTo) implements Command {}

    private record Up(SelfUp event) implements Command {}

    private record RefreshDue() implements Command {}

    private record Refreshed(@Nullable String formedBy) implements Command {}

    private ClaimKeeper(ActorContext<Command> context, TimerScheduler<Command> timers, ClusterClaim claim) {
        super(context);
        this.cluster = Cluster.get(context.getSystem());
        this.timers = timers;
        this.claim = claim;
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(SelfUp.class, Up::new), SelfUp.class));
        timers.startTimerWithFixedDelay(new RefreshDue(), ClusterClaim.REFRESH_EVERY);
    }

    public static Behavior<Command> create(ClusterClaim claim) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new ClaimKeeper(context, timers, claim)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Up.class, this::onUp)
                .onMessage(RefreshDue.class, this::onRefreshDue)
                .onMessage(Refreshed.class, this::onRefreshed)
                .onMessage(End.class, this::onEnd)
                .build();
    }

    private Behavior<Command> onUp(Up up) {
        wasUp = true;
        return onRefreshDue(new RefreshDue());
    }

    private Behavior<Command> onRefreshDue(RefreshDue due) {
        refreshes++;
        boolean isKeeper = isKeeper(cluster.state());
        // A downed node must not refresh the claim.
        boolean isMember = wasUp && LIVING.contains(cluster.selfMember().status());
        if (isMember && !isAsking && (isKeeper || refreshes % LOOK_EVERY == 0)) {
            isAsking = true;
            CompletionStage<String> refreshed = isKeeper ? claim.refresh(running()) : claim.refreshIfOld(running());
            last = refreshed;
            // A failure is not logged here, because the database's health check logs it. The next refresh tries again.
            getContext().pipeToSelf(refreshed, (node, failure) -> new Refreshed(failure == null ? node : null));
        }
        return this;
    }

    /** Returns the versions of all members, also of those that join or leave. */
    private Optional<ClaimedVersions.Running> running() {
        return VersionRule.running(
                StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                        .map(member -> member.appVersion().version())
                        .toList());
    }

    private Behavior<Command> onRefreshed(Refreshed refreshed) {
        isAsking = false;
        String before = formedBy;
        if (refreshed.formedBy() != null) {
            formedBy = refreshed.formedBy();
            if (before != null && !before.equals(formedBy)) {
                getContext()
                        .getLog()
                        .error(
                                "Another cluster was formed on this database by {} while this cluster could not"
                                        + " write there for {} s: stop one of the two",
                                formedBy,
                                ClusterClaim.STALE_AFTER.toSeconds());
            }
        }
        return this;
    }

    private Behavior<Command> onEnd(End end) {
        timers.cancelAll();
        boolean isLast = wasUp && isLast(cluster.state());
        last.handle((done, failure) -> Done.getInstance())
                .thenCompose(done -> isLast ? claim.release() : CompletableFuture.completedFuture(done))
                // A claim that could not be given up becomes stale after a while.
                .exceptionally(failure -> Done.getInstance())
                .thenAccept(end.replyTo()::tell);
        return Behaviors.stopped();
    }

    private boolean isKeeper(CurrentClusterState state) {
        var leader = state.getRoleLeader(NodeRole.ROOM.wireName());
        return cluster.selfMember()
                .address()
                .equals(leader == null ? state.getRoleLeader(NodeRole.GATEWAY.wireName()) : leader);
    }

    /** Returns whether no other node with a database stays in the cluster. */
    private boolean isLast(CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member ->
                        !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress()))
                .filter(ClaimKeeper::hasDatabase)
                .noneMatch(member -> STAYING.contains(member.status()));
    }

    private static boolean hasDatabase(Member member) {
        return NodeRole.DATABASE_USERS.stream().anyMatch(role -> member.hasRole(role.wireName()));
    }
}
