package org.rotunda.room.call;

import java.util.List;
import java.util.Set;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;

/**
 * The part of a live call that finds connections which cannot stay on their media node, and reports which participants
 * could keep their connection in a move. The entity decides where participants go, and journals the decision. Owned by
 * the conductor.
 */
final class CallMoves {
    /**
     * The number of media nodes that may refuse a participant before it stays without media. Each further try would
     * move everybody on the same node again.
     */
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

    /** Notes that this process may not have found all media nodes yet, so that a missing node need not be lost. */
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
                // The entity may have had no media node when it was asked before.
                replaceIfNeeded(participant, member);
            }
        });
    }

    /** Asks for new nodes for the members on lost nodes: one request, and so one journal write, for each lost node. */
    void leaveLostNodes() {
        live.members().values().stream()
                .map(member -> member.transport.mediaNode())
                .distinct()
                .filter(this::isLost)
                .forEach(node -> ask(node, Set.of(), MoveReason.NODE_LOST));
    }

    private boolean isLost(String mediaNode) {
        return !mediaNodes.isLive(mediaNode) && (mediaNodesKnown || mediaNodes.wasSeen(mediaNode));
    }

    void onMoveTransports(RoomCommand.MoveTransports request) {
        noteReason(request.mediaNode(), MoveReason.REQUESTED);
        live.ask(new CallReport.Move(request.mediaNode(), Set.of(), movers(request.mediaNode()), request.replyTo()));
    }

    private void ask(String mediaNode, Set<String> avoided, MoveReason reason) {
        noteReason(mediaNode, reason);
        List<CallReport.Mover> movers = movers(mediaNode);
        if (!movers.isEmpty()) {
            live.ask(new CallReport.Move(mediaNode, avoided, movers, null));
        }
    }

    /**
     * Lists the members on a node. A member is left out if it has neither a connection to move nor a socket that could
     * tell its client of a new connection; such a member waits until its client syncs.
     */
    private List<CallReport.Mover> movers(String mediaNode) {
        return live.members().entrySet().stream()
                .filter(each -> each.getValue().transport.mediaNode().equals(mediaNode))
                .filter(each -> each.getValue().socket != null
                        || each.getValue().transport.isMovable())
                .map(each -> new CallReport.Mover(
                        each.getKey(), each.getValue().transport.isMovable()))
                .toList();
    }

    /** Notes the reason for which the members on a node are about to move; statistics count it when they do. */
    private void noteReason(String mediaNode, MoveReason reason) {
        for (Member member : live.members().values()) {
            if (member.transport.mediaNode().equals(mediaNode)) {
                member.moveReason = reason;
            }
        }
    }

    // --- single connections

    /** Gives a member with a new socket another connection if it needs one. */
    void onAttached(ParticipantSid participant) {
        Member member = live.members().get(participant);
        if (member == null) {
            return;
        }
        if (isLost(member.transport.mediaNode())) {
            ask(member.transport.mediaNode(), Set.of(), MoveReason.NODE_LOST);
        } else {
            replaceIfNeeded(participant, member);
        }
    }

    private void replaceIfNeeded(ParticipantSid participant, Member member) {
        if (member.socket != null
                && member.transport.isToBeReplaced()
                && mediaNodes.isLive(member.transport.mediaNode())) {
            renew(participant, member);
        }
    }

    private void renew(ParticipantSid participant, Member member) {
        member.transport.onReplacementRequested();
        member.moveReason = MoveReason.CONNECTION_RENEWED;
        live.ask(new CallReport.RenewConnection(
                participant, member.transport.id().connectionId()));
    }

    /**
     * Gives a client that does not answer an offer one new connection. If the client does not answer on that connection
     * either, the room gives up and leaves the connection as it is.
     */
    void onAnswerOverdue(ParticipantSid participant, Member member, MediaEvent.AnswerOverdue overdue) {
        live.log().info("No answer to offer {} of {}", overdue.revision(), overdue.transport());
        live.environment().statistics().countAnswerOverdue();
        transports.leave(member);
        if (member.socket == null) {
            return; // The client cannot answer without a socket. Its next sync repeats the offer.
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

    /** Gives the client another connection, because the router has closed the present one on its own. */
    void onClosed(ParticipantSid participant, Member member) {
        live.log().info("Closed by its router: {}", member.transport.id());
        onMissing(participant, member);
    }

    /**
     * Opens a transport again that the router does not have. If that is not possible, the client gets another
     * connection.
     */
    void onUnknown(ParticipantSid participant, Member member) {
        if (member.transport.mayOpenAgain()) {
            transports.openAgain(member.transport);
        } else {
            onMissing(participant, member);
        }
    }

    /**
     * Notes that the client needs another connection. The entity is asked for the connection as soon as the client has
     * a socket.
     */
    private void onMissing(ParticipantSid participant, Member member) {
        member.transport.onMissing();
        if (member.socket != null) {
            renew(participant, member);
        }
    }

    /**
     * Moves everybody of this room off a node that accepts no more transports, because a room is forwarded within one
     * node.
     */
    void onRefused(Member member) {
        MemberTransport transport = member.transport;
        transport.onMissing();
        if (member.refusedBy.contains(transport.mediaNode())) {
            return; // The node has already refused another command in the same attempt.
        }
        if (member.refusedBy.size() == REFUSALS_MAX) {
            live.log().warn("No media node takes {}: given up", transport.id());
            return;
        }
        member.refusedBy.add(transport.mediaNode());
        ask(transport.mediaNode(), member.refusedBy, MoveReason.NODE_REFUSED);
    }
}
