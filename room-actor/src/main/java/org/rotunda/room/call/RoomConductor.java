package org.rotunda.room.call;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.call.ConductorCommand.Admitted;
import org.rotunda.room.call.ConductorCommand.BandwidthDue;
import org.rotunda.room.call.ConductorCommand.Evolved;
import org.rotunda.room.call.ConductorCommand.Explain;
import org.rotunda.room.call.ConductorCommand.FromMedia;
import org.rotunda.room.call.ConductorCommand.GraceOver;
import org.rotunda.room.call.ConductorCommand.Inspect;
import org.rotunda.room.call.ConductorCommand.LeaveDue;
import org.rotunda.room.call.ConductorCommand.LeaveMediaNode;
import org.rotunda.room.call.ConductorCommand.LimitLayers;
import org.rotunda.room.call.ConductorCommand.Measured;
import org.rotunda.room.call.ConductorCommand.MediaNodesKnown;
import org.rotunda.room.call.ConductorCommand.MediaNodesMoved;
import org.rotunda.room.call.ConductorCommand.MoveTransports;
import org.rotunda.room.call.ConductorCommand.NowhereToMove;
import org.rotunda.room.call.ConductorCommand.RemoteDescriptions;
import org.rotunda.room.call.ConductorCommand.ResendDue;
import org.rotunda.room.call.ConductorCommand.Resumed;
import org.rotunda.room.call.ConductorCommand.SocketLost;
import org.rotunda.room.call.ConductorCommand.SocketsLost;
import org.rotunda.room.call.ConductorCommand.UpdateDropped;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.nodewatch.WatchEvent.NodeLost;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomState;

/**
 * Runs the live call of one room. The entity sends the latest state after each journalled change. The conductor makes
 * sessions ({@link CallSessions}) and transports ({@link CallTransports}) agree with that state. In a room without a
 * media server there are pairs ({@link CallPairs}) in place of transports. The conductor is a child of the entity and
 * outlives the entity's restarts. A conductor stores nothing itself. The next conductor learns
 * everything beyond the state from sessions and media nodes.
 *
 * <p>A defect in the work for one member ends this member and not the call ({@link MemberFaults}).
 */
public final class RoomConductor extends AbstractBehavior<ConductorCommand> {
    /**
     * The time within which a process that has just started finds all media nodes. Within this time, a node that was
     * never seen does not count as lost.
     */
    public static final Duration MEDIA_NODES_KNOWN_AFTER = Duration.ofSeconds(2);

    private final TimerScheduler<ConductorCommand> timers;
    private final LiveRoom live;
    private final CallPairs pairs;
    private final CallSessions sessions;
    private final CallTransports transports;
    private final CallMoves moves;
    private final CallBandwidth bandwidth;
    private final CallEvents events;
    private final RoomInspector inspector;
    private final RoomStatistics.Share statistics;

