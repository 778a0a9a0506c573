package org.rotunda.room.call;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
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
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Subscriptions;

/**
 * Makes the transports of a live call agree with the room's state. It opens, moves and closes transports, and sends
 * their desired states to the routers. Owned by the conductor.
 */
final class CallTransports {
    /**
     * The time within which a client should change to the new node after its connection has moved there. After this
     * time the room closes the connection's transport on the old node. It equals the time for which the router waits
     * for a client's answer to an offer.
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

    // --- changes of the room's state

    /**
     * Takes over the transports that an earlier owner of the room has opened, as the journal lists them. Each media
     * node gets the list of its transports to keep, and reports their states.
     */
    void recover(OpenRoom now) {
        for (Participant participant : now.participants()) {
            MemberTransport transport =
                    MemberTransport.recovered(live.sid(), participant.sid(), participant.placement());
            Member member = new Member(transport);
            // The earlier owner may already have told the client that its tracks are published, so this owner must not
            // withhold that.
            member.terms = member.terms.answered();
            member.signals.takeOver();
            live.members().put(participant.sid(), member);
        }
        Set<String> nodes = new HashSet<>(mediaNodes.live());
        live.members().values().forEach(member -> nodes.add(member.transport.mediaNode()));
        nodes.forEach(this::takeUp);
    }

    /**
     * Informs a media node that has appeared or come back. The node hears which transports to keep, and their desired
     * states.
     */
    void takeUp(String mediaNode) {
        List<Member> there = live.members().values().stream()
                .filter(member -> member.transport.mediaNode().equals(mediaNode))
                .toList();
        mediaNodes.retain(
                mediaNode, there.stream().map(member -> member.transport.id()).collect(Collectors.toUnmodifiableSet()));
        for (Member member : there) {
            ParticipantSid participant =
                    new ParticipantSid(member.transport.id().participantSid());
            live.faults().guard(participant, FaultPlace.MEDIA, () -> {
                member.transport.onNodeBack();
                report(member.transport);
                if (member.transport.mayOpenAgain()) {
                    openAgain(member.transport);
                } else {
                    tellAgain(member.transport);
                }
            });
        }
    }

    /**
     * Opens a transport again, and repeats its desired state and its pending description. A router that already has the
     * transport ignores the second opening.
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
            live.faults().guard(participant.sid(), FaultPlace.STATE, () -> follow(participant));
        }
    }

    private void follow(Participant participant) {
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

    /**
     * Moves a member to its new placement. If the connection stays the same, the new node continues it. Otherwise the
     * room closes the connection and asks the client to offer a new connection.
     */
    private void move(Member member, Participant participant) {
        leave(member); // If an earlier move is unfinished, the room leaves that move's old node at once.
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
                // The old node is gone and does not get this command. If the node comes back, takeUp() makes it close
                // the transport.
                close(old, false);
                repeat(member.transport, List.of());
            }
        } else {
            close(old, false);
            live.environment().statistics().countMoved(member.moveReason);
            member.movedAt = live.environment().clock().instant();
            member.transport = MemberTransport.askedFor(live.sid(), participant.sid(), participant.placement());
            // The new connection may have other codecs. The router reports the missing codecs again.
            member.terms = member.terms.onNewConnection();
            member.onNewConnection(live.nowNanos());
            open(member.transport);
            member.tellReplaced(old.farewell());
        }
    }

    /**
     * Notes that a client has followed a move. Its member leaves the old node only when every member that publishes
     * data tracks has followed too. Until then the old node forwards the data messages that the publishers still send
     * to it.
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
     * Closes the transports that members of a move still have on this old node, even if their clients have not followed
     * the move yet.
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
     * Makes the new node of a move send the messages that the old node could not deliver. The new node sends these
     * messages before all other messages.
     */
    void repeat(MemberTransport transport, List<DataMessage> messages) {
        mediaNodes.deliver(
                transport.mediaNode(), new MediaCommand.RepeatMessages(transport.id(), live.epoch(), messages));
    }

    /**
     * Closes the transport on the old node of a move. That node then reports the messages that the client may not have
     * received.
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
        for (Participant participant : now.participants()) {
            live.faults().guard(participant.sid(), FaultPlace.STATE, () -> desire(now, participant));
        }
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
        } else if (Subscriptions.of(now, subscriber.get())
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
     * Repeats every report request, desired state and description that the routers have not answered, because messages
     * between nodes may be lost. The number of repeats is limited.
     */
    void resend() {
        live.members()
                .forEach((participant, member) ->
                        live.faults().guard(participant, FaultPlace.TIMEOUT, () -> resend(member.transport)));
    }

    private void resend(MemberTransport transport) {
        int resendsMax = live.settings().desiredResendsMax();
        if (transport.reportAgain(resendsMax)) {
            report(transport);
        }
        transport.resend(resendsMax).ifPresent(desired -> {
            live.environment().statistics().countDesiredResent();
            // The next repeat is scheduled first. Otherwise a fault below would end the repeats for the other members.
            scheduleResend();
            mediaNodes.deliver(transport.mediaNode(), desired);
            if (transport.isGivenUp(resendsMax)) {
                live.log().warn("No router acknowledges the state of {}", transport.id());
            }
        });
        transport.pending().repeat(resendsMax).ifPresent(said -> say(transport, said));
    }

    // --- descriptions

    void handOn(ParticipantSid participant, List<ConnectionDescription> descriptions) {
        Member member = live.members().get(participant);
        if (member == null) {
            return;
        }
        MemberTransport transport = member.transport;
        for (ConnectionDescription each : descriptions) {
            // A description of another connection is ignored, because that connection is closed or unknown.
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
