package org.rotunda.room.call;

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
 * One participant's transport as the room wants it, and how far the router has followed. A state is sent again until it is
 * acknowledged, because messages may be lost. Owned by the conductor.
 */
final class MemberTransport {
    /** A router that has not heard of a transport so often does not hear. */
    private static final int OPENS_MAX = 3;

    private final TransportId id;
    private final String mediaNode;
    private @Nullable DesiredTransport desired;
    private boolean acknowledged = true; // Of nothing.
    private int resends;
    private @Nullable Description latest;
    private @Nullable TransportHandover handover; // What the next node would need.
    private boolean negotiated; // Here, or on a node before this one.
    private boolean takenOver; // Opened by an owner of the room before this one.
    private boolean reportAwaited;
    private int reports;
    private final PendingDescription pending = new PendingDescription();
    private int opens;
    private boolean heard; // The router said something of it, so it has it.
    private boolean missing; // The router does not have it, and cannot be given it.
    private boolean replaced; // The entity was asked for another connection in its place.

    MemberTransport(RoomSid room, ParticipantSid participant, Placement placement) {
        this(new TransportId(room.value(), participant.value(), placement.connectionId()), placement.mediaNode());
    }

    private MemberTransport(TransportId id, String mediaNode) {
        this.id = id;
        this.mediaNode = mediaNode;
    }

    /** A new connection, whose first offer the client is asked for with revision 1. */
    static MemberTransport askedFor(RoomSid room, ParticipantSid participant, Placement placement) {
        MemberTransport transport = new MemberTransport(room, participant, placement);
        transport.latest = new Description(Description.Type.CREATE_OFFER, 1, "");
        return transport;
    }

    /** Opened by an owner before this one, who knew more of it; the router is asked. */
    static MemberTransport recovered(RoomSid room, ParticipantSid participant, Placement placement) {
        MemberTransport transport = new MemberTransport(room, participant, placement);
        transport.takenOver = true;
        transport.reportAwaited = true;
        return transport;
    }

    /** The same connection on another node, whose router has been told nothing yet. */
    MemberTransport movedTo(String otherNode) {
        MemberTransport moved = new MemberTransport(id, otherNode);
        moved.handover = handover;
        moved.negotiated = negotiated;
        return moved;
    }

    /** What opens it, for the first time or because that was lost. */
    MediaCommand.OpenTransport opening(long epoch, Set<VideoCodec> codecs) {
        opens++;
        return new MediaCommand.OpenTransport(id, epoch, codecs, handover().orElse(null), isAskedFor());
    }

    private boolean isAskedFor() {
        Description description = latest;
        return description != null && description.type() == Description.Type.CREATE_OFFER;
    }

    /** Whether everything the router needs to begin with is here. */
    boolean mayOpenAgain() {
        return !takenOver && !heard && opens < OPENS_MAX;
    }

    void onHeard() {
        heard = true;
        missing = false;
    }

    void onMissing() {
        missing = true;
        reportAwaited = false;
    }

    void onReplacementAsked() {
        replaced = true;
    }

    /** Whether the client needs another connection; the entity may have had no node for it when it was asked. */
    boolean isToBeReplaced() {
        return missing || replaced;
    }

    /** What the client said, and the router may not have heard. */
    PendingDescription pending() {
        return pending;
    }

    boolean isReportAwaited() {
        return reportAwaited;
    }

    /** Whether to ask for the report once more. */
    boolean reportAgain(int reportsMax) {
        return reportAwaited && reports++ < reportsMax;
    }

    void onReported() {
        reportAwaited = false;
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

    /** The state to send, if it is another than the last one or under another epoch. */
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

    /** The state to send once more, unless that was tried often enough. */
    Optional<DesiredTransport> resend(int resendsMax) {
        if (acknowledged || resends >= resendsMax) {
            return Optional.empty();
        }
        resends++;
        return Optional.ofNullable(desired);
    }

    /** The state to send to a node that may have missed it; it counts as unsaid. */
    Optional<DesiredTransport> repeat() {
        acknowledged = desired == null;
        resends = 0;
        return Optional.ofNullable(desired);
    }

    boolean isGivenUp(int resendsMax) {
        return !acknowledged && resends >= resendsMax;
    }

    /** Whether the client must hear of it; what it was asked for when the transport was opened it knows. */
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

    void onHandover(TransportHandover next) {
        handover = next;
    }

    /** What moves the live connection to another node; nothing before the client has an answer or an offer to move on from. */
    Optional<TransportHandover> handover() {
        return negotiated ? Optional.ofNullable(handover) : Optional.empty();
    }

    boolean isMovable() {
        return handover().isPresent();
    }

    /** What closes the connection at the client; any revision does. */
    ConnectionDescription farewell() {
        return new ConnectionDescription(id.connectionId(), new Description(Description.Type.CLOSE, 1, ""));
    }

    /** The connection as a snapshot lists it. */
    SessionNotice.Connection connection() {
        Description description = latest;
        return new SessionNotice.Connection(
                id.connectionId(),
                description == null ? null : new ConnectionDescription(id.connectionId(), description));
    }
}