    private RoomConductor(
            ActorContext<ConductorCommand> context,
            TimerScheduler<ConductorCommand> timers,
            RoomSid sid,
            ActorRef<RoomCommand> entity,
            CallEnvironment environment) {
        super(context);
        context.setLoggerName(RoomConductor.class); // All parts of the conductor log under one name.
        this.timers = timers;
        this.live = new LiveRoom(sid, environment, context, entity);
        ActorRef<MediaNode.Notice> address = context.messageAdapter(MediaNode.Notice.class, RoomConductor::command);
        MediaNodeLink mediaNodes = new MediaNodeLink(live, address);
        this.pairs = new CallPairs(live);
        this.sessions = new CallSessions(live, context, timers, pairs);
        this.transports = new CallTransports(live, mediaNodes, timers);
        this.moves = new CallMoves(live, mediaNodes, transports);
        this.bandwidth = new CallBandwidth(live, transports, mediaNodes, timers);
        this.events = new CallEvents(live, transports, moves, sessions, bandwidth);
        this.inspector = new RoomInspector(live, pairs);
        this.statistics = environment.statistics().open();
        ActorRef<MediaNodesChanged> nodes = context.messageAdapter(MediaNodesChanged.class, MediaNodesMoved::new);
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(MediaNodesChanged.class, nodes));
        ActorRef<NodeLost> lost = context.messageAdapter(NodeLost.class, node -> new SocketsLost(node.node()));
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(NodeLost.class, lost));
    }

    public static Behavior<ConductorCommand> create(
            RoomSid sid, ActorRef<RoomCommand> entity, CallEnvironment environment) {
        return Behaviors.withMdc(
                ConductorCommand.class,
                Map.of("room", sid.value()), // Every log line of this call has this field.
                Behaviors.setup(context ->
                        Behaviors.withTimers(timers -> new RoomConductor(context, timers, sid, entity, environment))));
    }

    private static ConductorCommand command(MediaNode.Notice notice) {
        if (notice instanceof MediaNode.Told told) {
            return new FromMedia(told.mediaNode(), told.event());
        }
        if (notice instanceof MediaNode.Reported reported) {
            return new Measured(reported.mediaNode(), reported.report());
        }
        if (notice instanceof MediaNode.LeaveAsked asked) {
            return new LeaveMediaNode(asked);
        }
        throw new IllegalStateException("a notice without a handler: " + notice.getClass());
    }

    @Override
    public Receive<ConductorCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(Evolved.class, this::onEvolved)
                .onMessage(Admitted.class, this::onAdmitted)
                .onMessage(Resumed.class, this::onResumed)
                .onMessage(RemoteDescriptions.class, this::onRemoteDescriptions)
                .onMessage(SocketLost.class, this::onSocketLost)
                .onMessage(SocketsLost.class, this::onSocketsLost)
                .onMessage(UpdateDropped.class, this::onUpdateDropped)
                .onMessage(Inspect.class, this::onInspect)
                .onMessage(LimitLayers.class, this::onLimitLayers)
                .onMessage(FromMedia.class, this::onMedia)
                .onMessage(Measured.class, this::onMeasured)
                .onMessage(BandwidthDue.class, this::onBandwidthDue)
                .onMessage(Explain.class, this::onExplain)
                .onMessage(MediaNodesMoved.class, this::onMediaNodesMoved)
                .onMessage(MediaNodesKnown.class, this::onMediaNodesKnown)
                .onMessage(MoveTransports.class, this::onMoveTransports)
                .onMessage(LeaveMediaNode.class, this::onLeaveMediaNode)
                .onMessage(NowhereToMove.class, this::onNowhereToMove)
                .onMessage(LeaveDue.class, this::onLeaveDue)
                .onMessage(ResendDue.class, this::onResendDue)
                .onMessage(GraceOver.class, this::onGraceOver)
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    // --- changes of the room's state

    private Behavior<ConductorCommand> onEvolved(Evolved evolved) {
        if (evolved.state() instanceof OpenRoom next) {
            evolve(next, evolved.events());
        } else if (evolved.state() instanceof RoomState.Completed) {
            live.complete();
            endDeparted(evolved.events());
            List.copyOf(live.members().keySet())
                    .forEach(participant -> end(participant, "ROOM_COMPLETED", RoomError.ROOM_COMPLETED, true));
            pairs.clear();
            statistics.close();
        }
        return this;
    }

    private void evolve(OpenRoom next, List<RoomEvent> journalled) {
        boolean first = live.epoch() == 0;
        boolean rehosted = live.evolve(next);
        endDeparted(journalled);
        if (first) {
            begin(next, journalled);
        }
        if (live.hasMediaServer()) {
            transports.follow(next);
            sessions.catchUp(next);
            bandwidth.follow(next);
            transports.desireAll(next);
        } else {
            pairs.addMembers(next);
            sessions.catchUp(next);
            pairs.follow(next);
        }
        statistics.set(next.participants().size(), next.trackCount());
        if (rehosted) {
            sessions.awaitSessions(next);
        }
        if (live.hasMediaServer()) {
            moves.leaveLostNodes(); // A node may have been lost since the entity chose it.
        }
    }

    /**
     * Begins the call. If the events do not create the room, an earlier conductor has run the call, possibly on another
     * node.
     */
    private void begin(OpenRoom first, List<RoomEvent> journalled) {
        if (journalled.stream().anyMatch(RoomEvent.RoomCreated.class::isInstance)) {
            return;
        }
        live.log().info("call is taken over in epoch {}", first.epoch());
        if (live.hasMediaServer()) {
            moves.awaitMediaNodes();
            timers.startSingleTimer(new MediaNodesKnown(), MEDIA_NODES_KNOWN_AFTER);
            transports.recover(first);
        } else {
            pairs.recover(first);
        }
    }

    private void endDeparted(List<RoomEvent> journalled) {
        for (RoomEvent event : journalled) {
            if (event instanceof ParticipantDisconnected gone) {
                Departure departure = gone.departure();
                end(gone.participant(), departure.name(), departure.error(), departure != Departure.LEFT);
            }
        }
    }

    /**
     * Removes the member of a departed participant, and ends its session and transport.
     *
     * @param notify false if the client left on its own and needs no notice
     */
    private void end(ParticipantSid participant, String reason, @Nullable RoomError error, boolean notify) {
        Member member = live.members().remove(participant);
        if (member != null) {
            live.log()
                    .atInfo()
                    .addKeyValue("participant", participant.value())
                    .addKeyValue("reason", reason)
                    .addKeyValue("code", error == null ? 0 : error.code())
                    .log("participant left");
            live.faults().guard(participant, FaultPlace.END, () -> sessions.end(participant, member, error, notify));
            if (live.hasMediaServer()) {
                live.faults().guard(participant, FaultPlace.END, () -> transports.end(member));
            }
        }
    }

    // --- sessions

    private Behavior<ConductorCommand> onAdmitted(Admitted admitted) {
        ParticipantSid participant = admitted.sessionId().participant();
        boolean done = live.faults().guard(participant, FaultPlace.COMMAND, () -> {
            if (sessions.admit(admitted) && live.hasMediaServer()) {
                transports.handOn(participant, List.of(admitted.offer()));
                moves.onAttached(participant);
            }
        });
        if (!done) {
            admitted.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_CONNECT_FAILED)));
        }
        return this;
    }

    private Behavior<ConductorCommand> onResumed(Resumed resumed) {
        boolean done = live.faults().guard(resumed.participant(), FaultPlace.COMMAND, () -> {
            if (!live.hasMediaServer()) {
                pairs.onSync(resumed.participant(), resumed.descriptions(), resumed.candidates());
            }
            if (sessions.resume(resumed) && live.hasMediaServer()) {
                transports.handOn(resumed.participant(), resumed.descriptions());
                moves.onAttached(resumed.participant());
            }
        });
        if (!done) {
            resumed.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        }
        return this;
    }

    private Behavior<ConductorCommand> onRemoteDescriptions(RemoteDescriptions described) {
        ParticipantSid participant = described.participant();
        live.faults().guard(participant, FaultPlace.COMMAND, () -> {
            if (live.hasMediaServer()) {
                transports.handOn(participant, described.descriptions());
            } else {
                pairs.handOn(participant, described.descriptions(), described.candidates());
            }
        });
        return this;
    }

    private Behavior<ConductorCommand> onSocketLost(SocketLost lost) {
        live.faults().guard(lost.participant(), FaultPlace.COMMAND, () -> sessions.onSocketLost(lost));
        return this;
    }

    private Behavior<ConductorCommand> onSocketsLost(SocketsLost lost) {
        sessions.onNodeLost(lost.node());
        return this;
    }

    private Behavior<ConductorCommand> onUpdateDropped(UpdateDropped pending) {
        live.faults()
                .guard(
                        pending.participant(),
                        FaultPlace.COMMAND,
                        () -> sessions.onUpdateDropped(pending.participant()));
        return this;
    }

    private Behavior<ConductorCommand> onGraceOver(GraceOver over) {
        live.faults().guard(over.participant(), FaultPlace.TIMEOUT, () -> sessions.onGraceOver(over.participant()));
        return this;
    }

    // --- transports

    private Behavior<ConductorCommand> onInspect(Inspect inspect) {
        ActorRef<StatusReply<RoomInspection>> replyTo = inspect.request().replyTo();
        try {
            replyTo.tell(live.state()
                    .map(room -> StatusReply.success(inspector.inspect(room)))
                    .orElseGet(() -> StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED))));
        } catch (RuntimeException fault) {
            // A look at the call must not end the call.
            live.log().error("the room cannot be described", fault);
            replyTo.tell(StatusReply.error(new RoomRefusal(RoomError.BUSY)));
        }
        return this;
    }

    private Behavior<ConductorCommand> onLimitLayers(LimitLayers limit) {
        if (!live.hasMediaServer()) {
            limit.request().replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.SUBSCRIPTION_NOT_SUPPORTED)));
            return this;
        }
        live.faults()
                .guard(limit.request().subscriber(), FaultPlace.COMMAND, () -> transports.limitLayers(limit.request()));
        return this;
    }

    private Behavior<ConductorCommand> onLeaveDue(LeaveDue due) {
        transports.onLeaveDue(due.mediaNode());
        return this;
    }

    private Behavior<ConductorCommand> onResendDue(ResendDue due) {
        transports.resend();
        return this;
    }

    private Behavior<ConductorCommand> onMediaNodesMoved(MediaNodesMoved moved) {
        if (live.hasMediaServer()) {
            moves.onMediaNodesChanged(moved.changed());
        }
        return this;
    }

    private Behavior<ConductorCommand> onMediaNodesKnown(MediaNodesKnown known) {
        moves.onMediaNodesKnown();
        return this;
    }

    private Behavior<ConductorCommand> onMoveTransports(MoveTransports move) {
        if (live.hasMediaServer()) {
            moves.onMoveTransports(move.request());
        } else {
            move.request().replyTo().tell(StatusReply.ack()); // Nobody of this room is on a media node.
        }
        return this;
    }

    private Behavior<ConductorCommand> onLeaveMediaNode(LeaveMediaNode leave) {
        moves.onLeaveAsked(leave.request());
        return this;
    }

    private Behavior<ConductorCommand> onNowhereToMove(NowhereToMove nowhere) {
        moves.onNowhereToMove(nowhere.mediaNode());
        return this;
    }

    private Behavior<ConductorCommand> onMedia(FromMedia from) {
        live.environment().statistics().countMediaNotice();
        if (events.tellsOfAnotherOwner(from.event())) {
            live.log().warn("Another owner has taken the room over: epoch {} is over", live.epoch());
            leave();
            live.ask(new CallReport.Replaced());
            return Behaviors.ignore(); // The entity stops soon, and the conductor with it.
        }
        live.faults()
                .guard(
                        new ParticipantSid(from.event().transport().participantSid()),
                        FaultPlace.MEDIA,
                        () -> events.on(from.mediaNode(), from.event()));
        return this;
    }

    private Behavior<ConductorCommand> onMeasured(Measured measured) {
        live.environment().statistics().countMediaNotice();
        if (live.hasMediaServer()) {
            bandwidth.onReport(measured.mediaNode(), measured.report());
        }
        return this;
    }

    private Behavior<ConductorCommand> onBandwidthDue(BandwidthDue due) {
        bandwidth.onDue();
        return this;
    }

    private Behavior<ConductorCommand> onExplain(Explain explain) {
        bandwidth.explain(explain.participant(), explain.request());
        return this;
    }

    private Behavior<ConductorCommand> onPostStop(PostStop signal) {
        leave();
        return this;
    }

    private void leave() {
        sessions.leave();
        statistics.close();
    }
}
