package org.rotunda.room.nodewatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.nodewatch.WatchEvent.Expelled;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeHeard;
import org.rotunda.room.nodewatch.WatchEvent.MediaNodeSilent;
import org.rotunda.room.nodewatch.WatchEvent.NodeBack;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.nodewatch.WatchEvent.NodePaused;
import org.rotunda.room.placement.MediaNodeLoad;

/**
 * Exchanges heartbeats (beats) with the watches of the other nodes. Each node has one such actor. It feeds the beats to
 * its {@link WatchBoard} and publishes the board's findings as {@link WatchEvent}s on the event stream of its process.
 *
 * <p>The peers are the other members of the cluster. Each member runs this actor under the same name.
 */
public final class NodeWatch extends AbstractBehavior<NodeWatch.Command> {
    private static final String NAME = "node-watch";

    /** The dispatcher of Pekko's own heartbeats. Beats and lifelines must not wait behind the work of rooms. */
    private static final String DISPATCHER = "pekko.actor.internal-dispatcher";

    private final WatchBoard board;
    private final NodeFence fence;
    private final LongSupplier nanoTime;
    private final TimerScheduler<Command> timers;
    private final Map<String, WatchMediaNode> mediaNodes = new HashMap<>();
    private final DeadlineTimer deadline;
    private final WatchStatistics statistics;
    private final @Nullable Lifelines lifelines; // This is null while lifelines are off.
    private final Map<Lifelines.Attempt, org.apache.pekko.actor.ActorRef> sockets = new HashMap<>();

    /** A message to the watch. */
    public sealed interface Command permits Beat, WatchMediaNode, Dropped, MemberChanged, LifelineNews, Tick {}

    /**
     * Registers a media node of this process. Beats name the media node while all its event loops run.
     *
     * @param loopsTicked returns whether all event loops have ticked since the previous call; only the watch calls it
     * @param load returns the media node's load; the watch calls it on its own thread
     * @param actor the media node's actor; when it has stopped, beats no longer name the media node
     */
    public record WatchMediaNode(
            String mediaNode, BooleanSupplier loopsTicked, Supplier<MediaNodeLoad> load, ActorRef<?> actor)
            implements Command {}

    private record Dropped(String mediaNode) implements Command {}

    private record MemberChanged(ClusterEvent.MemberEvent event) implements Command {}

    private enum Tick implements Command {
        BEAT,
        DEADLINE
    }

    private NodeWatch(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WatchBoard board,
            NodeFence fence,
            WatchStatistics statistics,
            boolean keepsLifelines,
            LongSupplier nanoTime,
            Duration beatInterval) {
        super(context);
        context.setLoggerName(NodeWatch.class);
        this.board = board;
        this.fence = fence;
        this.nanoTime = nanoTime;
        this.timers = timers;
        this.deadline = new DeadlineTimer(beatInterval.toNanos());
        this.statistics = statistics;
        this.lifelines = keepsLifelines ? new Lifelines(new Sockets()) : null;
        ActorRef<ClusterEvent.MemberEvent> members =
                context.messageAdapter(ClusterEvent.MemberEvent.class, MemberChanged::new);
        Cluster.get(context.getSystem())
                .subscriptions()
                .tell(Subscribe.create(members, ClusterEvent.MemberEvent.class));
        // The delay is fixed, not the rate: a process that was paused must not catch up on missed ticks.
        timers.startTimerWithFixedDelay(Tick.BEAT, Duration.ZERO, beatInterval);
    }

