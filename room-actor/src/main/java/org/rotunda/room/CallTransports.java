package org.rotunda.room;

import java.time.Duration;
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
import org.rotunda.room.ConductorCommand.LeaveDue;
import org.rotunda.room.ConductorCommand.ResendDue;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;

/** Makes the transports of a live call agree with the room's state: opens, moves, closes, and tells each what it should be. Owned by
 * the conductor. */
final class CallTransports {
    /** A client that has not followed a move for so long is not waited for any more: as long as an answer may take. */
    static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(10);

    private final LiveRoom live;
    private final MediaReach reach;
    private final TimerScheduler<ConductorCommand> timers;

    CallTransports(LiveRoom live, MediaReach reach, TimerScheduler<ConductorCommand> timers) {
        this.live = live;
        this.reach = reach;
        this.timers = timers;
    }

    // --- the state changes

    /**
     * Takes over what an owner before this one has opened, as the journal says: the media nodes end what the room wants no more, and
     * tell what they know of the rest.
     */
    void recover(OpenRoom now) {
        for (Participant participant : now.participants()) {
            CallTransport transport = CallTransport.recovered(live.sid(), participant.sid(), participant.placement());
            live.calls().put(participant.sid(), new Call(transport));
        }
        reach.look().forEach(this::takeUp);
    }

    /** The node came, came back, or knows another owner of this room: it hears all that the room wants of it. */
    void takeUp(String mediaNode) {
        List<Call> there = live.calls().values().stream()
                .filter(call -> call.transport.mediaNode().equals(mediaNode))
                .toList();
        reach.retain(
                mediaNode, there.stream().map(call -> call.transport.id()).collect(Collectors.toUnmodifiableSet()));
        for (Call call : there) {
            report(call.transport);
            if (call.transport.mayOpenAgain()) {
                openAgain(call.transport);
            } else {
                tellAgain(call.transport);
            }
        }
    }

    /** The router may not know the transport, nor anything that it was told of it. To one that does this is a repeat. */
    void openAgain(CallTransport transport) {
        open(transport);
        tellAgain(transport);
    }

    private void tellAgain(CallTransport transport) {
        transport.repeat().ifPresent(desired -> {
            reach.carry(transport.mediaNode(), desired);
            scheduleResend();
        });
        transport.unheard().description().ifPresent(said -> say(transport, said));
    }

    private void report(CallTransport transport) {
        if (transport.isReportAwaited()) {
            reach.carry(transport.mediaNode(), new MediaCommand.ReportTransport(transport.id(), live.epoch()));
            scheduleResend();
        }
    }

    void follow(OpenRoom next) {
        for (Participant participant : next.participants()) {
            Call call = live.calls().get(participant.sid());
            if (call == null) {
                call = new Call(new CallTransport(live.sid(), participant.sid(), participant.placement()));
                live.calls().put(participant.sid(), call);
                live.log("participant is in the call", participant.sid());
                open(call.transport);
            } else if (!call.transport.isAt(participant.placement())) {
                move(call, participant);
            }
        }
    }

    /** The same connection goes on at the other node, by that node's offer; one that cannot is closed and begun anew. */
    private void move(Call call, Participant participant) {
        leave(call); // Of a move that was not finished.
        CallTransport old = call.transport;
        if (old.id().connectionId().equals(participant.placement().connectionId())) {
            call.transport = old.movedTo(participant.placement().mediaNode());
            call.followed = false;
            live.environment().statistics().countMoved();
            open(call.transport);
            if (reach.isLive(old.mediaNode())) {
                call.left = old;
                timers.startSingleTimer("leave " + old.mediaNode(), new LeaveDue(old.mediaNode()), FOLLOWED_WITHIN);
            } else {
                close(old, false); // In vain now; should the node come back, it will be told.
                repeat(call.transport, List.of());
            }
        } else {
            close(old, false);
            call.transport = CallTransport.askedFor(live.sid(), participant.sid(), participant.placement());
            open(call.transport);
            call.tellReplaced(old.farewell());
        }
    }

    /**
     * A client has followed. The node before a move has work to do until all have who publish data: it takes what they still send there,
     * for everybody who was there.
     */
    void onFollowed(Call call) {
        call.followed = true;
        CallTransport left = call.left;
        if (left == null) {
            return;
        }
        List<Call> leaving = leaving(left.mediaNode());
        if (leaving.stream().allMatch(each -> each.followed || !publishesData(each))) {
            leaving.stream().filter(each -> each.followed).forEach(this::leave);
        }
    }

