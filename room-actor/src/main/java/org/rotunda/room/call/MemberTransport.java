package org.rotunda.room.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionNotice;

/**
 * One member's transport on one media node: the state that the room desires, and the router's progress towards it. The
 * desired state is sent again until the router acknowledges it, because messages may be lost. Owned by the conductor.
 */
final class MemberTransport {
    /** The number of unanswered open commands after which the room stops opening the transport on this router. */
    private static final int OPENS_MAX = 3;

    /** The evidence that the router has the transport. */
    private enum Phase {
        /** The room has opened the transport, or is about to, and the router has not mentioned it yet. */
        OPENING,
        /**
         * An earlier owner of the room has opened the transport, and the router has not mentioned it to this owner yet.
         */
        TAKEN_OVER,
        /** The router has mentioned the transport, so it has the transport. */
        KNOWN
    }

    /** The need of the client for another connection in place of this one. */
    private enum Replacement {
        NONE,
        /** The router does not have the transport and cannot be given it. */
        NEEDED,
        /** The entity was asked for another connection. It may have had no media node for that connection. */
        REQUESTED
    }

    private final TransportId id;
    private final String mediaNode;
    private Phase phase = Phase.OPENING;
    private Replacement replacement = Replacement.NONE;
    private int opens;
    private @Nullable DesiredTransport desired;
    private boolean acknowledged = true; // Nothing has been sent yet, so nothing is outstanding.
    private int resends;
    private boolean reportAwaited;
    private int reports;
    // The last local description: the router's, or our request for the client's first offer.
    private @Nullable Description latest;
    private @Nullable TransportHandover handover; // The data that the next node needs to continue the connection.
    // True once the client has an answer or an offer, from this node or from an earlier node.
    private boolean negotiated;
    private final PendingDescription pending = new PendingDescription();

    MemberTransport(RoomSid room, ParticipantSid participant, Placement placement) {
        this(new TransportId(room.value(), participant.value(), placement.connectionId()), placement.mediaNode());
    }

    private MemberTransport(TransportId id, String mediaNode) {
        this.id = id;
        this.mediaNode = mediaNode;
    }

    /** Returns a new connection. The room asks the client for its first offer with revision 1. */
    static MemberTransport askedFor(RoomSid room, ParticipantSid participant, Placement placement) {
        MemberTransport transport = new MemberTransport(room, participant, placement);
        transport.latest = new Description(Description.Type.CREATE_OFFER, 1, "");
        return transport;
    }

    /**
     * Returns a connection that an earlier owner of the room has opened. The router must report the connection's state.
     */
    static MemberTransport recovered(RoomSid room, ParticipantSid participant, Placement placement) {
        MemberTransport transport = new MemberTransport(room, participant, placement);
        transport.phase = Phase.TAKEN_OVER;
        transport.reportAwaited = true;
        return transport;
    }

    /** Returns the same connection on another node, whose router knows nothing of it yet. */
    MemberTransport movedTo(String otherNode) {
        MemberTransport moved = new MemberTransport(id, otherNode);
        moved.handover = handover;
        moved.negotiated = negotiated;
        return moved;
    }

    TransportId id() {
        return id;
    }

    String mediaNode() {
        return mediaNode;
    }

    boolean isAt(Placement placement) {
        return mediaNode.equals(placement.mediaNode()) && id.connectionId().equals(placement.connectionId());
    }

    // --- opening

    /** Returns the command that opens the transport, for the first time or again because the first command was lost. */
    MediaCommand.OpenTransport opening(long epoch, Set<VideoCodec> codecs) {
        opens++;
        return new MediaCommand.OpenTransport(id, epoch, codecs, handover().orElse(null), isAskedFor());
    }

    private boolean isAskedFor() {
        Description description = latest;
        return description != null && description.type() == Description.Type.CREATE_OFFER;
    }

    /**
     * Returns whether the room may open the transport again: the router has not mentioned it, and has not ignored too
     * many open commands.
     */
    boolean mayOpenAgain() {
        return phase == Phase.OPENING && opens < OPENS_MAX;
    }

    void onHeard() {
        phase = Phase.KNOWN;
        if (replacement == Replacement.NEEDED) {
            replacement = Replacement.NONE;
        }
    }

    void onMissing() {
        if (replacement == Replacement.NONE) {
            replacement = Replacement.NEEDED;
        }
        reportAwaited = false;
    }

    void onReplacementRequested() {
        replacement = Replacement.REQUESTED;
    }

