package org.rotunda.room.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.call.ConductorCommand.LeaveDue;
import org.rotunda.room.call.ConductorCommand.ResendDue;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;

/**
 * The part of a live call that makes the transports agree with the room's state: it opens, moves and closes them, and
 * sends each router the desired state. Owned by the conductor.
 */
final class CallTransports {
    /**
     * The time that a client has to follow its connection to another node, equal to the time that it may take to answer
     * an offer. After it the room leaves the old node.
     */
    static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(10);

    private final LiveRoom live;
    private final MediaNodeLink mediaNodes;
    private final TimerScheduler<ConductorCommand> timers;

    CallTransports(LiveRoom live, MediaNodeLink mediaNodes, TimerScheduler<ConductorCommand> timers) {
        this.live = live;
        this.mediaNodes = mediaNodes;
        this.timers = timers;
    }

    // --- the state changes

    /**
     * Takes over the transports that an earlier owner has opened, as the journal lists them. The media nodes end the
     * transports that the room no longer has, and report the state of the others.
     */
    void recover(OpenRoom now) {
        for (Participant participant : now.participants()) {
            MemberTransport transport =
                    MemberTransport.recovered(live.sid(), participant.sid(), participant.placement());
            live.members().put(participant.sid(), new Member(transport));
        }
        mediaNodes.look().forEach(this::takeUp);
    }

    /**
     * Tells a media node that came, or came back, which transports it may keep, and the desired states of these
     * transports.
     */
    void takeUp(String mediaNode) {
        List<Member> there = live.members().values().stream()
                .filter(member -> member.transport.mediaNode().equals(mediaNode))
                .toList();
        mediaNodes.retain(
                mediaNode, there.stream().map(member -> member.transport.id()).collect(Collectors.toUnmodifiableSet()));
        for (Member member : there) {
            member.transport.onNodeBack();
            report(member.transport);
            if (member.transport.mayOpenAgain()) {
                openAgain(member.transport);
            } else {
                tellAgain(member.transport);
            }
        }
    }

    /**
     * Opens a transport that the router may not know, and repeats everything about it. A router that knows the
     * transport ignores the repeat.
     */
    void openAgain(MemberTransport transport) {
        open(transport);
        tellAgain(transport);
    }

    private void tellAgain(MemberTransport transport) {
        transport.repeat().ifPresent(desired -> {
            mediaNodes.deliver(transport.mediaNode(), desired);
            scheduleResend();
        });
        transport.pending().description().ifPresent(said -> say(transport, said));
    }

    private void report(MemberTransport transport) {
        if (transport.isReportAwaited()) {
            mediaNodes.deliver(transport.mediaNode(), new MediaCommand.ReportTransport(transport.id(), live.epoch()));
            scheduleResend();
        }
    }

    void follow(OpenRoom next) {
        for (Participant participant : next.participants()) {
            Member member = live.members().get(participant.sid());
            if (member == null) {
                member = new Member(new MemberTransport(live.sid(), participant.sid(), participant.placement()));
                live.members().put(participant.sid(), member);
                live.log("participant is in the call", participant.sid());
                open(member.transport);
            } else if (!member.transport.isAt(participant.placement())) {
                move(member, participant);
            }
        }
    }

    /**
     * Continues the connection on another node, which makes the client an offer. A connection that cannot continue is
     * closed, and the client gets another one.
     */
    private void move(Member member, Participant participant) {
        leave(member); // If an earlier move is unfinished, the room also leaves the node before that move.
        MemberTransport old = member.transport;
        if (old.id().connectionId().equals(participant.placement().connectionId())) {
            member.transport = old.movedTo(participant.placement().mediaNode());
            member.followed = false;
            live.environment().statistics().countMoved(member.moveReason);
            member.movedAt = live.environment().clock().instant();
            open(member.transport);
            if (mediaNodes.isLive(old.mediaNode())) {
                member.left = old;
                timers.startSingleTimer("leave " + old.mediaNode(), new LeaveDue(old.mediaNode()), FOLLOWED_WITHIN);
            } else {
                // The node is gone. If it comes back, the room tells it which transports to keep, and this one is not
                // among them.
                close(old, false);
                repeat(member.transport, List.of());
            }
        } else {
            close(old, false);
            live.environment().statistics().countMoved(member.moveReason);
            member.movedAt = live.environment().clock().instant();
            member.transport = MemberTransport.askedFor(live.sid(), participant.sid(), participant.placement());
            open(member.transport);
            member.tellReplaced(old.farewell());
        }
    }

    /**
     * Notes that a client has followed a move. The node before the move stays in use until every client that publishes
     * data has followed. Until then the node receives the messages that those clients still send there, and forwards
     * them to everybody who was on it.
     */
    void onFollowed(Member member) {
        member.followed = true;
        Instant movedAt = member.movedAt;
        if (movedAt != null) {
            member.movedAt = null;
            live.environment()
                    .statistics()
                    .countMoveGap(
                            Duration.between(movedAt, live.environment().clock().instant()));
        }
        MemberTransport left = member.left;
        if (left == null) {
            return;
        }
        List<Member> leaving = leaving(left.mediaNode());
        if (leaving.stream().allMatch(each -> each.followed || !publishesData(each))) {
            leaving.stream().filter(each -> each.followed).forEach(this::leave);
        }
    }

