package org.rotunda.room;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.japi.function.Procedure;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.RoomEvent.ParticipantMoved;
import org.rotunda.room.RoomEvent.RoomCompleted;
import org.rotunda.room.RoomEvent.RoomCreated;
import org.rotunda.room.RoomEvent.RoomHosted;
import org.rotunda.room.RoomEvent.SessionResumed;
import org.rotunda.room.RoomEvent.SessionSuspended;
import org.rotunda.room.participant.Departure;
import org.rotunda.room.participant.Participant;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.placement.PlacementRule;

/**
 * One room: decides and journals what must survive. Everything about the running call it tells its child, the
 * {@link RoomConductor}, after the journal has it; the conductor outlives restarts of the entity.
 */
public final class RoomEntity extends EventSourcedBehaviorWithEnforcedReplies<RoomCommand, RoomEvent, RoomState> {
    public static final EntityTypeKey<RoomCommand> KEY = EntityTypeKey.create(RoomCommand.class, "Room");

    /** For ever: the projection's offsets are by tag. */
    public static final int TAGS = 16;

    static final String TAG_PREFIX = "room-";

    private static final String CONDUCTOR = "conductor";
    private static final double BACKOFF_JITTER = 0.2;
    private static final String NO_NODE = "";

    private final ActorContext<RoomCommand> context;
    private final TimerScheduler<RoomCommand> timers;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final RoomSid sid;
    private final RoomEnvironment environment;
    private final RoomSettings settings;
    private final ActorRef<ConductorCommand> conductor;

    private RoomEntity(
            ActorContext<RoomCommand> context,
            TimerScheduler<RoomCommand> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            RoomSid sid,
            RoomEnvironment environment) {
        super(
                PersistenceId.of(KEY.name(), sid.value()),
                SupervisorStrategy.restartWithBackoff(
                                environment.settings().restartBackoffMin(),
                                environment.settings().restartBackoffMax(),
                                BACKOFF_JITTER)
                        .withStopChildren(false)); // The call goes on while the journal is away.
        this.context = context;
        this.timers = timers;
        this.shard = shard;
        this.sid = sid;
        this.environment = environment;
        this.settings = environment.settings();
        this.conductor = context.spawn(RoomConductor.create(sid, context.getSelf(), environment), CONDUCTOR);
        context.watch(conductor); // Its failure is ours: sharding starts both anew.
    }

