package org.rotunda.room;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.ConductorCommand.Admitted;
import org.rotunda.room.ConductorCommand.GraceOver;
import org.rotunda.room.ConductorCommand.Resumed;
import org.rotunda.room.ConductorCommand.SocketLost;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.RemoteParticipant;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;

/** Which socket speaks for whom in a live call, and what each has been told. Owned by the conductor. */
final class CallSessions {
    private final LiveRoom live;
    private final ActorContext<ConductorCommand> context;
    private final TimerScheduler<ConductorCommand> timers;

    CallSessions(LiveRoom live, ActorContext<ConductorCommand> context, TimerScheduler<ConductorCommand> timers) {
        this.live = live;
        this.context = context;
        this.timers = timers;
    }

    /** False if the participant has left before it was let in. */
    boolean admit(Admitted admitted) {
        ParticipantSid sid = admitted.sessionId().participant();
        OpenRoom now = live.state().orElse(null);
        Participant participant = live.participant(sid).orElse(null);
        Call call = live.calls().get(sid);
        if (now == null || participant == null || call == null) {
            admitted.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
            return false;
        }
        attach(sid, call, admitted.session());
        admitted.replyTo()
                .tell(StatusReply.success(new SessionNotice.Connected(
                        admitted.sessionId(),
                        live.sid(),
                        now.uniqueName(),
                        sid,
                        participant.identity(),
                        live.settings().sessionTimeout(),
                        now.properties().mediaRegion(),
                        snapshot(now, participant, call),
                        participant.channels())));
        return true;
    }

    /** False if the participant has left before it was resumed. */
    boolean resume(Resumed resumed) {
        OpenRoom now = live.state().orElse(null);
        Participant participant = live.participant(resumed.participant()).orElse(null);
        Call call = live.calls().get(resumed.participant());
        if (now == null || participant == null || call == null) {
            resumed.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
            return false;
        }
        attach(resumed.participant(), call, resumed.session());
        resumed.replyTo()
                .tell(StatusReply.success(new SessionNotice.Synced(
                        live.sid(),
                        now.uniqueName(),
                        resumed.participant(),
                        participant.identity(),
                        snapshot(now, participant, call),
                        participant.channels())));
        return true;
    }

    private SessionNotice.RoomSnapshot snapshot(OpenRoom now, Participant participant, Call call) {
        ClientView outlook = ClientView.of(now, ClientView.everybody(now), participant);
        return call.ledger.snapshot(outlook, live.nextRevision(), call.connections());
    }

    /** The newest socket wins. */
    private void attach(ParticipantSid participant, Call call, ActorRef<SessionNotice> session) {
        timers.cancel(participant);
        ActorRef<SessionNotice> old = call.session;
        if (old != null && !old.equals(session)) {
            context.unwatch(old);
            old.tell(new SessionNotice.Superseded());
        }
        if (!session.equals(old)) {
            context.watchWith(session, new SocketLost(participant, session));
        }
        call.session = session;
    }

    /** Tells every session what it does not know yet. */
    void catchUp(OpenRoom now) {
        long revision = live.nextRevision();
        List<RemoteParticipant> everybody = ClientView.everybody(now);
        for (Participant participant : now.participants()) {
            Call call = live.calls().get(participant.sid());
            if (call == null || call.session == null) {
                continue;
            }
            call.ledger
                    .catchUp(ClientView.of(now, everybody, participant), revision)
                    .forEach(call::tell);
            if (participant.status() == ParticipantStatus.RECONNECTING) {
                live.ask(new CallReport.SocketAttached(participant.sid())); // A loss that a resume overtook.
            }
        }
    }

    void onSocketLost(SocketLost lost) {
        Call call = live.calls().get(lost.participant());
        if (call != null && lost.session().equals(call.session)) {
            context.unwatch(lost.session());
            call.session = null;
            live.ask(new CallReport.SocketLost(lost.participant()));
        }
    }

    /** Long before the cluster says that those sessions are gone. One that lives after all syncs, when it hears of this node again. */
    void onNodeLost(NodeId node) {
        live.calls().forEach((participant, call) -> {
            ActorRef<SessionNotice> session = call.session;
            if (session != null && node.isAt(session.path().address())) {
                onSocketLost(new SocketLost(participant, session));
            }
        });
    }

    /** A socket that is superseded fails; its client syncs on another one. */
    void onUnheard(ParticipantSid participant) {
        Call call = live.calls().get(participant);
        if (call != null) {
            call.tell(new SessionNotice.Superseded());
        }
    }

    /** The call of this participant is over; whoever left by itself needs no notice. */
    void end(ParticipantSid participant, Call call, @Nullable RoomError error, boolean notify) {
        timers.cancel(participant);
        ActorRef<SessionNotice> session = call.session;
        if (session != null) {
            context.unwatch(session);
            if (notify) {
                session.tell(new SessionNotice.Ended(error));
            }
        }
    }

    /** Those believed to be connected, of whom an owner before this one may have known more. */
    void awaitUnheard(OpenRoom now) {
        now.participants().stream()
                .filter(participant -> participant.status() == ParticipantStatus.CONNECTED)
                .filter(participant -> !live.hasSession(participant.sid()))
                .forEach(participant -> timers.startSingleTimer(
                        participant.sid(),
                        new GraceOver(participant.sid()),
                        live.settings().sessionTimeout()));
    }

    void onGraceOver(ParticipantSid participant) {
        if (!live.hasSession(participant)) {
            live.ask(new CallReport.MemberEnded(participant, Departure.SESSION_TIMEOUT));
        }
    }

    /** The room goes on elsewhere, and the sessions with it. */
    void leave() {
        live.calls().values().forEach(call -> call.tell(new SessionNotice.Moved()));
    }
}
