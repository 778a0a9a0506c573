package org.rotunda.room;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
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
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.ConductorCommand.Admitted;
import org.rotunda.room.ConductorCommand.Described;
import org.rotunda.room.ConductorCommand.Evolved;
import org.rotunda.room.ConductorCommand.FromMedia;
import org.rotunda.room.ConductorCommand.GraceOver;
import org.rotunda.room.ConductorCommand.LimitLayers;
import org.rotunda.room.ConductorCommand.MediaNodesMoved;
import org.rotunda.room.ConductorCommand.MoveTransports;
import org.rotunda.room.ConductorCommand.ResendDue;
import org.rotunda.room.ConductorCommand.Resumed;
import org.rotunda.room.ConductorCommand.SocketLost;
import org.rotunda.room.ConductorCommand.SocketsLost;
import org.rotunda.room.ConductorCommand.Unheard;
import org.rotunda.room.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.RoomEvent.ParticipantMoved;
import org.rotunda.room.SessionNotice.RemoteParticipant;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.nodewatch.NodeLost;
import org.rotunda.room.participant.Departure;
import org.rotunda.room.participant.Participant;

/**
 * Runs the live call of one room: a loop that makes sessions and transports agree with the latest state. The entity tells each
 * state after it is journalled. Child of the entity and outlives its restarts; what it knows beyond the state can be lost.
 */
final class RoomConductor extends AbstractBehavior<ConductorCommand> {
    /** Revisions of one epoch; the next epoch's start above them. */
    static final long REVISIONS_PER_EPOCH = 1L << 20;

    private static final long REVISIONS_LEFT_MIN = 1L << 10; // Enough to go on with until the next epoch is journalled.

    private final TimerScheduler<ConductorCommand> timers;
    private final RoomSid sid;
    private final ActorRef<RoomCommand> entity;
    private final RoomEnvironment environment;
    private final RoomSettings settings;
    private final ActorRef<MediaNode.Told> media;
    private final RoomStatistics.Share statistics;
    private final Map<ParticipantSid, Call> calls = new LinkedHashMap<>();
    private @Nullable OpenRoom room;
    private long epoch;
    private long revisions;

