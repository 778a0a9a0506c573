package org.rotunda.room.call;

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
    private final MediaNodeLink mediaNodes;
    private final CallTransports transports;
    private boolean mediaNodesKnown = true;

    CallMoves(LiveRoom live, MediaNodeLink mediaNodes, CallTransports transports) {
        this.live = live;
        this.mediaNodes = mediaNodes;
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
        mediaNodes.newcomers().forEach(transports::takeUp);
        leaveLostNodes();
        live.members().forEach((participant, member) -> {
            if (member.refusedBy.isEmpty()) {
                replaceIfNeeded(participant, member); // The entity may have had no node when it was asked.
            }
        });
    }

    /** All of a node at once: one write, and everybody's offer follows. */
    void leaveLostNodes() {
        live.members().values().stream()
                .map(member -> member.transport.mediaNode())
                .distinct()
                .filter(this::isLost)
                .forEach(node -> ask(node, Set.of()));
    }

    private boolean isLost(String mediaNode) {
        return !mediaNodes.isLive(mediaNode) && (mediaNodesKnown || mediaNodes.wasSeen(mediaNode));
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
        return live.members().entrySet().stream()
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
        Member member = live.members().get(participant);
        if (member == null) {
            return;
        }
        if (isLost(member.transport.mediaNode())) {
            ask(member.transport.mediaNode(), Set.of());
        } else {
            replaceIfNeeded(participant, member);
        }
    }

    private void replaceIfNeeded(ParticipantSid participant, Member member) {
        if (member.session != null
                && member.transport.isToBeReplaced()
                && mediaNodes.isLive(member.transport.mediaNode())) {
            renew(participant, member);
        }
    }

    private void renew(ParticipantSid participant, Member member) {
        member.transport.onReplacementAsked();
        live.ask(new CallReport.RenewConnection(
                participant, member.transport.id().connectionId()));
    }

    /** One fresh connection; a client that does not answer there either is left with what it has. */
    void onAnswerOverdue(ParticipantSid participant, Member member, MediaEvent.AnswerOverdue overdue) {
        live.log().info("No answer to offer {} of {}", overdue.revision(), overdue.transport());
        live.environment().statistics().countAnswerOverdue();
        transports.leave(member);
        if (member.session == null) {
            return; // It cannot answer now, and hears of the offer again when it syncs.
        }
        if (member.renewed) {
            live.environment().statistics().countAnswerGivenUp();
            live.log()
                    .warn(
                            "Participant {} in room {} answers no offer on a fresh connection either: given up",
                            participant,
                            live.sid());
        } else {
            member.renewed = true;
            renew(participant, member);
        }
    }

    /** The router has closed the connection by itself. */
    void onClosed(ParticipantSid participant, Member member) {
        live.log().info("Closed by its router: {}", member.transport.id());
        onMissing(participant, member);
    }

    /** The router does not have a transport that the room has: it is opened once more, or the client gets another connection. */
    void onUnknown(ParticipantSid participant, Member member) {
        if (member.transport.mayOpenAgain()) {
            transports.openAgain(member.transport);
        } else {
            onMissing(participant, member);
        }
    }

    /** The client needs another connection, and hears of it as soon as it has a socket. */
    private void onMissing(ParticipantSid participant, Member member) {
        member.transport.onMissing();
        if (member.session != null) {
            renew(participant, member);
        }
    }

    /** The node takes no more: whoever of this room is there goes on together on another one, because a room is forwarded within a node. */
    void onRefused(Member member) {
        MemberTransport transport = member.transport;
        transport.onMissing();
        if (member.refusedBy.contains(transport.mediaNode())) {
            return; // A second command of the same attempt.
        }
        if (member.refusedBy.size() == REFUSALS_MAX) {
            live.log().warn("No media node takes {}: given up", transport.id());
            return;
        }
        member.refusedBy.add(transport.mediaNode());
        ask(transport.mediaNode(), member.refusedBy);
    }
}
