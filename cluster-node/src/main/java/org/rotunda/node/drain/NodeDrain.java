package org.rotunda.node.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.Gateway;
import org.rotunda.node.config.DrainSettings;
import org.rotunda.node.config.NodeRole;
import org.rotunda.node.health.Readiness;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.DrainStatus;
import org.rotunda.room.mediaplane.DrainView;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.nodewatch.NodeId;

/**
 * Drains this node. From the first moment the node is not ready. Its media node moves its connections to other media
 * nodes. Its gateway goes on accepting clients for a while, because load balancers need time to notice; then it sends
 * its clients to other gateways, after the media of the same node has moved, because the clients need their sockets to
 * follow. Rooms stay on the node until it leaves the cluster. Before connections move, and before rooms do, the node asks
 * for a permit, because a connection must not move while its room does. Each node has one such actor.
 */
public final class NodeDrain extends AbstractBehavior<NodeDrain.Command> {
    private static final Duration LOOK_MAX = Duration.ofSeconds(2);
    private static final Duration PERMIT_ANSWER_MAX = Duration.ofSeconds(2);

    /** How often a node asks for its permit, also when it has it. Well below {@code PermitQueue.SILENCE_MAX}. */
    private static final Duration PERMIT_ASKED_EVERY = Duration.ofSeconds(1);

    private final TimerScheduler<Command> timers;
    private final Node node;
    private final Progress progress;
    private final List<ActorRef<DrainReport.State>> waiting = new ArrayList<>();
    private DrainReport.State state = DrainReport.State.SERVING;
    private boolean stops;
    private boolean bySignal; // True if the shutdown itself sends the clients away.
    private @Nullable PermitWait permit; // Null while the node needs none.
    private long endsNanos; // The end of the time limit.
    private boolean movesAsked;
    private boolean mediaOver;
    private boolean deregistered;
    private boolean gatewayAsked;
    private boolean gatewayOver;
    private int round; // The number of the present drain. Answers to earlier drains do not count.

    /** A message to the drain. */
    public sealed interface Command {}

    /** Drains the node. A repeated order is accepted, and can only shorten the time limit. */
    public record Begin(DrainOrder order, ActorRef<StatusReply<DrainReport>> replyTo) implements Command {}

    /** Takes the drain back. Moves that are under way go on. */
    public record End(ActorRef<StatusReply<DrainReport>> replyTo) implements Command {}

    /** Describes the drain. */
    public record Look(ActorRef<StatusReply<DrainReport>> replyTo) implements Command {}

    /**
     * Drains the node because its process stops. The actor answers when the connections have moved, and load balancers
     * have had their time. The shutdown then sends the clients of the gateway away.
     */
    public record BeforeStop(ActorRef<DrainReport.State> replyTo) implements Command {}

    private record AskForPermit(int round) implements Command {}

    private record PermitAnswered(AskForPermit ask, PermitWait asker, DrainPermit.@Nullable Answer answer)
            implements Command {}

    private record MediaOver(int round, DrainStatus status) implements Command {}

    private record GatewayOver(int round) implements Command {}

    private record Deregistered(int round) implements Command {}

    private record Looked(@Nullable DrainView view, ActorRef<StatusReply<DrainReport>> replyTo) implements Command {}

    /**
     * The parts of the node.
     *
     * @param alone true if the node is configured to be a cluster of its own, so that nothing can move away from it
     * @param permits the actor that grants permits; empty if the node needs none
     * @param mediaNode empty on a node without the role media
     * @param gateway empty on a node without the role gateway
     * @param liveGateways the number of live gateways of the cluster, this one included
     */
    public record Node(
            Set<NodeRole> roles,
            DrainSettings settings,
            boolean alone,
            Optional<ActorRef<DrainPermit.Command>> permits,
            Optional<ActorRef<MediaNode.Command>> mediaNode,
            Optional<Gateway> gateway,
            IntSupplier liveGateways) {
        public Node {
            roles = Set.copyOf(roles);
        }
    }

    /** The state of the drain, for metrics. Any thread may read it. */
    public static final class Progress {
        private volatile DrainReport.State state = DrainReport.State.SERVING;

        public DrainReport.State state() {
            return state;
        }
    }

    /** The reason of a stop after a drain that was asked for with {@code stop}. */
    private enum StopReason implements CoordinatedShutdown.Reason {
        DRAINED
    }

    private NodeDrain(ActorContext<Command> context, TimerScheduler<Command> timers, Node node, Progress progress) {
        super(context);
        this.timers = timers;
        this.node = node;
        this.progress = progress;
    }