    private RoomConductor(
            ActorContext<ConductorCommand> context,
            TimerScheduler<ConductorCommand> timers,
            RoomSid sid,
            ActorRef<RoomCommand> entity,
            RoomEnvironment environment) {
        super(context);
        this.timers = timers;
        this.sid = sid;
        this.entity = entity;
        this.environment = environment;
        this.settings = environment.settings();
        this.media =
                context.messageAdapter(MediaNode.Told.class, told -> new FromMedia(told.mediaNode(), told.event()));
        this.statistics = environment.statistics().open();
        ActorRef<MediaNodesChanged> nodes =
                context.messageAdapter(MediaNodesChanged.class, changed -> new MediaNodesMoved());
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(MediaNodesChanged.class, nodes));
        ActorRef<NodeLost> lost = context.messageAdapter(NodeLost.class, node -> new SocketsLost(node.node()));
        context.getSystem().eventStream().tell(new EventStream.Subscribe<>(NodeLost.class, lost));
    }

    static Behavior<ConductorCommand> create(RoomSid sid, ActorRef<RoomCommand> entity, RoomEnvironment environment) {
        return Behaviors.withMdc(
                ConductorCommand.class,
                Map.of("room", sid.value()), // A field of every line that this room's call logs.
                Behaviors.setup(context ->
                        Behaviors.withTimers(timers -> new RoomConductor(context, timers, sid, entity, environment))));
    }

    @Override
    public Receive<ConductorCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(Evolved.class, this::onEvolved)
                .onMessage(Admitted.class, this::onAdmitted)
                .onMessage(Resumed.class, this::onResumed)
                .onMessage(Described.class, this::onDescribed)
                .onMessage(SocketLost.class, this::onSocketLost)
                .onMessage(SocketsLost.class, this::onSocketsLost)
                .onMessage(Unheard.class, this::onUnheard)
                .onMessage(LimitLayers.class, this::onLimitLayers)
                .onMessage(FromMedia.class, this::onMedia)
                .onMessage(MediaNodesMoved.class, this::onMediaNodesMoved)
                .onMessage(MoveTransports.class, this::onMoveTransports)
                .onMessage(ResendDue.class, this::onResendDue)
                .onMessage(GraceOver.class, this::onGraceOver)
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    // --- the state changes

    private Behavior<ConductorCommand> onEvolved(Evolved evolved) {
        if (evolved.state() instanceof OpenRoom next) {
            boolean rehosted = next.epoch() != epoch;
            if (rehosted) {
                epoch = next.epoch();
                revisions = 0;
            }
            room = next;
            endDeparted(evolved.events());
            openTransports(next, evolved.events());
            reconcile(next);
            if (rehosted) {
                awaitSessions(next);
            }
        } else if (evolved.state() instanceof RoomState.Completed) {
            room = null;
            endDeparted(evolved.events());
            List.copyOf(calls.keySet()).forEach(participant -> end(participant, RoomError.ROOM_COMPLETED, true));
            statistics.close();
        }
        return this;
    }

    private void endDeparted(List<RoomEvent> events) {
        for (RoomEvent event : events) {
            if (event instanceof ParticipantDisconnected gone) {
                end(gone.participant(), gone.departure().error(), gone.departure() != Departure.LEFT);
            }
        }
    }

    private void log(String what, ParticipantSid participant) {
        getContext()
                .getLog()
                .atInfo()
                .addKeyValue("participant", participant.value())
                .log(what);
    }

    /** Ends a call; whoever left by itself needs no notice. */
    private void end(ParticipantSid participant, @Nullable RoomError error, boolean notify) {
        Call call = calls.remove(participant);
        if (call == null) {
            return;
        }
        log(error == null ? "participant left" : "participant left: " + error, participant);
        timers.cancel(participant);
        ActorRef<SessionNotice> session = call.session;
        if (session != null) {
            getContext().unwatch(session);
            if (notify) {
                session.tell(new SessionNotice.Ended(error));
            }
        }
        leave(call);
        close(call.transport, true);
    }

    private void openTransports(OpenRoom next, List<RoomEvent> events) {
        for (Participant participant : next.participants()) {
            Call call = calls.get(participant.sid());
            if (call == null) {
                call = new Call(new CallTransport(sid, participant.sid(), participant.placement()));
                calls.put(participant.sid(), call);
                log("participant is in the call", participant.sid());
                open(next, call.transport, isMoved(participant, events));
            } else if (!call.transport.isAt(participant.placement())) {
                move(next, call, participant);
            }
        }
    }

    /** The same connection goes on at the other node, by that node's offer; one that cannot is closed and begun anew. */
    private void move(OpenRoom next, Call call, Participant participant) {
        leave(call); // Of a move that was not finished.
        CallTransport old = call.transport;
        if (old.id().connectionId().equals(participant.placement().connectionId())) {
            call.transport = old.movedTo(participant.placement().mediaNode());
            call.left = old;
            environment.statistics().countMoved();
            open(next, call.transport, false);
        } else {
            close(old, false);
            call.transport = CallTransport.askedFor(sid, participant.sid(), participant.placement());
            open(next, call.transport, true);
            call.tellReplaced(old.farewell());
        }
    }

    /** The node before a move has done its work: until now it took what the client still sent there. */
    private void leave(Call call) {
        CallTransport left = call.left;
        if (left != null) {
            call.left = null;
            close(left, false);
        }
    }

    private static boolean isMoved(Participant participant, List<RoomEvent> events) {
        return events.stream()
                .anyMatch(event -> event instanceof ParticipantMoved moved
                        && moved.participant().equals(participant.sid()));
    }

    private void open(OpenRoom next, CallTransport transport, boolean requestOffer) {
        var codecs = Set.copyOf(next.properties().videoCodecs());
        carry(
                transport.mediaNode(),
                new MediaCommand.OpenTransport(
                        transport.id(), epoch, codecs, transport.handover().orElse(null), requestOffer));
    }

    private void close(CallTransport transport, boolean notifyPeer) {
        carry(transport.mediaNode(), new MediaCommand.CloseTransport(transport.id(), epoch, notifyPeer));
    }

    /** Tells every session what it does not know yet, then every transport what it should be. */
    private void reconcile(OpenRoom next) {
        long revision = nextRevision();
        List<RemoteParticipant> everybody = Outlook.everybody(next);
        for (Participant participant : next.participants()) {
            Call call = calls.get(participant.sid());
            if (call == null || call.session == null) {
                continue;
            }
            call.ledger
                    .catchUp(Outlook.of(next, everybody, participant), revision)
                    .forEach(call::tell);
            if (participant.status() == ParticipantStatus.RECONNECTING) {
                entity.tell(new RoomInternal.SessionAttached(participant.sid())); // A loss that a resume overtook.
            }
        }
        next.participants().forEach(participant -> desire(next, participant));
        statistics.set(next.participants().size(), next.trackCount());
    }

    private void awaitSessions(OpenRoom next) {
        next.participants().stream()
                .filter(participant -> participant.status() == ParticipantStatus.CONNECTED)
                .filter(participant -> !hasSession(participant.sid()))
                .forEach(participant -> timers.startSingleTimer(
                        participant.sid(), new GraceOver(participant.sid()), settings.sessionTimeout()));
    }

    private Behavior<ConductorCommand> onGraceOver(GraceOver over) {
        if (!hasSession(over.participant())) {
            entity.tell(new RoomInternal.CallEnded(over.participant(), Departure.SESSION_TIMEOUT));
        }
        return this;
    }

    // --- sessions

    private Behavior<ConductorCommand> onAdmitted(Admitted admitted) {
        ParticipantSid participantSid = admitted.sessionId().participant();
        OpenRoom now = room;
        Participant participant =
                now == null ? null : now.participant(participantSid).orElse(null);
        Call call = calls.get(participantSid);
        if (now == null || participant == null || call == null) {
            admitted.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
            return this;
        }
        attach(participantSid, call, admitted.session());
        admitted.replyTo()
                .tell(StatusReply.success(new SessionNotice.Connected(
                        admitted.sessionId(),
                        sid,
                        now.uniqueName(),
                        participantSid,
                        participant.identity(),
                        settings.sessionTimeout(),
                        now.properties().mediaRegion(),
                        snapshot(now, participant, call),
                        participant.channels())));
        handOn(call, List.of(admitted.offer()));
        return this;
    }

    private Behavior<ConductorCommand> onResumed(Resumed resumed) {
        OpenRoom now = room;
        Participant participant =
                now == null ? null : now.participant(resumed.participant()).orElse(null);
        Call call = calls.get(resumed.participant());
        if (now == null || participant == null || call == null) {
            resumed.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
            return this;
        }
        attach(resumed.participant(), call, resumed.session());
        resumed.replyTo()
                .tell(StatusReply.success(new SessionNotice.Synced(
                        sid,
                        now.uniqueName(),
                        resumed.participant(),
                        participant.identity(),
                        snapshot(now, participant, call),
                        participant.channels())));
        handOn(call, resumed.descriptions());
        return this;
    }

    private SessionNotice.RoomSnapshot snapshot(OpenRoom now, Participant participant, Call call) {
        Outlook outlook = Outlook.of(now, Outlook.everybody(now), participant);
        return call.ledger.snapshot(outlook, nextRevision(), call.connections());
    }

    /** The newest socket wins. */
    private void attach(ParticipantSid participant, Call call, ActorRef<SessionNotice> session) {
        timers.cancel(participant);
        ActorRef<SessionNotice> old = call.session;
        if (old != null && !old.equals(session)) {
            getContext().unwatch(old);
            old.tell(new SessionNotice.Superseded());
        }
        if (!session.equals(old)) {
            getContext().watchWith(session, new SocketLost(participant, session));
        }
        call.session = session;
    }

    private Behavior<ConductorCommand> onDescribed(Described described) {
        Call call = calls.get(described.participant());
        if (call != null) {
            handOn(call, described.descriptions());
        }
        return this;
    }

    private void handOn(Call call, List<ConnectionDescription> descriptions) {
        TransportId id = call.transport.id();
        for (ConnectionDescription each : descriptions) {
            if (each.connectionId().equals(id.connectionId())) { // Others were closed, or never ours.
                call.onFollowed();
                carry(call.transport.mediaNode(), new MediaCommand.RemoteDescription(id, epoch, each.description()));
            }
        }
    }

    private Behavior<ConductorCommand> onSocketLost(SocketLost lost) {
        Call call = calls.get(lost.participant());
        if (call != null && lost.session().equals(call.session)) {
            getContext().unwatch(lost.session());
            call.session = null;
            entity.tell(new RoomInternal.SessionDetached(lost.participant()));
        }
        return this;
    }

    /** Long before the cluster says that those sessions are gone. One that lives after all syncs, when it hears of this node again. */
    private Behavior<ConductorCommand> onSocketsLost(SocketsLost lost) {
        calls.forEach((participant, call) -> {
            ActorRef<SessionNotice> session = call.session;
            if (session != null && lost.node().isAt(session.path().address())) {
                onSocketLost(new SocketLost(participant, session));
            }
        });
        return this;
    }

    /** A socket that is superseded fails; its client syncs on another one. */
    private Behavior<ConductorCommand> onUnheard(Unheard unheard) {
        Call call = calls.get(unheard.participant());
        if (call != null) {
            call.tell(new SessionNotice.Superseded());
        }
        return this;
    }

    private boolean hasSession(ParticipantSid participant) {
        Call call = calls.get(participant);
        return call != null && call.session != null;
    }

    // --- transports

    private void desire(OpenRoom now, Participant participant) {
        Call call = calls.get(participant.sid());
        if (call != null) {
            call.desire(now, participant, epoch).ifPresent(desired -> {
                carry(call.transport.mediaNode(), desired);
                scheduleResend();
            });
        }
    }

    private Behavior<ConductorCommand> onLimitLayers(LimitLayers limit) {
        RoomCommand.LimitLayers request = limit.request();
        OpenRoom now = room;
        Optional<Participant> subscriber = now == null ? Optional.empty() : now.participant(request.subscriber());
        Call call = calls.get(request.subscriber());
        if (now == null || subscriber.isEmpty() || call == null) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        } else if (Outlook.subscriptions(now, subscriber.get())
                .noneMatch(wanted -> wanted.track().sid().equals(request.track()))) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.TRACK_INVALID)));
        } else {
            call.limit(request.track(), request.layers());
            desire(now, subscriber.get());
            request.replyTo().tell(StatusReply.success(Done.getInstance()));
        }
        return this;
    }

    private void scheduleResend() {
        if (!timers.isTimerActive(ResendDue.class)) {
            timers.startSingleTimer(ResendDue.class, new ResendDue(), settings.desiredResend());
        }
    }

    private Behavior<ConductorCommand> onResendDue(ResendDue due) {
        for (Call call : calls.values()) {
            CallTransport transport = call.transport;
            transport.resend(settings.desiredResendsMax()).ifPresent(desired -> {
                environment.statistics().countDesiredResent();
                carry(transport.mediaNode(), desired);
                scheduleResend();
                if (transport.isGivenUp(settings.desiredResendsMax())) {
                    getContext().getLog().warn("No router acknowledges the state of {}", transport.id());
                }
            });
        }
        return this;
    }

    private Behavior<ConductorCommand> onMediaNodesMoved(MediaNodesMoved moved) {
        calls.values().stream()
                .map(call -> call.transport.mediaNode())
                .distinct()
                .filter(node -> environment.mediaNodes().find(node).isEmpty())
                .forEach(node -> entity.tell(new RoomInternal.Move(node, movers(node), null)));
        return this;
    }

    private Behavior<ConductorCommand> onMoveTransports(MoveTransports move) {
        RoomCommand.MoveTransports request = move.request();
        entity.tell(new RoomInternal.Move(request.mediaNode(), movers(request.mediaNode()), request.replyTo()));
        return this;
    }

    /** Everybody on a node. Who has neither a connection that can be moved nor a socket to be told of another waits for its sync. */
    private List<RoomInternal.Mover> movers(String mediaNode) {
        return calls.entrySet().stream()
                .filter(each -> each.getValue().transport.mediaNode().equals(mediaNode))
                .filter(each -> each.getValue().session != null
                        || each.getValue().transport.isMovable())
                .map(each -> new RoomInternal.Mover(
                        each.getKey(), each.getValue().transport.isMovable()))
                .toList();
    }

    private void carry(String mediaNode, MediaCommand command) {
        environment
                .mediaNodes()
                .find(mediaNode)
                .ifPresentOrElse(
                        node -> node.tell(new MediaNode.Carry(command, media)),
                        () -> getContext().getLog().debug("Media node {} is gone: {} not sent", mediaNode, command));
    }

    // --- what media nodes tell

    private Behavior<ConductorCommand> onMedia(FromMedia from) {
        MediaEvent event = from.event();
        TransportId id = event.transport();
        ParticipantSid participant = new ParticipantSid(id.participantSid());
        Call call = calls.get(participant);
        if (call == null
                || !call.transport.id().equals(id)
                || !call.transport.mediaNode().equals(from.mediaNode())) {
            getContext().getLog().debug("Of a transport that is over: {}", event);
            return this;
        }
        if (event instanceof MediaEvent.LocalDescription local) {
            if (local.description().type() == Description.Type.CREATE_OFFER) {
                return this; // The client was asked when the transport was opened.
            }
            call.transport.onLocalDescription(local.description());
            call.tell(new SessionNotice.Descriptions(
                    List.of(new ConnectionDescription(id.connectionId(), local.description()))));
        } else if (event instanceof MediaEvent.DesiredApplied applied) {
            call.transport.onApplied(applied);
        } else if (event instanceof MediaEvent.NegotiationFailed failed) {
            getContext().getLog().info("Negotiation with {} failed: {}", id, failed.fault());
            entity.tell(new RoomInternal.CallEnded(participant, departure(failed.fault())));
        } else if (event instanceof MediaEvent.AnswerOverdue overdue) {
            onAnswerOverdue(participant, call);
            getContext().getLog().info("No answer to offer {} of {}", overdue.revision(), id);
            leave(call);
        } else if (event instanceof MediaEvent.HandoverChanged changed) {
            call.transport.onHandover(changed.handover());
        } else if (event instanceof MediaEvent.StateChanged changed) {
            onStateChanged(call, changed.state());
        } else if (event instanceof MediaEvent.CommandRefused refused) {
            getContext().getLog().warn("Refused by media node {}: {}", call.transport.mediaNode(), refused);
        }
        return this; // Layers and channel messages concern nobody yet.
    }

    private void onStateChanged(Call call, MediaEvent.State state) {
        if (state == MediaEvent.State.CONNECTED) {
            leave(call);
        } else if (state == MediaEvent.State.DTLS_FAILED) {
            getContext().getLog().info("DTLS failed: {}", call.transport.id());
        }
    }

    /** One fresh connection; a client that does not answer there either is left with what it has. */
    private void onAnswerOverdue(ParticipantSid participant, Call call) {
        environment.statistics().countAnswerOverdue();
        TransportId id = call.transport.id();
        if (call.session == null) {
            return; // It cannot answer now, and hears of the offer again when it syncs.
        }
        if (call.renewed) {
            environment.statistics().countAnswerGivenUp();
            getContext()
                    .getLog()
                    .warn(
                            "Participant {} in room {} answers no offer on a fresh connection either: given up",
                            participant,
                            sid);
        } else {
            call.renewed = true;
            entity.tell(new RoomInternal.RenewConnection(participant, id.connectionId()));
        }
    }

    private static Departure departure(MediaEvent.Fault fault) {
        return switch (fault) {
            case REMOTE_DESCRIPTION -> Departure.DESCRIPTION_UNUSABLE;
            case NO_SUPPORTED_CODEC -> Departure.NO_SUPPORTED_CODEC;
        };
    }

    /** Rises within the epoch and over epochs, so clients never see an old number again. */
    private long nextRevision() {
        revisions++;
        if (revisions == REVISIONS_PER_EPOCH - REVISIONS_LEFT_MIN) {
            entity.tell(new RoomInternal.Host());
        }
        return epoch * REVISIONS_PER_EPOCH + revisions;
    }

    /** The room goes on elsewhere, and the sessions with it. */
    private Behavior<ConductorCommand> onPostStop(PostStop signal) {
        calls.values().forEach(call -> call.tell(new SessionNotice.Moved()));
        statistics.close();
        return this;
    }
}
