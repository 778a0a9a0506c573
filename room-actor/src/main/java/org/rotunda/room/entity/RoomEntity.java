package org.rotunda.room.entity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.rotunda.room.call.CallReport;
import org.rotunda.room.call.ConductorCommand;
import org.rotunda.room.call.RoomConductor;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Admission;
import org.rotunda.room.state.Deadlines;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;
import org.rotunda.room.state.RoomEvent.RoomHosted;
import org.rotunda.room.state.RoomEvent.SessionResumed;
import org.rotunda.room.state.RoomEvent.SessionSuspended;
import org.rotunda.room.state.RoomState;
import org.rotunda.room.state.TrackRevision;

/**
 * The entity of one room. It makes the decisions that must survive and journals them as events. Then it informs its
 * child, the {@link RoomConductor}, which runs the call and outlives restarts of the entity.
 */
public final class RoomEntity extends AdministeredRoom {
    public static final EntityTypeKey<RoomCommand> KEY = EntityTypeKey.create(RoomCommand.class, "Room");

    /**
     * The number of tags over which the events of all rooms are spread. It must never change, because the projection
     * keeps an offset for each tag.
     */
    public static final int TAGS = 16;

    public static final String TAG_PREFIX = "room-";

    private final RoomPlacements placements = new RoomPlacements(environment, this::knowsMediaNodes);

    private RoomEntity(
            ActorContext<RoomCommand> context,
            TimerScheduler<RoomCommand> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            RoomSid sid,
            RoomEnvironment environment) {
        super(context, timers, shard, sid, environment);
    }

    public static Behavior<RoomCommand> create(
            RoomSid sid, ActorRef<ClusterSharding.ShardCommand> shard, RoomEnvironment environment) {
        return Behaviors.withMdc(
                RoomCommand.class,
                Map.of("room", sid.value()), // Every log line of this room has this field.
                Behaviors.setup(context -> Behaviors.withTimers(timers -> {
                    RoomEntity entity = new RoomEntity(context, timers, shard, sid, environment);
                    return entity.gate.inFrontOf(entity);
                })));
    }

    /** Refuses a command to a room whose entity cannot start. */
    public static void refuse(RoomCommand command) {
        if (command instanceof RoomCommand.Request<?> request) {
            RoomAnswers.refuse(request, RoomError.ROOM_CREATE_FAILED);
        }
    }

    /** Returns the persistence id of a room. */
    public static String persistenceId(String sid) {
        return PersistenceId.of(KEY.name(), sid).id();
    }