    boolean isToBeReplaced() {
        return replacement != Replacement.NONE;
    }

    // --- the report after a take-over or an absence

    /**
     * Notes that the media node is back after this process had missed it. Events of the router may have been lost
     * meanwhile, so the router must report the state of a transport that it has.
     */
    void onNodeBack() {
        if (phase == Phase.KNOWN) {
            reportAwaited = true;
            reports = 0;
        }
    }

    boolean isReportAwaited() {
        return reportAwaited;
    }

    /** Counts one more request for the report. Returns false if the report is there or was requested too often. */
    boolean reportAgain(int reportsMax) {
        return reportAwaited && reports++ < reportsMax;
    }

    void onReported() {
        reportAwaited = false;
    }

    // --- the desired state

    /** Returns the state to send; empty if it equals the last state and belongs to the same epoch. */
    Optional<DesiredTransport> desire(
            long epoch,
            List<DesiredTransport.Publication> publications,
            List<DesiredTransport.Subscription> subscriptions,
            List<DesiredTransport.Channel> channels) {
        DesiredTransport old = desired;
        if (old != null
                && old.epoch() == epoch
                && old.publications().equals(publications)
                && old.subscriptions().equals(subscriptions)
                && old.channels().equals(channels)) {
            return Optional.empty();
        }
        long version = old == null ? 1 : old.version() + 1;
        DesiredTransport next = new DesiredTransport(id, epoch, version, publications, subscriptions, channels);
        desired = next;
        acknowledged = false;
        resends = 0;
        return Optional.of(next);
    }

    void onApplied(MediaEvent.DesiredApplied applied) {
        DesiredTransport sent = desired;
        if (sent != null && applied.epoch() == sent.epoch() && applied.version() == sent.version()) {
            acknowledged = true;
        }
    }

    /** Returns the state to send again; empty if it is acknowledged or was sent too often. */
    Optional<DesiredTransport> resend(int resendsMax) {
        if (acknowledged || resends >= resendsMax) {
            return Optional.empty();
        }
        resends++;
        return Optional.ofNullable(desired);
    }

    /** Returns the state to send again to a node that may have missed it. The state then counts as not acknowledged. */
    Optional<DesiredTransport> repeat() {
        acknowledged = desired == null;
        resends = 0;
        return Optional.ofNullable(desired);
    }

    boolean isGivenUp(int resendsMax) {
        return !acknowledged && resends >= resendsMax;
    }

    // --- descriptions

    /** The client's last description, until the router surely has it. */
    PendingDescription pending() {
        return pending;
    }

    /**
     * Handles a description of the router.
     *
     * @return false if the client need not be told. This is the case if the router asks for the client's first offer,
     *     but the client was already asked for it when the transport was opened.
     */
    boolean onLocalDescription(Description description) {
        pending.onLocalDescription(description);
        if (description.type() == Description.Type.CREATE_OFFER) {
            boolean news = latest == null;
            latest = description;
            return news;
        }
        latest = description;
        negotiated = true;
        return true;
    }

    /** The connection in the form in which a snapshot lists it for the client. */
    SessionNotice.Connection connection() {
        Description description = latest;
        return new SessionNotice.Connection(
                id.connectionId(),
                description == null ? null : new ConnectionDescription(id.connectionId(), description));
    }

    /**
     * Returns the description that closes the connection at the client. The revision of this description does not
     * matter.
     */
    ConnectionDescription farewell() {
        return new ConnectionDescription(id.connectionId(), new Description(Description.Type.CLOSE, 1, ""));
    }

    // --- moving

    void onHandover(TransportHandover next) {
        handover = next;
    }

    /**
     * Returns the data that moves the live connection to another node; empty until the client has an answer or an
     * offer.
     */
    Optional<TransportHandover> handover() {
        return negotiated ? Optional.ofNullable(handover) : Optional.empty();
    }

    boolean isMovable() {
        return handover().isPresent();
    }

    // --- for operators

    /** Adds this transport to a room's inspection. */
    void inspect(ObjectNode node) {
        DesiredTransport now = desired;
        node.put("mediaNode", mediaNode)
                .put("connection", id.connectionId())
                .put("phase", phase.name())
                .put("replacement", replacement.name())
                .put("desiredVersion", now == null ? 0 : now.version())
                .put("acknowledged", acknowledged)
                .put("resends", resends)
                .put("subscriptions", now == null ? 0 : now.subscriptions().size())
                .put("movable", isMovable());
    }
}