    /**
     * Closes the transports that are left on a node, whether their clients have followed or not, because the time is
     * over.
     */
    void onLeaveDue(String mediaNode) {
        leaving(mediaNode).forEach(this::leave);
    }

    private List<Member> leaving(String mediaNode) {
        return live.members().values().stream()
                .filter(member -> member.left != null && member.left.mediaNode().equals(mediaNode))
                .toList();
    }

    private boolean publishesData(Member member) {
        return live.participant(new ParticipantSid(member.transport.id().participantSid())).stream()
                .flatMap(participant -> participant.publications().stream())
                .anyMatch(track -> track.kind() == TrackKind.DATA);
    }

    /**
     * Hands the messages that the node before a move could not deliver to the next node, which sends them before any
     * other message.
     */
    void repeat(MemberTransport transport, List<DataMessage> messages) {
        mediaNodes.deliver(
                transport.mediaNode(), new MediaCommand.RepeatMessages(transport.id(), live.epoch(), messages));
    }

    /**
     * Closes the transport on the node before a move. That node then reports the messages that the client may not have
     * got.
     */
    void leave(Member member) {
        MemberTransport left = member.left;
        if (left != null) {
            member.left = null;
            close(left, false);
            if (!mediaNodes.isLive(left.mediaNode())) {
                repeat(member.transport, List.of());
            }
        }
    }

    void open(MemberTransport transport) {
        live.state()
                .map(state -> Set.copyOf(state.properties().videoCodecs()))
                .ifPresent(
                        codecs -> mediaNodes.deliver(transport.mediaNode(), transport.opening(live.epoch(), codecs)));
    }

    private void close(MemberTransport transport, boolean notifyPeer) {
        mediaNodes.deliver(
                transport.mediaNode(), new MediaCommand.CloseTransport(transport.id(), live.epoch(), notifyPeer));
    }

    void end(Member member) {
        leave(member);
        close(member.transport, true);
    }

    // --- desired states

    void desireAll(OpenRoom now) {
        now.participants().forEach(participant -> desire(now, participant));
    }

    void desire(OpenRoom now, Participant participant) {
        Member member = live.members().get(participant.sid());
        if (member != null) {
            member.desire(now, participant, live.epoch()).ifPresent(desired -> {
                mediaNodes.deliver(member.transport.mediaNode(), desired);
                scheduleResend();
            });
        }
    }

    void limitLayers(RoomCommand.LimitLayers request) {
        OpenRoom now = live.state().orElse(null);
        Optional<Participant> subscriber = live.participant(request.subscriber());
        Member member = live.members().get(request.subscriber());
        if (now == null || subscriber.isEmpty() || member == null) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        } else if (ClientView.subscriptions(now, subscriber.get())
                .noneMatch(subscription -> subscription.track().sid().equals(request.track()))) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.TRACK_INVALID)));
        } else {
            member.limit(request.track(), request.layers());
            desire(now, subscriber.get());
            request.replyTo().tell(StatusReply.success(Done.getInstance()));
        }
    }

    private void scheduleResend() {
        if (!timers.isTimerActive(ResendDue.class)) {
            timers.startSingleTimer(
                    ResendDue.class, new ResendDue(), live.settings().desiredResend());
        }
    }

    /**
     * Repeats every message that has no answer yet, a limited number of times, because messages may be lost on their
     * way.
     */
    void resend() {
        int resendsMax = live.settings().desiredResendsMax();
        for (Member member : live.members().values()) {
            MemberTransport transport = member.transport;
            if (transport.reportAgain(resendsMax)) {
                report(transport);
            }
            transport.resend(resendsMax).ifPresent(desired -> {
                live.environment().statistics().countDesiredResent();
                mediaNodes.deliver(transport.mediaNode(), desired);
                scheduleResend();
                if (transport.isGivenUp(resendsMax)) {
                    live.log().warn("No router acknowledges the state of {}", transport.id());
                }
            });
            transport.pending().repeat(resendsMax).ifPresent(said -> say(transport, said));
        }
    }

    // --- descriptions

    void handOn(ParticipantSid participant, List<ConnectionDescription> descriptions) {
        Member member = live.members().get(participant);
        if (member == null) {
            return;
        }
        MemberTransport transport = member.transport;
        for (ConnectionDescription each : descriptions) {
            // Descriptions of any other connection are ignored: it is closed or unknown.
            if (each.connectionId().equals(transport.id().connectionId())) {
                member.onFollowed();
                transport.pending().onSaid(each.description());
                say(transport, each.description());
            }
        }
    }

    private void say(MemberTransport transport, Description description) {
        var remote = new MediaCommand.RemoteDescription(transport.id(), live.epoch(), description);
        if (mediaNodes.deliver(transport.mediaNode(), remote)) {
            transport.pending().onSent();
        }
        if (transport.pending().description().isPresent()) {
            scheduleResend();
        }
    }
}