    static Behavior<RoomCommand> create(
            RoomSid sid, ActorRef<ClusterSharding.ShardCommand> shard, RoomEnvironment environment) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RoomEntity(context, timers, shard, sid, environment)));
    }

    /** The projection's tag of a room. */
    static String tagOf(RoomSid sid) {
        return TAG_PREFIX + Math.floorMod(sid.value().hashCode(), TAGS);
    }

    @Override
    public RoomState emptyState() {
        return new RoomState.Empty();
    }

    @Override
    public EventHandler<RoomState, RoomEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent(RoomState::apply);
    }

    @Override
    public Set<String> tagsFor(RoomEvent event) {
        return Set.of(tagOf(sid));
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(settings.snapshotEvery(), settings.snapshotsKept());
    }

    @Override
    public SignalHandler<RoomState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.class, (state, signal) -> onRecovered(state))
                .build();
    }

    @Override
    public CommandHandlerWithReply<RoomCommand, RoomEvent, RoomState> commandHandler() {
        var handlers = newCommandHandlerWithReplyBuilder();
        handlers.forStateType(OpenRoom.class)
                .onCommand(RoomCommand.Create.class, this::onCreateAgain)
                .onCommand(RoomCommand.Fetch.class, (room, fetch) -> reply(fetch.replyTo(), room.view()))
                .onCommand(RoomCommand.Complete.class, this::onComplete)
                .onCommand(
                        RoomCommand.ListParticipants.class,
                        (room, list) -> Effect().reply(list.replyTo(), RoomAnswers.participants(room)))
                .onCommand(
                        RoomCommand.FetchParticipant.class,
                        (room, fetch) ->
                                Effect().reply(fetch.replyTo(), RoomAnswers.participant(room, fetch.sidOrIdentity())))
                .onCommand(RoomCommand.RemoveParticipant.class, this::onRemoveParticipant)
                .onCommand(RoomCommand.Connect.class, this::onConnect)
                .onCommand(RoomCommand.Sync.class, this::onSync)
                .onCommand(RoomCommand.Update.class, this::onUpdate)
                .onCommand(RoomCommand.Disconnect.class, this::onDisconnect)
                .onCommand(RoomCommand.SessionLost.class, this::onSessionLost)
                .onCommand(RoomCommand.LimitLayers.class, this::onLimitLayers)
                .onCommand(RoomCommand.MoveTransports.class, this::onMoveTransports)
                .onCommand(RoomInternal.Host.class, this::onHost)
                .onCommand(RoomInternal.DeadlinePassed.class, this::onDeadlinePassed)
                .onCommand(RoomInternal.SessionDetached.class, this::onSessionDetached)
                .onCommand(RoomInternal.SessionAttached.class, this::onSessionAttached)
                .onCommand(RoomInternal.Move.class, this::onMove)
                .onCommand(RoomInternal.CallEnded.class, this::onCallEnded);
        handlers.forStateType(RoomState.Empty.class).onCommand(RoomCommand.Create.class, this::onCreate);
        handlers.forStateType(RoomState.Completed.class)
                .onCommand(RoomCommand.Fetch.class, (over, fetch) -> reply(fetch.replyTo(), over.view()))
                .onCommand(
                        RoomCommand.RemoveParticipant.class,
                        (over, remove) -> Effect()
                                .reply(
                                        remove.replyTo(),
                                        RoomAnswers.departed(over.departed(), over.view(), remove.sidOrIdentity())));
        handlers.forAnyState()
                .onCommand(RoomInternal.Recorded.class, this::onRecorded)
                .onCommand(RoomInternal.Passivate.class, this::onPassivate)
                .onAnyCommand(this::onOtherwise);
        return handlers.build();
    }

    // --- the room as a resource

    private ReplyEffect<RoomEvent, RoomState> onCreate(RoomState.Empty nothing, RoomCommand.Create create) {
        Instant now = environment.clock().instant();
        return happens(
                List.of(
                        new RoomCreated(sid, create.account(), create.uniqueName(), create.properties(), now),
                        new RoomHosted(1, now)),
                state -> record(((OpenRoom) state).view(), create.replyTo()));
    }

    private ReplyEffect<RoomEvent, RoomState> onCreateAgain(OpenRoom room, RoomCommand.Create create) {
        boolean repeat = room.account().equals(create.account())
                && room.uniqueName().equals(create.uniqueName())
                && room.properties().equals(create.properties());
        return repeat ? reply(create.replyTo(), room.view()) : refuse(create.replyTo(), RoomError.ROOM_EXISTS);
    }

    private ReplyEffect<RoomEvent, RoomState> onComplete(OpenRoom room, RoomCommand.Complete complete) {
        return happens(List.of(new RoomCompleted(environment.clock().instant())), state -> {}, complete.replyTo());
    }

    private ReplyEffect<RoomEvent, RoomState> onRemoveParticipant(OpenRoom room, RoomCommand.RemoveParticipant remove) {
        Optional<Participant> there = room.find(remove.sidOrIdentity());
        if (there.isEmpty()) {
            return Effect()
                    .reply(
                            remove.replyTo(),
                            RoomAnswers.departed(room.departed(), room.view(), remove.sidOrIdentity()));
        }
        Instant now = environment.clock().instant();
        ParticipantView view = RoomAnswers.view(there.get().departed(now), room.view());
        return happens(
                departure(room, there.get().sid(), Departure.REMOVED, now),
                state -> remove.replyTo().tell(StatusReply.success(view)));
    }

    // --- sessions

    private ReplyEffect<RoomEvent, RoomState> onConnect(OpenRoom room, RoomCommand.Connect connect) {
        Optional<RoomError> refusal = Admission.refusal(room, connect);
        if (refusal.isPresent()) {
            return refuse(connect.replyTo(), refusal.get());
        }
        Optional<String> mediaNode = chooseMediaNode(room, NO_NODE);
        if (mediaNode.isEmpty()) {
            return refuse(connect.replyTo(), RoomError.BUSY);
        }
        Admission admission = Admission.of(
                room,
                connect,
                mediaNode.get(),
                environment.random(),
                environment.clock().instant());
        return happens(
                admission.events(),
                state -> conductor.tell(new ConductorCommand.Admitted(
                        admission.sessionId(), connect.session(), connect.offer(), connect.replyTo())));
    }

    private ReplyEffect<RoomEvent, RoomState> onSync(OpenRoom room, RoomCommand.Sync sync) {
        Optional<Participant> found = room.participantOf(sync.sessionId());
        if (found.isEmpty()) {
            return refuse(sync.replyTo(), RoomError.PARTICIPANT_NOT_FOUND);
        }
        Participant participant = found.get();
        Instant now = environment.clock().instant();
        List<RoomEvent> events = new ArrayList<>();
        if (participant.status() == ParticipantStatus.RECONNECTING) {
            events.add(new SessionResumed(participant.sid(), now));
        }
        events.addAll(revise(room, participant, sync.participant(), now));
        moveIfLost(room, participant, now).ifPresent(events::add);
        return happens(
                events,
                state -> conductor.tell(new ConductorCommand.Resumed(
                        participant.sid(), sync.session(), sync.descriptions(), sync.replyTo())));
    }

    private ReplyEffect<RoomEvent, RoomState> onUpdate(OpenRoom room, RoomCommand.Update update) {
        return room.participantOf(update.sessionId())
                .map(participant -> happens(
                        revise(
                                room,
                                participant,
                                update.participant(),
                                environment.clock().instant()),
                        state -> conductor.tell(
                                new ConductorCommand.Described(participant.sid(), update.descriptions()))))
                .orElseGet(this::nothing);
    }

    private ReplyEffect<RoomEvent, RoomState> onDisconnect(OpenRoom room, RoomCommand.Disconnect disconnect) {
        return room.participantOf(disconnect.sessionId())
                .map(participant -> departs(room, participant.sid(), Departure.LEFT))
                .orElseGet(this::nothing);
    }

    /** Which socket is the session's current one, only the conductor knows. */
    private ReplyEffect<RoomEvent, RoomState> onSessionLost(OpenRoom room, RoomCommand.SessionLost lost) {
        room.participantOf(lost.sessionId())
                .ifPresent(participant ->
                        conductor.tell(new ConductorCommand.SocketLost(participant.sid(), lost.session())));
        return nothing();
    }

    private ReplyEffect<RoomEvent, RoomState> onSessionDetached(OpenRoom room, RoomInternal.SessionDetached detached) {
        Instant now = environment.clock().instant();
        return room.participant(detached.participant())
                .filter(participant -> participant.status() == ParticipantStatus.CONNECTED)
                .map(participant -> happens(
                        List.of(new SessionSuspended(participant.sid(), now.plus(settings.sessionTimeout()), now))))
                .orElseGet(this::nothing);
    }

    private ReplyEffect<RoomEvent, RoomState> onSessionAttached(OpenRoom room, RoomInternal.SessionAttached attached) {
        return room.participant(attached.participant())
                .filter(participant -> participant.status() == ParticipantStatus.RECONNECTING)
                .map(participant -> happens(List.of(new SessionResumed(
                        participant.sid(), environment.clock().instant()))))
                .orElseGet(this::nothing);
    }

    /** All to the same node: a room is forwarded within one. Whoever has moved already stays. */
    private ReplyEffect<RoomEvent, RoomState> onMove(OpenRoom room, RoomInternal.Move move) {
        ActorRef<StatusReply<Done>> replyTo = move.replyTo();
        Optional<String> to = chooseMediaNode(room, move.from());
        if (to.isEmpty()) {
            return replyTo == null ? nothing() : refuse(replyTo, RoomError.BUSY);
        }
        Instant now = environment.clock().instant();
        List<RoomEvent> moved = new ArrayList<>();
        for (RoomInternal.Mover mover : move.movers()) {
            room.participant(mover.participant())
                    .map(Participant::placement)
                    .filter(placement -> placement.mediaNode().equals(move.from()))
                    .map(placement -> mover.keepsConnection()
                            ? new Placement(to.get(), placement.connectionId())
                            : freshConnection(to.get()))
                    .ifPresent(placement -> moved.add(new ParticipantMoved(mover.participant(), placement, now)));
        }
        return happens(moved, state -> {
            if (replyTo != null) {
                replyTo.tell(StatusReply.ack());
            }
        });
    }

    private ReplyEffect<RoomEvent, RoomState> onCallEnded(OpenRoom room, RoomInternal.CallEnded ended) {
        return room.participant(ended.participant())
                .map(participant -> departs(room, participant.sid(), ended.departure()))
                .orElseGet(this::nothing);
    }

    private ReplyEffect<RoomEvent, RoomState> onLimitLayers(OpenRoom room, RoomCommand.LimitLayers limit) {
        conductor.tell(new ConductorCommand.LimitLayers(limit));
        return nothing();
    }

    /** What can be moved how, only the conductor knows. */
    private ReplyEffect<RoomEvent, RoomState> onMoveTransports(OpenRoom room, RoomCommand.MoveTransports move) {
        conductor.tell(new ConductorCommand.MoveTransports(move));
        return nothing();
    }

    // --- the life of the room

    private void onRecovered(RoomState state) {
        if (state instanceof OpenRoom) {
            context.getSelf().tell(new RoomInternal.Host());
        } else {
            if (state instanceof RoomState.Completed over) {
                releaseName(over.view()); // Again: the first time may have been lost with the node.
            }
            passivateSoon();
        }
    }

    private ReplyEffect<RoomEvent, RoomState> onHost(OpenRoom room, RoomInternal.Host host) {
        return happens(
                List.of(new RoomHosted(room.epoch() + 1, environment.clock().instant())));
    }

    private ReplyEffect<RoomEvent, RoomState> onDeadlinePassed(OpenRoom room, RoomInternal.DeadlinePassed passed) {
        List<RoomEvent> due = Deadlines.due(room, settings, environment.clock().instant());
        if (due.isEmpty()) {
            scheduleDeadline(room); // The clock and the timer disagreed.
        }
        return happens(due);
    }

    private ReplyEffect<RoomEvent, RoomState> onRecorded(RoomInternal.Recorded recorded) {
        ActorRef<StatusReply<RoomView>> replyTo = recorded.replyTo();
        if (replyTo != null) {
            replyTo.tell(StatusReply.success(recorded.view()));
        }
        return nothing();
    }

    private ReplyEffect<RoomEvent, RoomState> onPassivate(RoomState state, RoomInternal.Passivate passivate) {
        if (!(state instanceof OpenRoom)) {
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return nothing();
    }

    /** What a room that is over, or never was, is asked in vain. */
    private ReplyEffect<RoomEvent, RoomState> onOtherwise(RoomState state, RoomCommand command) {
        passivateSoon();
        RoomAnswers.refuse(command, state);
        return nothing();
    }

    // --- how things happen

    private ReplyEffect<RoomEvent, RoomState> departs(OpenRoom room, ParticipantSid participant, Departure why) {
        return happens(departure(room, participant, why, environment.clock().instant()));
    }

    private List<RoomEvent> departure(OpenRoom room, ParticipantSid participant, Departure why, Instant now) {
        return Deadlines.andCompletion(
                room, List.of(new ParticipantDisconnected(participant, why, now)), settings, now);
    }

    private List<RoomEvent> revise(OpenRoom room, Participant participant, ClientParticipant account, Instant now) {
        return TrackRevision.revise(room, participant.sid(), account, () -> TrackSid.random(environment.random()), now);
    }

    private ReplyEffect<RoomEvent, RoomState> happens(List<RoomEvent> events) {
        return happens(events, state -> {});
    }

    private ReplyEffect<RoomEvent, RoomState> happens(List<RoomEvent> events, Procedure<RoomState> afterwards) {
        return happens(events, afterwards, null);
    }

    /**
     * Persists the events; then the conductor learns of them, deadlines are set anew, and {@code afterwards} runs.
     *
     * @param completer is told when the room is over and recorded
     */
    private ReplyEffect<RoomEvent, RoomState> happens(
            List<RoomEvent> events,
            Procedure<RoomState> afterwards,
            @Nullable ActorRef<StatusReply<RoomView>> completer) {
        if (events.isEmpty()) {
            return Effect().none().thenRun(afterwards).thenNoReply();
        }
        return Effect()
                .persist(events)
                .thenRun(state -> {
                    conductor.tell(new ConductorCommand.Evolved(state, events));
                    if (state instanceof OpenRoom room) {
                        scheduleDeadline(room);
                    } else if (state instanceof RoomState.Completed over) {
                        onOver(over, completer);
                    }
                })
                .thenRun(afterwards)
                .thenNoReply();
    }

    private void onOver(RoomState.Completed over, @Nullable ActorRef<StatusReply<RoomView>> completer) {
        timers.cancel(RoomInternal.DeadlinePassed.class);
        releaseName(over.view());
        record(over.view(), completer);
        passivateSoon();
    }

    private void releaseName(RoomView room) {
        environment.names().release(room.account(), room.uniqueName(), room.sid());
    }

    /** Writes the room's row, then tells the caller; the projection repairs what cannot be written now. */
    private void record(RoomView view, @Nullable ActorRef<StatusReply<RoomView>> replyTo) {
        long eventNumber = lastSequenceNumber(context);
        context.pipeToSelf(environment.records().record(view, eventNumber), (done, failure) -> {
            if (failure != null) {
                context.getLog().warn("Row of room {} is not written; the projection will repair it", sid, failure);
            }
            return new RoomInternal.Recorded(view, replyTo);
        });
    }

    private void scheduleDeadline(OpenRoom room) {
        Duration delay = Duration.between(environment.clock().instant(), Deadlines.next(room, settings));
        timers.startSingleTimer(
                RoomInternal.DeadlinePassed.class,
                new RoomInternal.DeadlinePassed(),
                delay.isNegative() ? Duration.ZERO : delay);
    }

    private void passivateSoon() {
        timers.startSingleTimer(RoomInternal.Passivate.class, new RoomInternal.Passivate(), settings.passivateAfter());
    }

    private Optional<String> chooseMediaNode(OpenRoom room, String butNot) {
        return PlacementRule.choose(
                environment.mediaNodes().live().stream()
                        .filter(node -> !node.id().equals(butNot))
                        .toList(),
                room.participants().stream()
                        .map(participant -> participant.placement().mediaNode())
                        .toList());
    }

    /** A new peer connection for whoever comes back, if the media node is gone, the live one could not be moved, and there is a node. */
    private Optional<RoomEvent> moveIfLost(OpenRoom room, Participant participant, Instant now) {
        if (environment.mediaNodes().find(participant.placement().mediaNode()).isPresent()) {
            return Optional.empty();
        }
        return chooseMediaNode(room, NO_NODE)
                .map(node -> new ParticipantMoved(participant.sid(), freshConnection(node), now));
    }

    private Placement freshConnection(String mediaNode) {
        return new Placement(mediaNode, RandomIds.uuid(environment.random()));
    }

    private ReplyEffect<RoomEvent, RoomState> nothing() {
        return Effect().noReply();
    }

    private <T> ReplyEffect<RoomEvent, RoomState> reply(ActorRef<StatusReply<T>> replyTo, T value) {
        return Effect().reply(replyTo, StatusReply.success(value));
    }

    private <T> ReplyEffect<RoomEvent, RoomState> refuse(ActorRef<StatusReply<T>> replyTo, RoomError error) {
        return Effect().reply(replyTo, StatusReply.error(new RoomRefusal(error)));
    }
}
