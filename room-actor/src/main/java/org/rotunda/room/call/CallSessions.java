package org.rotunda.room.call;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.call.ConductorCommand.Admitted;
import org.rotunda.room.call.ConductorCommand.GraceOver;
import org.rotunda.room.call.ConductorCommand.Resumed;
import org.rotunda.room.call.ConductorCommand.SocketLost;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.RemoteParticipant;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.MediaTerms;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;

/**
 * Keeps the current socket of each session in a live call, and sends clients the changes since their last notice. A
 * socket is the actor of one signalling connection. Owned by the conductor.
 */
final class CallSessions {
    private final LiveRoom live;
    private final ActorContext<ConductorCommand> context;
    private final TimerScheduler<ConductorCommand> timers;
    private final CallPairs pairs;

    CallSessions(
            LiveRoom live,
            ActorContext<ConductorCommand> context,
            TimerScheduler<ConductorCommand> timers,
            CallPairs pairs) {
        this.live = live;
        this.context = context;
        this.timers = timers;
        this.pairs = pairs;
    }

    /** Answers a connect. Returns false if the participant has left meanwhile. */
    boolean admit(Admitted admitted) {
        ParticipantSid sid = admitted.sessionId().participant();
        OpenRoom now = live.state().orElse(null);
        Participant participant = live.participant(sid).orElse(null);
        Member member = live.members().get(sid);
        if (now == null || participant == null || member == null) {
            admitted.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
            return false;
        }
        attach(sid, member, admitted.session());
        admitted.replyTo()
                .tell(StatusReply.success(new SessionNotice.Connected(
                        admitted.sessionId(),
                        live.sid(),
                        now.uniqueName(),
                        sid,
                        participant.identity(),
                        live.settings().sessionTimeout(),
                        now.properties().mediaRegion(),
                        snapshot(
                                now,
                                participant,
                                member,
                                live.hasMediaServer() ? member.connections() : pairs.firstConnections(participant)),
                        participant.channels(),
                        live.environment().node())));
        return true;
    }

