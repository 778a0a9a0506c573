package org.rotunda.room.call;

import java.util.List;
import java.util.Set;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.mediaplane.MediaNodesChanged;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.state.Departure;

/**
 * Finds the connections of a live call that must leave their media node, and reports them to the entity. The entity
 * decides where they go, and journals the decision. Owned by the conductor.
 */
final class CallMoves {
    /**
     * The number of media nodes in a row that may refuse a participant's transport. After each of these refusals the
     * participant is moved to another node. If one more node refuses the transport, the participant leaves the room.
     * The number is small, because each move takes all participants of the room off a node.
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

    // --- changes of the media nodes

    /**
     * Notes that this process may not have found all media nodes yet. Until {@link #onMediaNodesKnown}, a missing node
     * counts as lost only if it was seen before.
     */
    void awaitMediaNodes() {
        mediaNodesKnown = false;
    }

    void onMediaNodesKnown() {
        mediaNodesKnown = true;
        leaveLostNodes();
    }

    /**
     * Handles a change of the media nodes. The members are checked only if a node has come, or if a node that the room
     * has used has gone.
     */
    void onMediaNodesChanged(MediaNodesChanged changed) {
        mediaNodes.newcomers(changed.came()).forEach(transports::takeUp);
        if (changed.came().isEmpty() && changed.went().stream().noneMatch(mediaNodes::isUsed)) {
            return;
        }
        leaveLostNodes();
        live.members().forEach((participant, member) -> {
            if (member.refusedBy.isEmpty()) {
                // A request for a replacement is repeated, because an earlier request may have found no suitable node.
                live.faults().guard(participant, FaultPlace.MEDIA, () -> replaceIfNeeded(participant, member));
            }
        });
    }

    /**
     * Asks the entity to move the members off lost nodes. Each lost node costs one request, and so one journal write.
     */
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

    /** Moves everybody off a media node that is drained, if possible to the media node that it names. */
    void onLeaveAsked(MediaNode.LeaveAsked request) {
        noteReason(request.mediaNode(), MoveReason.NODE_DRAINED);
        live.ask(new CallReport.Move(
                request.mediaNode(), Set.of(), movers(request.mediaNode()), request.target(), request.replyTo()));
    }

    private void ask(String mediaNode, Set<String> avoided, MoveReason reason) {
        noteReason(mediaNode, reason);
        List<CallReport.Mover> movers = movers(mediaNode);
        if (!movers.isEmpty()) {
            live.ask(new CallReport.Move(mediaNode, avoided, movers, null));
        }
    }

    /**
     * Lists the members that are on this node and can move now. A member can move if another node can continue its
     * connection, or if it has a socket on which its client can be told to open a new connection. Any other member
     * waits until its client syncs.
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

    /** Notes why the members on a node are about to move. The statistics count the reason with the move. */
    private void noteReason(String mediaNode, MoveReason reason) {
        for (Member member : live.members().values()) {
            if (member.transport.mediaNode().equals(mediaNode)) {
                member.moveReason = reason;
            }
        }
    }

    // --- single connections

    /**
     * Checks the connection of a member that has just got a socket. If the media node of the connection is lost, or the
     * connection must be replaced, the entity is asked for another connection.
     */
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
     * Replaces the connection of a client that has not answered an offer. If the client does not answer on the new
     * connection either, the room keeps that connection and makes no further attempt.
     */
    void onAnswerOverdue(ParticipantSid participant, Member member, MediaEvent.AnswerOverdue overdue) {
        live.log().info("No answer to offer {} of {}", overdue.revision(), overdue.transport());
        live.environment().statistics().countAnswerOverdue();
        transports.leave(member);
        if (member.socket == null) {
            return; // Without a socket the client cannot answer. The reply to its next sync contains the offer again.
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

    /**
     * Replaces a connection that the router itself has closed. If routers close the connections of a client too often,
     * the client probably causes a defect in the routers, so its participant must leave.
     */
    void onClosed(ParticipantSid participant, Member member) {
        live.log().info("Closed by its router: {}", member.transport.id());
        if (member.isClosedTooOften(live.environment().clock().instant())) {
            live.faults().end(participant, FaultPlace.TRANSPORT, null);
        } else {
            onMissing(participant, member);
        }
    }

    /**
     * Opens the transport again, because the router does not have it. If the room must not open the transport again,
     * the client gets another connection.
     */
    void onUnknown(ParticipantSid participant, Member member) {
        if (member.transport.mayOpenAgain()) {
            transports.openAgain(member.transport);
        } else {
            onMissing(participant, member);
        }
    }

    /**
     * Notes that the client needs another connection. The entity is asked for that connection as soon as the client has
     * a socket.
     */
    private void onMissing(ParticipantSid participant, Member member) {
        member.transport.onMissing();
        if (member.socket != null) {
            renew(participant, member);
        }
    }

    /**
     * Asks the entity to move the room off a node that accepts no more transports. Everybody on the node moves, because
     * media is forwarded only within one node.
     */
    void onRefused(ParticipantSid participant, Member member) {
        MemberTransport transport = member.transport;
        transport.onMissing();
        if (member.refusedBy.contains(transport.mediaNode())) {
            // The node has already refused an earlier command for this member, so the move is already requested.
            return;
        }
        member.refusedBy.add(transport.mediaNode());
        if (member.refusedBy.size() > REFUSALS_MAX) {
            giveUp(participant, member);
        } else {
            ask(transport.mediaNode(), member.refusedBy, MoveReason.NODE_REFUSED);
        }
    }

    /** Ends the members that this node has refused. Called when no other node can take them. */
    void onNowhereToMove(String mediaNode) {
        live.members().forEach((participant, member) -> {
            if (member.transport.mediaNode().equals(mediaNode) && member.refusedBy.contains(mediaNode)) {
                giveUp(participant, member);
            }
        });
    }

    /** Ends a member that no media node accepts. Without media the client would wait for ever. */
    private void giveUp(ParticipantSid participant, Member member) {
        live.log().warn("No media node takes {}: given up", member.transport.id());
        live.ask(new CallReport.MemberEnded(participant, Departure.NO_MEDIA_NODE));
    }
}
