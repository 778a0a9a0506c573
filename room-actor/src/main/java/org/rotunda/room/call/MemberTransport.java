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
 * One member's transport on one media node, with the state that the room desires. The room sends this state again until
 * the router acknowledges it, because messages between nodes may be lost. In a room without a media server no router has
 * the transport, and nothing is sent. Owned by the conductor.
 */
final class MemberTransport {
    /** The number of unanswered open commands after which the room stops opening the transport on this router. */
    private static final int OPENS_MAX = 3;

    /** Tells whether the room knows that the router has the transport. */
    private enum Phase {
        /** This owner of the room opens the transport. The router has not mentioned the transport yet. */
        OPENING,
        /** An earlier owner of the room has opened the transport. The router has not mentioned it to this owner yet. */
        TAKEN_OVER,
        /** An event of the router has mentioned the transport, so the router has it. */
        KNOWN
    }

    /** The progress in replacing this connection by another connection. */
    private enum Replacement {
        NONE,
        /** The client needs another connection, because the router does not have this transport. */
        NEEDED,
        /** The entity was asked for another connection. The request may have failed for lack of a media node. */
        REQUESTED
    }

    private final TransportId id;
    private final String mediaNode;
    private Phase phase = Phase.OPENING;
    private Replacement replacement = Replacement.NONE;
    private int opens;
    private @Nullable DesiredTransport desired;
    private boolean acknowledged = true; // No state has been sent yet, so no acknowledgement is missing.
    private int resends;
    private boolean reportAwaited;
    private int reports;
    // The last description from the router, or our own request for the client's first offer.
    private @Nullable Description latest;
    private @Nullable TransportHandover handover; // The data that the next node needs to continue the connection.
    /** True once this node or an earlier node has sent the client an offer or an answer. */
    private boolean negotiated;

    private final PendingDescription pending = new PendingDescription();

    MemberTransport(RoomSid room, ParticipantSid participant, Placement placement) {
        this(new TransportId(room.value(), participant.value(), placement.connectionId()), placement.mediaNode());
    }

    private MemberTransport(TransportId id, String mediaNode) {
        this.id = id;
        this.mediaNode = mediaNode;
    }

    /**
     * Returns the transport of a new connection. The room asks the client for the first offer, which gets revision 1.
     */
    static MemberTransport askedFor(RoomSid room, ParticipantSid participant, Placement placement) {
        MemberTransport transport = new MemberTransport(room, participant, placement);
        transport.latest = new Description(Description.Type.CREATE_OFFER, 1, "");
        return transport;
    }

    /**
     * Returns the transport of a connection that an earlier owner of the room has opened. The router must report the
     * state of the transport.
     */
    static MemberTransport recovered(RoomSid room, ParticipantSid participant, Placement placement) {
        MemberTransport transport = new MemberTransport(room, participant, placement);
        transport.phase = Phase.TAKEN_OVER;
        transport.reportAwaited = true;
        return transport;
    }

    /** Returns the transport of the same connection on another node. The router of that node does not know it yet. */
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

    /** Returns the command that opens the transport. The command may repeat an earlier command that was lost. */
    MediaCommand.OpenTransport opening(long epoch, Set<VideoCodec> codecs) {
        opens++;
        return new MediaCommand.OpenTransport(id, epoch, codecs, handover().orElse(null), isAskedFor());
    }

    private boolean isAskedFor() {
        Description description = latest;
        return description != null && description.type() == Description.Type.CREATE_OFFER;
    }

    /**
     * Returns whether the room is allowed to open the transport again. The room must stop opening it when the router
     * has mentioned the transport, or has left {@value #OPENS_MAX} open commands unanswered.
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

    // --- the router's report to a new owner, or after an absence of the media node

    /**
     * Records that the media node is back. This process may have missed events of the router in the meantime, so the
     * router must report the state of a transport that it has.
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

    /**
     * Counts one more request for the router's report. Returns false if the report has arrived or was already requested
     * {@code reportsMax} times.
     */
    boolean reportAgain(int reportsMax) {
        return reportAwaited && reports++ < reportsMax;
    }

    void onReported() {
        reportAwaited = false;
    }

    // --- the desired state

    /** Returns the state to send; empty if it equals the last sent state of the same epoch. */
    Optional<DesiredTransport> desire(
            long epoch,
            List<DesiredTransport.Publication> publications,
            List<DesiredTransport.Subscription> subscriptions,
            List<DesiredTransport.Channel> channels,
            DesiredTransport.Downlink downlink) {
        DesiredTransport old = desired;
        if (old != null
                && old.epoch() == epoch
                && old.publications().equals(publications)
                && old.subscriptions().equals(subscriptions)
                && old.channels().equals(channels)
                && old.downlink().equals(downlink)) {
            return Optional.empty();
        }
        long version = old == null ? 1 : old.version() + 1;
        DesiredTransport next =
                new DesiredTransport(id, epoch, version, publications, subscriptions, channels, downlink);
        desired = next;
        acknowledged = false;
        resends = 0;
        return Optional.of(next);
    }

    /** Notes that the router has put a state into force. Returns whether it is the latest state. */
    boolean onApplied(MediaEvent.DesiredApplied applied) {
        DesiredTransport sent = desired;
        if (sent != null && applied.epoch() == sent.epoch() && applied.version() == sent.version()) {
            acknowledged = true;
            return true;
        }
        return false;
    }

    /**
     * Returns the state to send again; empty if it is acknowledged or was already sent again {@code resendsMax} times.
     */
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

    /** The client's last description, kept until the router surely has it. */
    PendingDescription pending() {
        return pending;
    }

    /**
     * Handles a description from the router.
     *
     * @return false if the client need not be told, because the router asks for a first offer, and the room has already
     *     asked for that offer
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

    /** The connection's entry in a snapshot for the client. */
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

    /** Returns the data that another node needs to continue the connection; empty while the connection cannot move. */
    Optional<TransportHandover> handover() {
        return negotiated ? Optional.ofNullable(handover) : Optional.empty();
    }

    boolean isMovable() {
        return handover().isPresent();
    }

    // --- for operators

    /** Writes this transport's data into the answer for an operator. */
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