    /** Returns the tag under which the projection reads the events of a room. */
    public static String tagOf(RoomSid sid) {
        return TAG_PREFIX + Math.floorMod(sid.value().hashCode(), TAGS);
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
                        (room, list) -> Effect().reply(list.replyTo(), RoomAnswers.participants(room, list.departed())))
                .onCommand(
                        RoomCommand.FetchParticipant.class,
                        (room, fetch) ->
                                Effect().reply(fetch.replyTo(), RoomAnswers.participant(room, fetch.sidOrIdentity())))
                .onCommand(RoomCommand.RemoveParticipant.class, this::onRemoveParticipant)
                .onCommand(
                        RoomCommand.FetchSubscribeRules.class,
                        (room, fetch) -> Effect()
                                .reply(fetch.replyTo(), RoomAnswers.subscribeRules(room, fetch.sidOrIdentity())))
                .onCommand(RoomCommand.ChangeSubscribeRules.class, this::onChangeSubscribeRules)
                .onCommand(
                        RoomCommand.ListTracks.class,
                        (room, list) -> Effect().reply(list.replyTo(), RoomAnswers.tracks(room, list)))
                .onCommand(
                        RoomCommand.FetchRecordingRules.class,
                        (room, fetch) -> Effect().reply(fetch.replyTo(), RoomAnswers.recordingRules(room)))
                .onCommand(RoomCommand.ChangeRecordingRules.class, this::onChangeRecordingRules)
                .onCommand(RoomCommand.Connect.class, this::onConnect)
                .onCommand(RoomCommand.Sync.class, this::onSync)
                .onCommand(RoomCommand.Update.class, this::onUpdate)
                .onCommand(RoomCommand.Disconnect.class, this::onDisconnect)
                .onCommand(RoomCommand.SocketLost.class, this::onSocketLost)
                .onCommand(RoomCommand.LimitLayers.class, this::onLimitLayers)
                .onCommand(RoomCommand.MoveTransports.class, this::onMoveTransports)
                .onCommand(RoomCommand.Inspect.class, this::onInspect)
                .onCommand(RoomCommand.FetchAllocation.class, this::onFetchAllocation)
                .onCommand(RoomInternal.RoomSeated.class, this::onRoomSeatedAgain)
                .onCommand(RoomInternal.Seated.class, this::onSeated)
                .onCommand(RoomInternal.RenewSeats.class, this::onRenewSeats)
                .onCommand(RoomInternal.Host.class, this::onHost)
                .onCommand(CallReport.RevisionsRunOut.class, this::onRevisionsRunOut)
                .onCommand(RoomInternal.DeadlinePassed.class, this::onDeadlinePassed)
                .onCommand(CallReport.SocketLost.class, this::onSocketLostInCall)
                .onCommand(CallReport.SocketAttached.class, this::onSocketAttached)
                .onCommand(CallReport.Move.class, this::onMove)
                .onCommand(CallReport.RenewConnection.class, this::onRenewConnection)
                .onCommand(CallReport.TracksUnusable.class, this::onTracksUnusable)
                .onCommand(CallReport.MemberEnded.class, this::onMemberEnded);
        handlers.forStateType(RoomState.Empty.class)
                .onCommand(RoomCommand.Create.class, this::onCreate)
                .onCommand(RoomInternal.RoomSeated.class, this::onRoomSeated);
        handlers.forStateType(RoomState.Completed.class)
                .onCommand(RoomCommand.Fetch.class, (over, fetch) -> reply(fetch.replyTo(), over.view()))
                .onCommand(RoomCommand.Complete.class, this::onCompleteAgain)
                .onCommand(
                        RoomCommand.FetchParticipant.class,
                        (over, fetch) -> Effect()
                                .reply(
                                        fetch.replyTo(),
                                        RoomAnswers.departed(over.departed(), over.view(), fetch.sidOrIdentity())))
                .onCommand(
                        RoomCommand.RemoveParticipant.class,
                        (over, remove) -> Effect()
                                .reply(
                                        remove.replyTo(),
                                        RoomAnswers.departed(over.departed(), over.view(), remove.sidOrIdentity())));
        handlers.forAnyState()
                .onCommand(RoomCommand.Anonymize.class, this::onAnonymize)
                .onCommand(
                        RoomInternal.Anonymized.class,
                        (state, done) -> Effect().reply(done.replyTo(), StatusReply.ack()))
                .onCommand(RoomInternal.Recorded.class, this::onRecorded)
                .onCommand(RoomInternal.Passivate.class, this::onPassivate)
                .onAnyCommand(this::onOtherwise);
        return handlers.build();
    }

    // --- sessions

    private ReplyEffect<RoomEvent, RoomState> onConnect(OpenRoom room, RoomCommand.Connect connect) {
        Optional<RoomError> refusal = Admission.refusal(room, connect);
        if (refusal.isPresent()) {
            return refuse(connect.replyTo(), refusal.get());
        }
        Optional<String> mediaNode = placements.ofJoin(room);
        if (mediaNode.isEmpty()) {
            environment.statistics().countRefusedBusy();
            return refuse(connect.replyTo(), RoomError.BUSY);
        }
        ParticipantSid participant = ParticipantSid.random(environment.random());
        if (seats.areCounted(room.account())) {
            seats.take(room, connect, participant);
            return ignore();
        }
        return admit(room, connect, participant, mediaNode.get(), () -> {});
    }

    /** Admits the participant, or refuses, after the account has answered. The room may have changed meanwhile. */
    private ReplyEffect<RoomEvent, RoomState> onSeated(OpenRoom room, RoomInternal.Seated seated) {
        RoomCommand.Connect connect = seated.connect();
        if (room.participant(seated.participant()).isPresent()) {
            // The answer of the journal was lost, and JournalGate has repeated the command. The client has not heard of
            // this participant, so another one takes its place.
            seats.used(seated);
            return onConnect(room, connect);
        }
        RoomError error =
                seated.error() == null ? Admission.refusal(room, connect).orElse(null) : seated.error();
        Optional<String> mediaNode = placements.ofJoin(room);
        if (error != null || mediaNode.isEmpty()) {
            seated.giveUp().run();
            return refuse(connect.replyTo(), error == null ? RoomError.BUSY : error);
        }
        return admit(room, connect, seated.participant(), mediaNode.get(), () -> seats.used(seated));
    }

    private ReplyEffect<RoomEvent, RoomState> onRenewSeats(OpenRoom room, RoomInternal.RenewSeats renew) {
        seats.renew(room);
        return ignore();
    }

    /** @param whenWritten called when the journal has the participant */
    private ReplyEffect<RoomEvent, RoomState> admit(
            OpenRoom room,
            RoomCommand.Connect connect,
            ParticipantSid participant,
            String mediaNode,
            Runnable whenWritten) {
        if (room.properties().hasMediaServer()) {
            environment.placements().onPlaced(mediaNode, 1);
        }
        Admission admission = Admission.of(
                room,
                connect,
                participant,
                mediaNode,
                environment.random(),
                environment.clock().instant());
        return persist(admission.events(), state -> {
            whenWritten.run();
            conductor.tell(new ConductorCommand.Admitted(
                    admission.sessionId(), connect.session(), connect.offer(), connect.replyTo()));
        });
    }

    private ReplyEffect<RoomEvent, RoomState> onSync(OpenRoom room, RoomCommand.Sync sync) {
        Optional<Participant> found = room.participantOf(sync.sessionId());
        if (found.isEmpty()) {
            return refuse(
                    sync.replyTo(),
                    RoomAnswers.overReason(
                            room.departed(), room.view(), sync.sessionId(), RoomError.PARTICIPANT_NOT_FOUND));
        }
        Participant participant = found.get();
        Instant now = environment.clock().instant();
        List<RoomEvent> events = new ArrayList<>();
        if (participant.status() == ParticipantStatus.RECONNECTING) {
            events.add(new SessionResumed(participant.sid(), now));
        }
        events.addAll(revise(room, participant, sync.participant(), now));
        placements.moveIfLost(room, participant, now).ifPresent(events::add);
        return persist(
                events,
                state -> conductor.tell(new ConductorCommand.Resumed(
                        participant.sid(), sync.session(), sync.descriptions(), sync.candidates(), sync.replyTo())));
    }

    private ReplyEffect<RoomEvent, RoomState> onUpdate(OpenRoom room, RoomCommand.Update update) {
        return room.participantOf(update.sessionId())
                .map(participant -> persist(
                        revise(
                                room,
                                participant,
                                update.participant(),
                                environment.clock().instant()),
                        state -> conductor.tell(new ConductorCommand.RemoteDescriptions(
                                participant.sid(), update.descriptions(), update.candidates()))))
                .orElseGet(this::ignore);
    }

    private ReplyEffect<RoomEvent, RoomState> onDisconnect(OpenRoom room, RoomCommand.Disconnect disconnect) {
        return room.participantOf(disconnect.sessionId())
                .map(participant -> departs(room, participant.sid(), Departure.LEFT))
                .orElseGet(this::ignore);
    }

    /** Passes the loss on to the conductor, because only the conductor knows the current socket of a session. */
    private ReplyEffect<RoomEvent, RoomState> onSocketLost(OpenRoom room, RoomCommand.SocketLost lost) {
        room.participantOf(lost.sessionId())
                .ifPresent(participant ->
                        conductor.tell(new ConductorCommand.SocketLost(participant.sid(), lost.session())));
        return ignore();
    }

    private ReplyEffect<RoomEvent, RoomState> onSocketLostInCall(OpenRoom room, CallReport.SocketLost lost) {
        Instant now = environment.clock().instant();
        return room.participant(lost.participant())
                .filter(participant -> participant.status() == ParticipantStatus.CONNECTED)
                .map(participant -> persist(
                        List.of(new SessionSuspended(participant.sid(), now.plus(settings.sessionTimeout()), now))))
                .orElseGet(this::ignore);
    }

    private ReplyEffect<RoomEvent, RoomState> onSocketAttached(OpenRoom room, CallReport.SocketAttached attached) {
        return room.participant(attached.participant())
                .filter(participant -> participant.status() == ParticipantStatus.RECONNECTING)
                .map(participant -> persist(List.of(new SessionResumed(
                        participant.sid(), environment.clock().instant()))))
                .orElseGet(this::ignore);
    }

    /**
     * Moves participants to one media node, because media is forwarded only within one node. Participants who have
     * already moved stay on their node.
     */
    private ReplyEffect<RoomEvent, RoomState> onMove(OpenRoom room, CallReport.Move move) {
        ActorRef<StatusReply<Done>> replyTo = move.replyTo();
        Set<String> avoided = new HashSet<>(move.avoided());
        avoided.add(move.from());
        Optional<String> to = placements.ofMove(room, avoided, move.target());
        if (to.isEmpty()) {
            if (!move.avoided().isEmpty()) {
                conductor.tell(new ConductorCommand.NowhereToMove(move.from()));
            }
            return replyTo == null ? ignore() : refuse(replyTo, RoomError.BUSY);
        }
        Instant now = environment.clock().instant();
        List<RoomEvent> moved = new ArrayList<>();
        for (CallReport.Mover mover : move.movers()) {
            room.participant(mover.participant())
                    .map(Participant::placement)
                    .filter(placement -> placement.mediaNode().equals(move.from()))
                    .map(placement -> mover.keepsConnection()
                            ? new Placement(to.get(), placement.connectionId())
                            : placements.freshConnection(to.get()))
                    .ifPresent(placement -> moved.add(new ParticipantMoved(mover.participant(), placement, now)));
        }
        environment.placements().onPlaced(to.get(), moved.size());
        return persist(moved, state -> {
            if (replyTo != null) {
                replyTo.tell(StatusReply.ack());
            }
        });
    }

    private ReplyEffect<RoomEvent, RoomState> onRenewConnection(OpenRoom room, CallReport.RenewConnection renew) {
        Instant now = environment.clock().instant();
        return persist(room.participant(renew.participant())
                .filter(participant -> participant.placement().connectionId().equals(renew.connectionId()))
                .flatMap(participant -> placements
                        .stayOrChoose(room, participant)
                        .<RoomEvent>map(
                                node -> new ParticipantMoved(participant.sid(), placements.freshConnection(node), now)))
                .map(List::of)
                .orElseGet(List::of));
    }

    /** Refuses tracks that are published, although their client cannot send them. */
    private ReplyEffect<RoomEvent, RoomState> onTracksUnusable(OpenRoom room, CallReport.TracksUnusable report) {
        return persist(room.participant(report.participant())
                .map(participant -> TrackRevision.refuse(
                        participant,
                        report.tracks(),
                        RoomError.NO_SUPPORTED_CODEC,
                        environment.clock().instant()))
                .orElse(List.of()));
    }

    private ReplyEffect<RoomEvent, RoomState> onMemberEnded(OpenRoom room, CallReport.MemberEnded ended) {
        return room.participant(ended.participant())
                .map(participant -> departs(room, participant.sid(), ended.departure()))
                .orElseGet(this::ignore);
    }

    private ReplyEffect<RoomEvent, RoomState> onLimitLayers(OpenRoom room, RoomCommand.LimitLayers limit) {
        conductor.tell(new ConductorCommand.LimitLayers(limit));
        return ignore();
    }

    /** Passes the request on to the conductor, because only the conductor knows which connections can be moved. */
    private ReplyEffect<RoomEvent, RoomState> onMoveTransports(OpenRoom room, RoomCommand.MoveTransports move) {
        conductor.tell(new ConductorCommand.MoveTransports(move));
        return ignore();
    }

    private ReplyEffect<RoomEvent, RoomState> onInspect(OpenRoom room, RoomCommand.Inspect inspect) {
        conductor.tell(new ConductorCommand.Inspect(inspect));
        return ignore();
    }

    /** Passes the question on to the conductor, because only the conductor knows what the participant receives. */
    private ReplyEffect<RoomEvent, RoomState> onFetchAllocation(OpenRoom room, RoomCommand.FetchAllocation fetch) {
        if (!room.properties().hasMediaServer()) {
            return refuse(fetch.replyTo(), RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        }
        Optional<Participant> found = room.find(fetch.sidOrIdentity());
        if (found.isEmpty()) {
            return refuse(fetch.replyTo(), RoomError.PARTICIPANT_NOT_FOUND);
        }
        conductor.tell(new ConductorCommand.Explain(found.get().sid(), fetch));
        return ignore();
    }

    // --- epochs and deadlines

    private ReplyEffect<RoomEvent, RoomState> onHost(OpenRoom room, RoomInternal.Host host) {
        Instant now = environment.clock().instant();
        List<RoomEvent> events = new ArrayList<>();
        events.add(new RoomHosted(room.epoch() + 1, now));
        events.addAll(Deadlines.renewed(room, settings, now));
        // The account may have counted seats that were never used, or missed some that were given back.
        return persist(events, state -> seats.renew((OpenRoom) state));
    }

    private ReplyEffect<RoomEvent, RoomState> onRevisionsRunOut(OpenRoom room, CallReport.RevisionsRunOut report) {
        return persist(
                List.of(new RoomHosted(room.epoch() + 1, environment.clock().instant())));
    }

    private ReplyEffect<RoomEvent, RoomState> onDeadlinePassed(OpenRoom room, RoomInternal.DeadlinePassed passed) {
        List<RoomEvent> due = Deadlines.due(room, settings, environment.clock().instant());
        if (due.isEmpty()) {
            effects.scheduleDeadline(room); // The timer fired before the clock reached the deadline.
        }
        return persist(due);
    }

    /** Refuses commands to a room that has ended or was never created. */
    private ReplyEffect<RoomEvent, RoomState> onOtherwise(RoomState state, RoomCommand command) {
        effects.passivateSoon();
        if (command instanceof RoomInternal.RoomSeated seated) {
            seated.giveUp().run();
            RoomAnswers.refuse(seated.create(), state);
        } else if (command instanceof RoomInternal.Seated seated) {
            seated.giveUp().run();
            RoomAnswers.refuse(seated.connect(), state);
        }
        RoomAnswers.refuse(command, state);
        return ignore();
    }

    // --- helpers for the decisions

    private ReplyEffect<RoomEvent, RoomState> departs(OpenRoom room, ParticipantSid participant, Departure why) {
        return persist(departure(room, participant, why, environment.clock().instant()));
    }

    private List<RoomEvent> revise(OpenRoom room, Participant participant, ClientParticipant account, Instant now) {
        return TrackRevision.revise(room, participant.sid(), account, () -> TrackSid.random(environment.random()), now);
    }
}