    /** @param progress gets the state of the drain */
    public static Behavior<Command> create(Node node, Progress progress) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new NodeDrain(context, timers, node, progress)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Begin.class, this::onBegin)
                .onMessage(End.class, this::onEnd)
                .onMessage(Look.class, look -> report(look.replyTo()))
                .onMessage(BeforeStop.class, this::onBeforeStop)
                .onMessage(AskForPermit.class, this::askForPermit)
                .onMessage(PermitAnswered.class, this::onPermitAnswered)
                .onMessage(MediaOver.class, this::onMediaOver)
                .onMessage(Deregistered.class, this::onDeregistered)
                .onMessage(GatewayOver.class, this::onGatewayOver)
                .onMessage(Looked.class, this::onLooked)
                .build();
    }

    // --- orders

    private Behavior<Command> onBegin(Begin begin) {
        DrainOrder order = begin.order();
        Optional<NodeRole> onlyOne = onlyOne();
        if (state == DrainReport.State.SERVING && !order.force() && onlyOne.isPresent()) {
            begin.replyTo()
                    .tell(StatusReply.error("this is the only node of the cluster with the role "
                            + onlyOne.get().wireName() + ": drain it with force, or start another one first"));
            return this;
        }
        stops |= order.stop();
        begin(order.within().orElseGet(() -> node.settings().timeMaxOf(node.roles())));
        return report(begin.replyTo());
    }

    /** Returns a role that no other member of the cluster has, and without which calls or rooms end. */
    private Optional<NodeRole> onlyOne() {
        return List.of(NodeRole.MEDIA, NodeRole.ROOM).stream()
                .filter(node.roles()::contains)
                .filter(role -> !isWithOthers(role))
                .findFirst();
    }

    private boolean isWithOthers(NodeRole role) {
        Cluster cluster = Cluster.get(getContext().getSystem());
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member ->
                        !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress()))
                .filter(member -> member.status() == MemberStatus.up())
                .anyMatch(member -> member.hasRole(role.wireName()));
    }

    private Behavior<Command> onBeforeStop(BeforeStop stop) {
        bySignal = true;
        if (node.alone()) {
            stop.replyTo().tell(state); // There is nowhere to go, and no load balancer has another node.
            return this;
        }
        waiting.add(stop.replyTo());
        begin(node.settings().timeMaxOf(node.roles()));
        return this;
    }

    /** Begins the drain, or shortens the time limit of the drain that runs. */
    private void begin(Duration limit) {
        long untilNanos = System.nanoTime() + limit.toNanos();
        if (state == DrainReport.State.SERVING) {
            Readiness.of(getContext().getSystem()).set(false);
            round++;
            endsNanos = untilNanos;
            mediaOver = node.mediaNode().isEmpty();
            deregistered = node.gateway().isEmpty() || node.alone();
            gatewayOver = node.gateway().isEmpty();
            gatewayAsked = false;
            movesAsked = false;
            becomes(DrainReport.State.DRAINING);
            node.mediaNode().ifPresent(media -> media.tell(new MediaNode.CloseToNewRooms()));
            if (!deregistered) {
                timers.startSingleTimer(
                        Deregistered.class,
                        new Deregistered(round),
                        node.settings().deregisterAfter());
            }
        } else if (untilNanos - endsNanos < 0) {
            endsNanos = untilNanos;
            movesAsked = false; // The media node must hear of the new limit.
        }
        neededPermit().ifPresent(kind -> {
            if (permit == null || permit.kind() != kind) {
                // The other half is for the moves.
                Duration max = shorter(node.settings().permitWaitMax(), mediaOver ? limit : limit.dividedBy(2));
                permit = new PermitWait(kind, max, System.nanoTime());
                askForPermit(new AskForPermit(round));
            }
        });
        goOn();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Behavior<Command> onEnd(End end) {
        if (state != DrainReport.State.SERVING && !bySignal) {
            round++;
            stops = false;
            timers.cancel(Deregistered.class);
            giveBackPermit();
            node.mediaNode().ifPresent(media -> media.tell(new MediaNode.EndDrain()));
            node.gateway().ifPresent(Gateway::undrain);
            becomes(DrainReport.State.SERVING);
            Readiness.of(getContext().getSystem()).set(true);
        }
        return report(end.replyTo());
    }

    // --- the permit

    private Optional<DrainPermit.Kind> neededPermit() {
        if (node.permits().isEmpty()) {
            return Optional.empty();
        }
        if (bySignal && node.roles().contains(NodeRole.ROOM)) {
            return Optional.of(DrainPermit.Kind.HAND_OVER_ROOMS);
        }
        return mediaOver ? Optional.empty() : Optional.of(DrainPermit.Kind.MOVE_CONNECTIONS);
    }

    private Behavior<Command> askForPermit(AskForPermit ask) {
        PermitWait wait = permit;
        if (ask.round() == round && wait != null) {
            boolean holds = wait.outcome() == PermitWait.Outcome.GRANTED;
            node.permits()
                    .ifPresent(permits -> getContext()
                            .ask(
                                    DrainPermit.Answer.class,
                                    permits,
                                    PERMIT_ANSWER_MAX,
                                    replyTo -> new DrainPermit.Ask(self(), wait.kind(), holds, replyTo),
                                    (answer, failure) -> new PermitAnswered(ask, wait, answer)));
        }
        return this;
    }

    private NodeId self() {
        return NodeId.of(Cluster.get(getContext().getSystem()).selfMember().uniqueAddress());
    }

    private Behavior<Command> onPermitAnswered(PermitAnswered answered) {
        PermitWait wait = answered.asker();
        if (wait != permit) {
            return this; // Another drain, or another kind of permit by now.
        }
        PermitWait.Outcome before = wait.outcome();
        if (answered.answer() == null) {
            wait.onNoAnswer(System.nanoTime());
        } else {
            wait.onAnswer(answered.answer(), System.nanoTime());
        }
        PermitWait.Outcome now = wait.outcome();
        if (now == PermitWait.Outcome.WAITING && state != DrainReport.State.WAITING) {
            becomes(DrainReport.State.WAITING);
        } else if (now != PermitWait.Outcome.WAITING && state == DrainReport.State.WAITING) {
            becomes(DrainReport.State.DRAINING);
        }
        if (before == PermitWait.Outcome.WAITING && now.isWithoutPermit()) {
            getContext()
                    .getLog()
                    .atWarn()
                    .addKeyValue("reason", now)
                    .addKeyValue("others", wait.others())
                    .log("drain goes on without a permit");
        }
        // A node with a permit goes on asking, because a permit that is not asked for again is lost.
        timers.startSingleTimer(AskForPermit.class, answered.ask(), PERMIT_ASKED_EVERY);
        goOn();
        return this;
    }

    private void giveBackPermit() {
        timers.cancel(AskForPermit.class);
        if (permit != null) {
            permit = null;
            node.permits().ifPresent(permits -> permits.tell(new DrainPermit.GiveBack(self())));
        }
    }

    // --- steps

    private void moveConnections() {
        node.mediaNode().filter(media -> !mediaOver).ifPresent(media -> {
            int present = round;
            Duration left = Duration.ofNanos(Math.max(0, endsNanos - System.nanoTime()));
            media.tell(new MediaNode.BeginDrain(
                    left, getContext().messageAdapter(DrainStatus.class, status -> new MediaOver(present, status))));
        });
    }

    private Behavior<Command> onMediaOver(MediaOver over) {
        // A drain that was taken back ends with the state SERVING, which may come late.
        if (over.round() == round && over.status().isOver()) {
            mediaOver = true;
            if (over.status().state() == DrainStatus.State.OVERDUE) {
                becomes(DrainReport.State.OVERDUE);
            }
            goOn();
        }
        return this;
    }

    private Behavior<Command> onDeregistered(Deregistered done) {
        if (done.round() == round) {
            deregistered = true;
            goOn();
        }
        return this;
    }

    private Behavior<Command> onGatewayOver(GatewayOver over) {
        if (over.round() == round) {
            gatewayOver = true;
            goOn();
        }
        return this;
    }

    private void goOn() {
        if (permit != null && permit.outcome() == PermitWait.Outcome.WAITING) {
            return;
        }
        if (!mediaOver && !movesAsked) {
            movesAsked = true;
            moveConnections();
        }
        if (mediaOver && permit != null && permit.kind() == DrainPermit.Kind.MOVE_CONNECTIONS) {
            giveBackPermit();
        }
        if (!mediaOver || !deregistered) {
            return;
        }
        if (bySignal) {
            // A permit to hand rooms over is kept until the node has left the cluster.
            waiting.forEach(replyTo -> replyTo.tell(state));
            waiting.clear();
            return;
        }
        if (!gatewayOver && !gatewayAsked) {
            gatewayAsked = true;
            drainGateway();
        }
        if (gatewayOver && state == DrainReport.State.DRAINING) {
            becomes(DrainReport.State.DRAINED);
        }
        if (gatewayOver && stops) {
            CoordinatedShutdown.get(getContext().getSystem()).runAll(StopReason.DRAINED);
        }
    }

    private void drainGateway() {
        int present = round;
        node.gateway()
                .ifPresent(gateway -> getContext()
                        .pipeToSelf(
                                gateway.drain(node.liveGateways().getAsInt() - 1),
                                // Clients that have not gone in time lose their sockets when the process ends.
                                (Done done, Throwable late) -> new GatewayOver(present)));
    }

    private void becomes(DrainReport.State next) {
        state = next;
        progress.state = next;
        getContext().getLog().atInfo().addKeyValue("state", next).log("drain of this node");
    }

    // --- reports

    private Behavior<Command> report(ActorRef<StatusReply<DrainReport>> replyTo) {
        if (node.mediaNode().isEmpty()) {
            return onLooked(new Looked(DrainView.NONE, replyTo));
        }
        getContext()
                .ask(
                        DrainView.class,
                        node.mediaNode().get(),
                        LOOK_MAX,
                        MediaNode.LookAtDrain::new,
                        (view, failure) -> new Looked(view, replyTo));
        return this;
    }

    private Behavior<Command> onLooked(Looked looked) {
        DrainView view = looked.view();
        looked.replyTo()
                .tell(
                        view == null
                                ? StatusReply.error("the media node does not answer")
                                : StatusReply.success(new DrainReport(
                                        state,
                                        stops,
                                        waitsFor(),
                                        view,
                                        node.gateway()
                                                .map(gateway -> (int) gateway.statistics()
                                                        .snapshot()
                                                        .sessionsOpen())
                                                .orElse(0))));
        return this;
    }

    private List<NodeId> waitsFor() {
        return state == DrainReport.State.WAITING && permit != null ? permit.others() : List.of();
    }
}