    /**
     * Starts the watch of this process.
     *
     * @param roomRole the role of the nodes that run rooms; these nodes watch all other nodes
     * @param fence the fence that the watch controls; made by {@link #fence}
     * @param lifelinePort the port on which this process listens for lifelines, which the watch tells the others; if
     *     empty, lifelines are off, and this node keeps none to others either
     */
    public static ActorRef<Command> start(
            ActorSystem<?> system,
            String roomRole,
            WatchSettings settings,
            NodeFence fence,
            WatchStatistics statistics,
            OptionalInt lifelinePort,
            LongSupplier nanoTime) {
        Behavior<Command> behavior = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Member self = Cluster.get(context.getSystem()).selfMember();
            WatchBoard board = new WatchBoard(
                    NodeId.of(self.uniqueAddress()),
                    self.getRoles(),
                    roomRole,
                    lifelinePort.orElse(Beat.NO_LIFELINE),
                    settings,
                    statistics);
            return new NodeWatch(
                    context,
                    timers,
                    board,
                    fence,
                    statistics,
                    lifelinePort.isPresent(),
                    nanoTime,
                    settings.beatInterval());
        }));
        return system.systemActorOf(behavior, NAME, DispatcherSelector.fromConfig(DISPATCHER));
    }

    /** Returns a new fence for a watch with these settings. */
    public static NodeFence fence(WatchSettings settings, LongSupplier nanoTime) {
        return new NodeFence(nanoTime, settings.beatInterval().toNanos() + WatchBoard.PAUSED_NANOS);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Beat.class, this::onBeat)
                .onMessageEquals(Tick.BEAT, this::onTick)
                .onMessageEquals(Tick.DEADLINE, this::onDeadline)
                .onMessage(MemberChanged.class, this::onMemberChanged)
                .onMessage(WatchMediaNode.class, this::onWatchMediaNode)
                .onMessage(Dropped.class, this::onDropped)
                .onMessage(LifelineNews.class, this::onLifeline)
                .build();
    }

    private Behavior<Command> onBeat(Beat beat) {
        board.onBeat(beat, nanoTime.getAsLong());
        return drain();
    }

    private Behavior<Command> onTick() {
        List<MediaNodeLoad> running = new ArrayList<>();
        for (WatchMediaNode watched : mediaNodes.values()) {
            if (watched.loopsTicked().getAsBoolean()) {
                running.add(watched.load().get());
            }
        }
        boolean seenOverdue = fence.isSeenOverdue();
        long nowNanos = nanoTime.getAsLong();
        board.onTick(running, seenOverdue, nowNanos);
        fence.tick(nowNanos, board.isHeld(), seenOverdue);
        if (lifelines != null) {
            if (board.takeTargetsChange()) {
                lifelines.watch(board.lifelineTargets(), nowNanos);
            } else {
                lifelines.onTick(nowNanos);
            }
            statistics.lifelines(lifelines.open());
        }
        return drain();
    }

    private Behavior<Command> onDeadline() {
        deadline.onFired();
        board.onDeadline(nanoTime.getAsLong());
        return drain();
    }

    private Behavior<Command> onLifeline(LifelineNews news) {
        Lifelines kept = lifelines;
        if (kept == null) {
            return this;
        }
        long nowNanos = nanoTime.getAsLong();
        switch (news.fate()) {
            case CONNECTED -> kept.onConnected(news.attempt(), nowNanos);
            case CLOSED -> kept.onClosed(news.attempt(), nowNanos);
            case REFUSED -> kept.onRefused(news.attempt(), nowNanos);
            case FAILED -> kept.onFailed(news.attempt(), nowNanos);
        }
        if (news.fate() != LifelineNews.Fate.CONNECTED) {
            sockets.remove(news.attempt());
        }
        return drain();
    }

    private Behavior<Command> onMemberChanged(MemberChanged changed) {
        Member member = changed.event().member();
        NodeId node = NodeId.of(member.uniqueAddress());
        if (changed.event() instanceof ClusterEvent.MemberRemoved) {
            board.onRemoved(node, nanoTime.getAsLong());
        } else {
            board.onMember(node, member.getRoles(), rankOf(member.status()), nanoTime.getAsLong());
        }
        return drain();
    }

    private Behavior<Command> onWatchMediaNode(WatchMediaNode watched) {
        mediaNodes.put(watched.mediaNode(), watched);
        getContext().watchWith(watched.actor(), new Dropped(watched.mediaNode()));
        return this;
    }

    private Behavior<Command> onDropped(Dropped dropped) {
        mediaNodes.remove(dropped.mediaNode());
        return this;
    }

    /** Publishes the board's findings in this process, and sends the board's beats to the other nodes. */
    private Behavior<Command> drain() {
        fence.hold(board.isHeld());
        for (WatchEvent event : board.takeEvents()) {
            log(event);
            getContext().getSystem().eventStream().tell(new EventStream.Publish<>(event));
            if (event instanceof Expelled) {
                CoordinatedShutdown.get(getContext().getSystem()).runAll(CoordinatedShutdown.clusterDowningReason());
            }
        }
        board.takeBeats().forEach(beat -> watchOf(beat.to()).tell(beat));
        awaitDeadline();
        return this;
    }

    private void awaitDeadline() {
        long deadlineNanos = board.nextDeadlineNanos();
        long nowNanos = nanoTime.getAsLong();
        switch (deadline.follow(deadlineNanos, nowNanos)) {
            case SET -> timers.startSingleTimer(Tick.DEADLINE, Duration.ofNanos(Math.max(0, deadlineNanos - nowNanos)));
            case CANCEL -> timers.cancel(Tick.DEADLINE);
            case NONE -> {}
        }
    }

    private ActorRef<Beat> watchOf(NodeId node) {
        ActorSystem<?> system = getContext().getSystem();
        String path = system.address().protocol() + "://" + system.name() + "@" + node.host() + ":" + node.port()
                + "/system/" + NAME;
        return ActorRefResolver.get(system).resolveActorRef(path);
    }

    private void log(WatchEvent event) {
        var log = getContext().getLog();
        if (event instanceof NodeLost lost) {
            log.atWarn()
                    .addKeyValue("node", lost.node())
                    .addKeyValue("roles", lost.roles())
                    .log("node is lost");
        } else if (event instanceof NodeBack back) {
            log.atInfo()
                    .addKeyValue("node", back.node())
                    .addKeyValue("roles", back.roles())
                    .log("node is back, or had lost this node");
        } else if (event instanceof NodePaused paused) {
            log.atWarn()
                    .addKeyValue("lateMs", TimeUnit.NANOSECONDS.toMillis(paused.lateNanos()))
                    .log("this node did not run for a while");
        } else if (event instanceof MediaNodeSilent silent) {
            log.atWarn().addKeyValue("mediaNode", silent.mediaNode()).log("media node is silent");
        } else if (event instanceof MediaNodeHeard heard) {
            log.atInfo().addKeyValue("mediaNode", heard.mediaNode()).log("media node is heard");
        } else if (event instanceof FenceChanged changed) {
            log.atInfo().addKeyValue("held", changed.held()).log("fence has changed");
        } else if (event instanceof Expelled expelled) {
            log.atError().addKeyValue("by", expelled.by()).log("this node stops: the cluster goes on without it");
        }
    }

    /** Makes the connections that the lifelines ask for, each in an actor below this one. */
    private final class Sockets implements Lifelines.Sink {
        @Override
        public void connect(Lifelines.Attempt attempt, int port) {
            sockets.put(
                    attempt,
                    Adapter.actorOf(
                            getContext(),
                            LifelineSocket.props(attempt, port, getContext().getSelf())
                                    .withDispatcher(DISPATCHER)));
        }

        @Override
        public void disconnect(Lifelines.Attempt attempt) {
            org.apache.pekko.actor.ActorRef socket = sockets.remove(attempt);
            if (socket != null) {
                Adapter.stop(getContext(), socket);
            }
        }

        @Override
        public void ended(NodeId node) {
            getContext().getLog().atWarn().addKeyValue("node", node).log("process of a node has ended");
            board.onEnded(node, nanoTime.getAsLong());
        }
    }

    private static Rank rankOf(MemberStatus status) {
        if (status.equals(MemberStatus.up())) {
            return Rank.UP;
        }
        if (status.equals(MemberStatus.leaving())) {
            return Rank.LEAVING;
        }
        if (status.equals(MemberStatus.exiting())) {
            return Rank.EXITING;
        }
        if (status.equals(MemberStatus.down()) || status.equals(MemberStatus.removed())) {
            return Rank.DOWN;
        }
        // The remaining states are "joining", "weakly up", and two states of a cluster that shuts down as a whole.
        return Rank.JOINING;
    }
}
