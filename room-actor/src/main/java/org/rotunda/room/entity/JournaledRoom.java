package org.rotunda.room.entity;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.japi.function.Procedure;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.call.ConductorCommand;
import org.rotunda.room.call.RoomConductor;
import org.rotunda.room.nodewatch.WatchEvent.FenceChanged;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomState;

/**
 * The base class of {@link AdministeredRoom} and {@link RoomEntity}. It contains everything but the decisions: recovery,
 * restarts, passivation, writes, and the effects after a write.
 */
abstract class JournaledRoom extends EventSourcedBehaviorWithEnforcedReplies<RoomCommand, RoomEvent, RoomState> {
    private static final String CONDUCTOR = "conductor";
    private static final double BACKOFF_JITTER = 0.2;

    final ActorContext<RoomCommand> context;
    final RoomSid sid;
    final RoomEnvironment environment;
    final RoomSettings settings;
    final ActorRef<ConductorCommand> conductor;
    final JournalGate gate;
    final RoomEffects effects;
    final RoomSeats seats;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private @Nullable Instant recoveredAt; // Null if the room was created by this actor.
    // True if the shard was asked to stop this entity. The shard may then stop it at any time.
    private boolean mayBeStopped;

    JournaledRoom(
            ActorContext<RoomCommand> context,
            TimerScheduler<RoomCommand> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            RoomSid sid,
            RoomEnvironment environment) {
        super(
                PersistenceId.of(RoomEntity.KEY.name(), sid.value()),
                SupervisorStrategy.restartWithBackoff(
                                environment.settings().restartBackoffMin(),
                                environment.settings().restartBackoffMax(),
                                BACKOFF_JITTER)
                        .withStopChildren(false)); // The conductor lives on while the journal is away.
        this.context = context;
        this.shard = shard;
        this.sid = sid;
        this.environment = environment;
        this.settings = environment.settings();
        this.conductor = context.spawn(RoomConductor.create(sid, context.getSelf(), environment.call()), CONDUCTOR);
        context.watch(conductor); // A failed conductor stops the entity; sharding starts both again.
        this.gate = new JournalGate(context, conductor, environment.statistics(), environment.fence());
        this.seats = new RoomSeats(context, timers, sid, environment);
        this.effects = new RoomEffects(context, timers, sid, environment, conductor, seats);
        ActorRef<FenceChanged> fence =
                context.messageAdapter(FenceChanged.class, changed -> new RoomInternal.FenceMoved(changed.held()));
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(FenceChanged.class, fence));
    }

    @Override
    public final RoomState emptyState() {
        return new RoomState.Empty();
    }

    @Override
    public final EventHandler<RoomState, RoomEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent(RoomState::apply);
    }

    @Override
    public final Set<String> tagsFor(RoomEvent event) {
        return Set.of(RoomEntity.tagOf(sid));
    }

    @Override
    public final RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), settings.snapshotsKept());
    }

    @Override
    public final SignalHandler<RoomState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.class, (state, signal) -> onRecovered(state))
                .onSignal(RecoveryFailed.class, (state, signal) -> gate.failed())
                .onSignal(PreRestart.class, (state, signal) -> gate.failed())
                .onSignal(PostStop.class, (state, signal) -> onStopped(state))
                .build();
    }

    private void onRecovered(RoomState state) {
        if (state instanceof OpenRoom) {
            recoveredAt = environment.clock().instant();
            gate.recoveredOpen();
        } else {
            if (state instanceof RoomState.Completed over) {
                // The name is released again, because the first release may have been lost.
                effects.releaseName(over.view());
                seats.giveRoom(over.view().account()); // The same holds for its seats.
            }
            effects.passivateSoon();
            gate.recovered();
        }
    }

    final ReplyEffect<RoomEvent, RoomState> onRecorded(RoomInternal.Recorded recorded) {
        effects.recorded(recorded);
        return ignore();
    }

    /**
     * Returns whether this process has had enough time to find all media nodes. Until then a missing node does not
     * count as lost.
     */
    final boolean knowsMediaNodes() {
        Instant recovered = recoveredAt;
        return recovered == null
                || !environment.clock().instant().isBefore(recovered.plus(RoomConductor.MEDIA_NODES_KNOWN_AFTER));
    }

    final boolean mayBeStopped() {
        return mayBeStopped;
    }

    final ReplyEffect<RoomEvent, RoomState> onPassivate(RoomState state, RoomInternal.Passivate passivate) {
        if (seats.isRoomExpected()) {
            effects.passivateSoon(); // The room is about to be created.
        } else if (!(state instanceof OpenRoom)) {
            mayBeStopped = true;
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return ignore();
    }

    /**
     * Wakes a room that was created after the shard was asked to stop this entity. The entity sends the room a message
     * through the shard. To deliver the message, the shard starts the entity again, so that the room's timers run.
     */
    private void onStopped(RoomState state) {
        effects.stopped();
        if (mayBeStopped && state instanceof OpenRoom) {
            throughTheShard(new RoomCommand.Fetch(context.getSystem().ignoreRef()));
        }
    }

    final void throughTheShard(RoomCommand command) {
        ClusterSharding.get(context.getSystem())
                .entityRefFor(RoomEntity.KEY, sid.value())
                .tell(command);
    }

    final ReplyEffect<RoomEvent, RoomState> persist(List<RoomEvent> events) {
        return persist(events, state -> {});
    }

    final ReplyEffect<RoomEvent, RoomState> persist(List<RoomEvent> events, Procedure<RoomState> afterwards) {
        return persist(events, afterwards, null);
    }

    /**
     * Persists the events, then causes their {@link RoomEffects}, then runs {@code afterwards}.
     *
     * @param afterTheEnd gets the ended room when the attempt to write its row has ended; null if no caller waits for
     *     that
     */
    final ReplyEffect<RoomEvent, RoomState> persist(
            List<RoomEvent> events, Procedure<RoomState> afterwards, @Nullable Consumer<RoomView> afterTheEnd) {
        if (events.isEmpty()) {
            return Effect().none().thenRun(afterwards).thenNoReply();
        }
        gate.writing();
        return Effect()
                .persist(events)
                .thenRun(state -> {
                    gate.written();
                    environment.written().accept(sid);
                    effects.of(state, events, lastSequenceNumber(context), afterTheEnd);
                })
                .thenRun(afterwards)
                .thenNoReply();
    }

    final ReplyEffect<RoomEvent, RoomState> ignore() {
        return Effect().noReply();
    }

    final <T> ReplyEffect<RoomEvent, RoomState> reply(ActorRef<StatusReply<T>> replyTo, T value) {
        return Effect().reply(replyTo, StatusReply.success(value));
    }

    final <T> ReplyEffect<RoomEvent, RoomState> refuse(ActorRef<StatusReply<T>> replyTo, RoomError error) {
        return Effect().reply(replyTo, StatusReply.error(new RoomRefusal(error)));
    }
}