    /** Answers a sync. Returns false if the participant has left meanwhile. */
    boolean resume(Resumed resumed) {
        OpenRoom now = live.state().orElse(null);
        Participant participant = live.participant(resumed.participant()).orElse(null);
        Member member = live.members().get(resumed.participant());
        if (now == null || participant == null || member == null) {
            resumed.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.ROOM_COMPLETED)));
            return false;
        }
        attach(resumed.participant(), member, resumed.session());
        resumed.replyTo()
                .tell(StatusReply.success(new SessionNotice.Synced(
                        live.sid(),
                        now.uniqueName(),
                        resumed.participant(),
                        participant.identity(),
                        snapshot(
                                now,
                                participant,
                                member,
                                live.hasMediaServer() ? member.connections() : pairs.connections(participant.sid())),
                        participant.channels(),
                        live.environment().node())));
        return true;
    }

    private SessionNotice.RoomSnapshot snapshot(
            OpenRoom now, Participant participant, Member member, List<SessionNotice.Connection> connections) {
        ClientView outlook = ClientView.of(
                now,
                ClientView.everybody(now),
                participant,
                member.subscriptionIds,
                member.terms,
                live.announcesRecording(now));
        return member.ledger.snapshot(outlook, live.nextRevision(), connections);
    }

    /** Makes a socket the current socket of the session, in place of any older socket. */
    private void attach(ParticipantSid participant, Member member, ActorRef<SessionNotice> session) {
        timers.cancel(participant);
        ActorRef<SessionNotice> old = member.socket;
        if (old != null && !old.equals(session)) {
            context.unwatch(old);
            old.tell(new SessionNotice.Superseded());
        }
        if (!session.equals(old)) {
            context.watchWith(session, new SocketLost(participant, session));
        }
        member.socket = session;
    }

    /** Sends every client the changes since its last notice. */
    void catchUp(OpenRoom now) {
        long revision = live.nextRevision();
        List<RemoteParticipant> everybody = ClientView.everybody(now);
        boolean recording = live.announcesRecording(now);
        for (Participant participant : now.participants()) {
            live.faults()
                    .guard(
                            participant.sid(),
                            FaultPlace.STATE,
                            () -> catchUp(now, everybody, recording, participant, revision));
        }
    }

    private void catchUp(
            OpenRoom now,
            List<RemoteParticipant> everybody,
            boolean recording,
            Participant participant,
            long revision) {
        Member member = live.members().get(participant.sid());
        if (member == null) {
            return;
        }
        refuseTracksWithoutCodec(participant, member.terms);
        if (member.socket == null) {
            return;
        }
        member.ledger
                .catchUp(
                        ClientView.of(now, everybody, participant, member.subscriptionIds, member.terms, recording),
                        revision)
                .forEach(member::tell);
        if (participant.status() == ParticipantStatus.RECONNECTING) {
            // The member has a socket, but the state says that it is reconnecting: the entity recorded the loss of an
            // older socket only after the session had been resumed.
            live.ask(new CallReport.SocketAttached(participant.sid()));
        }
    }

    /** Tells one client the changes of its view that follow from a change of its {@link Member#terms}. */
    void catchUp(OpenRoom now, Participant participant) {
        catchUp(now, ClientView.everybody(now), live.announcesRecording(now), participant, live.nextRevision());
    }

    /** Asks the entity to refuse the participant's tracks for which its client has no codec. */
    private void refuseTracksWithoutCodec(Participant participant, MediaTerms terms) {
        List<TrackSid> unusable = participant.publications().stream()
                .filter(track -> terms.lacksCodec(track.kind()))
                .map(Publication::sid)
                .toList();
        if (!unusable.isEmpty()) {
            live.ask(new CallReport.TracksUnusable(participant.sid(), unusable));
        }
    }

    void onSocketLost(SocketLost lost) {
        Member member = live.members().get(lost.participant());
        if (member != null && lost.session().equals(member.socket)) {
            context.unwatch(lost.session());
            member.socket = null;
            live.ask(new CallReport.SocketLost(lost.participant()));
        }
    }

    /**
     * Treats every socket on a lost node as lost. From the cluster, the room would hear much later that the actors of
     * those sockets have ended. If such a socket is still alive, its gateway syncs the session as soon as it can reach
     * the room's node again.
     */
    void onNodeLost(NodeId node) {
        live.members().forEach((participant, member) -> {
            ActorRef<SessionNotice> session = member.socket;
            if (session != null && node.isAt(session.path().address())) {
                live.faults()
                        .guard(
                                participant,
                                FaultPlace.COMMAND,
                                () -> onSocketLost(new SocketLost(participant, session)));
            }
        });
    }

    /**
     * Makes a client sync, because an update from the client was dropped. The actor of the client's socket gets {@link
     * SessionNotice.Superseded}. The socket then fails, and the client resumes its session.
     */
    void onUpdateDropped(ParticipantSid participant) {
        Member member = live.members().get(participant);
        if (member != null) {
            member.tell(new SessionNotice.Superseded());
        }
    }

    /**
     * Ends the session of a participant that has left.
     *
     * @param notify false if the client left on its own and needs no notice
     */
    void end(ParticipantSid participant, Member member, @Nullable RoomError error, boolean notify) {
        timers.cancel(participant);
        ActorRef<SessionNotice> session = member.socket;
        if (session != null) {
            context.unwatch(session);
            if (notify) {
                session.tell(new SessionNotice.Ended(error));
            }
        }
    }

    /**
     * Starts a timer for every participant that is connected according to the state, but has no socket here. A
     * participant that gets no socket within the session timeout leaves the room.
     */
    void awaitSessions(OpenRoom now) {
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

    /** Tells every session that the room continues under another owner. */
    void leave() {
        live.members().values().forEach(member -> member.tell(new SessionNotice.Moved()));
    }
}
