package org.rotunda.room;

import java.util.List;
import java.util.Set;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;

/**
 * Which connections of a live call cannot stay where they are, and what each could keep. Where they go, the entity decides and journals.
 * Owned by the conductor.
 */
final class CallMoves {
    /** So many nodes may refuse a transport before its participant is left without: each try moves everybody who is with it. */
    static final int REFUSALS_MAX = 3;

    private final LiveRoom live;
    private final MediaReach reach;
    private final CallTransports transports;
    private boolean mediaNodesKnown = true;

    CallMoves(LiveRoom live, MediaReach reach, CallTransports transports) {
        this.live = live;
        this.reach = reach;
        this.transports = transports;
    }

    // --- media nodes come and go

    /** The process may be so young that it has not found all media nodes: one that is not there may not be lost. */
    void awaitMediaNodes() {
        mediaNodesKnown = false;
    }

    void onMediaNodesKnown() {
        mediaNodesKnown = true;
        leaveLostNodes();
    }

    void onMediaNodesChanged() {
        reach.newcomers().forEach(transports::takeUp);
        leaveLostNodes();
        live.calls().forEach((participant, call) -> {
            if (call.refusedBy.isEmpty()) {
                replaceIfNeeded(participant, call); // The entity may have had no node when it was asked.
            }
        });
    }

    /** All of a node at once: one write, and everybody's offer follows. */
    void leaveLostNodes() {
        live.calls().values().stream()
                .map(call -> call.transport.mediaNode())
                .distinct()
                .filter(this::isLost)
                .forEach(node -> ask(node, Set.of()));
    }

    private boolean isLost(String mediaNode) {
        return !reach.isLive(mediaNode) && (mediaNodesKnown || reach.wasSeen(mediaNode));
    }

    void onMoveTransports(RoomCommand.MoveTransports request) {
        live.ask(new CallReport.Move(request.mediaNode(), Set.of(), movers(request.mediaNode()), request.replyTo()));
    }

    private void ask(String mediaNode, Set<String> avoided) {
        List<CallReport.Mover> movers = movers(mediaNode);
        if (!movers.isEmpty()) {
            live.ask(new CallReport.Move(mediaNode, avoided, movers, null));
        }
    }

    /** Everybody on a node. Who has neither a connection that can be moved nor a socket to be told of another waits for its sync. */
    private List<CallReport.Mover> movers(String mediaNode) {
        return live.calls().entrySet().stream()
                .filter(each -> each.getValue().transport.mediaNode().equals(mediaNode))
                .filter(each -> each.getValue().session != null
                        || each.getValue().transport.isMovable())
                .map(each -> new CallReport.Mover(
                        each.getKey(), each.getValue().transport.isMovable()))
                .toList();
    }

    // --- single connections

    /** Somebody has a socket now and can be told of another connection. */
    void onAttached(ParticipantSid participant) {
        Call call = live.calls().get(participant);
        if (call == null) {
            return;
        }
        if (isLost(call.transport.mediaNode())) {
            ask(call.transport.mediaNode(), Set.of());
        } else {
            replaceIfNeeded(participant, call);
        }
    }

    private void replaceIfNeeded(ParticipantSid participant, Call call) {
        if (call.session != null && call.transport.isToBeReplaced() && reach.isLive(call.transport.mediaNode())) {
            renew(participant, call);
        }
    }

    private void renew(ParticipantSid participant, Call call) {
        call.transport.onReplacementAsked();
        live.ask(new CallReport.RenewConnection(participant, call.transport.id().connectionId()));
    }

    /** One fresh connection; a client that does not answer there either is left with what it has. */
    void onAnswerOverdue(ParticipantSid participant, Call call, MediaEvent.AnswerOverdue overdue) {
        live.log().info("No answer to offer {} of {}", overdue.revision(), overdue.transport());
        live.environment().statistics().countAnswerOverdue();
        transports.leave(call);
        if (call.session == null) {
            return; // It cannot answer now, and hears of the offer again when it syncs.
        }
        if (call.renewed) {
            live.environment().statistics().countAnswerGivenUp();
            live.log()
                    .warn(
                            "Participant {} in room {} answers no offer on a fresh connection either: given up",
                            participant,
                            live.sid());
        } else {
            call.renewed = true;
            renew(participant, call);
        }
    }

    /** The router has closed the connection by itself. */
    void onClosed(ParticipantSid participant, Call call) {
        live.log().info("Closed by its router: {}", call.transport.id());
        onMissing(participant, call);
    }

    /** The router does not have a transport that the room has: it is opened once more, or the client gets another connection. */
    void onUnknown(ParticipantSid participant, Call call) {
        if (call.transport.mayOpenAgain()) {
            transports.openAgain(call.transport);
        } else {
            onMissing(participant, call);
        }
    }

    /** The client needs another connection, and hears of it as soon as it has a socket. */
    private void onMissing(ParticipantSid participant, Call call) {
        call.transport.onMissing();
        if (call.session != null) {
            renew(participant, call);
        }
    }

    /** The node takes no more: whoever of this room is there goes on together on another one, because a room is forwarded within a node. */
    void onRefused(Call call) {
        CallTransport transport = call.transport;
        transport.onMissing();
        if (call.refusedBy.contains(transport.mediaNode())) {
            return; // A second command of the same attempt.
        }
        if (call.refusedBy.size() == REFUSALS_MAX) {
            live.log().warn("No media node takes {}: given up", transport.id());
            return;
        }
        call.refusedBy.add(transport.mediaNode());
        ask(transport.mediaNode(), call.refusedBy);
    }
}