    /** Enough time has passed for everybody to follow. */
    void onLeaveDue(String mediaNode) {
        leaving(mediaNode).forEach(this::leave);
    }

    private List<Call> leaving(String mediaNode) {
        return live.calls().values().stream()
                .filter(call -> call.left != null && call.left.mediaNode().equals(mediaNode))
                .toList();
    }

    private boolean publishesData(Call call) {
        return live.participant(new ParticipantSid(call.transport.id().participantSid())).stream()
                .flatMap(participant -> participant.publications().stream())
                .anyMatch(track -> track.kind() == TrackKind.DATA);
    }

    /** What the node before a move could not deliver goes first at the next one, which waits for it. */
    void repeat(CallTransport transport, List<DataMessage> messages) {
        reach.carry(transport.mediaNode(), new MediaCommand.RepeatMessages(transport.id(), live.epoch(), messages));
    }

    /** Closes the transport before a move, which then tells what the client may not have got of it. */
    void leave(Call call) {
        CallTransport left = call.left;
        if (left != null) {
            call.left = null;
            close(left, false);
            if (!reach.isLive(left.mediaNode())) {
                repeat(call.transport, List.of());
            }
        }
    }

    void open(CallTransport transport) {
        live.state()
                .map(state -> Set.copyOf(state.properties().videoCodecs()))
                .ifPresent(codecs -> reach.carry(transport.mediaNode(), transport.opening(live.epoch(), codecs)));
    }

    private void close(CallTransport transport, boolean notifyPeer) {
        reach.carry(transport.mediaNode(), new MediaCommand.CloseTransport(transport.id(), live.epoch(), notifyPeer));
    }

    void end(Call call) {
        leave(call);
        close(call.transport, true);
    }

    // --- desired states

    void desireAll(OpenRoom now) {
        now.participants().forEach(participant -> desire(now, participant));
    }

    void desire(OpenRoom now, Participant participant) {
        Call call = live.calls().get(participant.sid());
        if (call != null) {
            call.desire(now, participant, live.epoch()).ifPresent(desired -> {
                reach.carry(call.transport.mediaNode(), desired);
                scheduleResend();
            });
        }
    }

    void limitLayers(RoomCommand.LimitLayers request) {
        OpenRoom now = live.state().orElse(null);
        Optional<Participant> subscriber = live.participant(request.subscriber());
        Call call = live.calls().get(request.subscriber());
        if (now == null || subscriber.isEmpty() || call == null) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        } else if (ClientView.subscriptions(now, subscriber.get())
                .noneMatch(wanted -> wanted.track().sid().equals(request.track()))) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.TRACK_INVALID)));
        } else {
            call.limit(request.track(), request.layers());
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

    /** Messages may be lost on their way: what has no answer is said again, so many times. */
    void resend() {
        int resendsMax = live.settings().desiredResendsMax();
        for (Call call : live.calls().values()) {
            CallTransport transport = call.transport;
            if (transport.reportAgain(resendsMax)) {
                report(transport);
            }
            transport.resend(resendsMax).ifPresent(desired -> {
                live.environment().statistics().countDesiredResent();
                reach.carry(transport.mediaNode(), desired);
                scheduleResend();
                if (transport.isGivenUp(resendsMax)) {
                    live.log().warn("No router acknowledges the state of {}", transport.id());
                }
            });
            transport.unheard().repeat(resendsMax).ifPresent(said -> say(transport, said));
        }
    }

    // --- descriptions

    void handOn(ParticipantSid participant, List<ConnectionDescription> descriptions) {
        Call call = live.calls().get(participant);
        if (call == null) {
            return;
        }
        CallTransport transport = call.transport;
        for (ConnectionDescription each : descriptions) {
            if (each.connectionId().equals(transport.id().connectionId())) { // Others were closed, or never ours.
                call.onFollowed();
                transport.unheard().onSaid(each.description());
                say(transport, each.description());
            }
        }
    }

    private void say(CallTransport transport, Description description) {
        var remote = new MediaCommand.RemoteDescription(transport.id(), live.epoch(), description);
        if (reach.carry(transport.mediaNode(), remote)) {
            transport.unheard().onSent();
        }
        if (transport.unheard().description().isPresent()) {
            scheduleResend();
        }
    }
}
