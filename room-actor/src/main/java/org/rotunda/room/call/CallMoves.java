package org.rotunda.room.call;

import java.util.List;
import java.util.Set;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;

/**
 * The part of a live call that finds connections which cannot stay on their media node, and reports what each of them could keep. The
 * entity decides where they go, and journals it. Owned by the conductor.
 */
final class CallMoves {
    /** After so many refusing nodes a participant stays without media: each further try would move everybody on the same node again. */
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

    /** Notes that this process may not have found all media nodes yet, so that a missing one need not be lost. */
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
                replaceIfNeeded(participant, member); // The entity may have had no media node when it was asked before.
            }
        });
    }

    /** Asks for another node for everybody on a lost one: all at once, so that the entity journals one write for each node. */
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
        live.ask(new CallReport.Move(
                request.mediaNode(), Set.of(), movers(request.mediaNode(), MoveReason.REQUESTED), request.replyTo()));
    }

    private void ask(String mediaNode, Set<String> avoided, MoveReason reason) {
        List<CallReport.Mover> movers = movers(mediaNode, reason);
        if (!movers.isEmpty()) {
            live.ask(new CallReport.Move(mediaNode, avoided, movers, null));
        }
    }

    /**
     * Lists everybody on a node. A member that has neither a connection to move nor a socket that could hear of a new one is left out: it
     * waits for its client's sync.
     */
    private List<CallReport.Mover> movers(String mediaNode, MoveReason reason) {
        live.members().values().stream()
                .filter(member -> member.transport.mediaNode().equals(mediaNode))
                .forEach(member -> member.moveReason = reason);
        return live.members().entrySet().stream()
                .filter(each -> each.getValue().transport.mediaNode().equals(mediaNode))
                .filter(each -> each.getValue().socket != null
                        || each.getValue().transport.isMovable())
                .map(each -> new CallReport.Mover(
                        each.getKey(), each.getValue().transport.isMovable()))
                .toList();
    }

    // --- single connections

    /** Gives a member whose socket is new the connection that it needs. */
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

    /** Gives a client that does not answer one new connection; a client that does not answer there either keeps it. */
    void onAnswerOverdue(ParticipantSid participant, Member member, MediaEvent.AnswerOverdue overdue) {
        live.log().info("No answer to offer {} of {}", overdue.revision(), overdue.transport());
        live.environment().statistics().countAnswerOverdue();
        transports.leave(member);
        if (member.socket == null) {
            return; // The client cannot answer without a socket; its sync repeats the offer.
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

    /** Gives the client another connection, because the router has closed this one by itself. */
    void onClosed(ParticipantSid participant, Member member) {
        live.log().info("Closed by its router: {}", member.transport.id());
        onMissing(participant, member);
    }

    /** Opens a transport once more that the router does not have; if that is not possible, the client gets another connection. */
    void onUnknown(ParticipantSid participant, Member member) {
        if (member.transport.mayOpenAgain()) {
            transports.openAgain(member.transport);
        } else {
            onMissing(participant, member);
        }
    }

    /** Notes that the client needs another connection; it is told as soon as it has a socket. */
    private void onMissing(ParticipantSid participant, Member member) {
        member.transport.onMissing();
        if (member.socket != null) {
            renew(participant, member);
        }
    }

    /** Moves everybody of this room off a node that takes no more transports: a room is forwarded within one node. */
    void onRefused(Member member) {
        MemberTransport transport = member.transport;
        transport.onMissing();
        if (member.refusedBy.contains(transport.mediaNode())) {
            return; // The node has refused another command of the same attempt before.
        }
        if (member.refusedBy.size() == REFUSALS_MAX) {
            live.log().warn("No media node takes {}: given up", transport.id());
            return;
        }
        member.refusedBy.add(transport.mediaNode());
        ask(transport.mediaNode(), member.refusedBy, MoveReason.NODE_REFUSED);
    }
}
