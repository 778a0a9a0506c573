package org.rotunda.room.call;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;

/** The live part of one participant: its session, what it was told, and its transport. Owned by the conductor. */
final class Member {
    final SessionLedger ledger = new SessionLedger();
    MemberTransport transport;

    /** Where the connection was before a move, until the client has followed; null at any other time. */
    @Nullable
    MemberTransport left;

    /** Whether the client has followed the last move. */
    boolean followed;

    /** The current socket; null while the session has none. */
    @Nullable
    ActorRef<SessionNotice> session;

    /** Whether it was given a fresh connection because it did not answer on the one before. */
    boolean renewed;

    /** Nodes that did not take its transport, since one did. */
    final Set<String> refusedBy = new HashSet<>();

    private @Nullable ConnectionDescription replaced; // Closed, and the client has not followed yet.
    private final Map<TrackSid, LayerLimit> limits = new HashMap<>();

    Member(MemberTransport transport) {
        this.transport = transport;
    }

    void limit(TrackSid track, LayerLimit layers) {
        limits.put(track, layers);
    }

    void tell(SessionNotice notice) {
        ActorRef<SessionNotice> current = session;
        if (current != null) {
            current.tell(notice);
        }
    }

    /** The connection before is closed and the present one is asked for, in one message; a sync repeats it until the client follows. */
    void tellReplaced(ConnectionDescription closed) {
        replaced = closed;
        ConnectionDescription asked = transport.connection().latest();
        if (asked != null) {
            tell(new SessionNotice.Descriptions(List.of(closed, asked)));
        }
    }

    /** The router has the transport. */
    void onHeard() {
        transport.onHeard();
        refusedBy.clear();
    }

    /** The client speaks on the present connection. */
    void onFollowed() {
        replaced = null;
    }

    /** Every connection as a snapshot lists it, with the one that was replaced if the client may not know. */
    List<SessionNotice.Connection> connections() {
        ConnectionDescription closed = replaced;
        return closed == null
                ? List.of(transport.connection())
                : List.of(new SessionNotice.Connection(closed.connectionId(), closed), transport.connection());
    }

    /** What the transport should be in this state of the room, if it was not told so already. */
    Optional<DesiredTransport> desire(OpenRoom room, Participant participant, long epoch) {
        List<DesiredTransport.Publication> publications = participant.publications().stream()
                .map(track ->
                        new DesiredTransport.Publication(track.sid().value(), track.clientTrackId(), track.kind()))
                .toList();
        List<DesiredTransport.Subscription> subscriptions = ClientView.subscriptions(room, participant)
                .map(wanted -> subscription(room.sid(), participant, wanted))
                .toList();
        List<DesiredTransport.Channel> channels = participant.channels().values().stream()
                .sorted()
                .map(DesiredTransport.Channel::new)
                .toList();
        return transport.desire(epoch, publications, subscriptions, channels);
    }

    private DesiredTransport.Subscription subscription(
            RoomSid room, Participant subscriber, ClientView.Subscribed wanted) {
        Participant publisher = wanted.publisher();
        return new DesiredTransport.Subscription(
                wanted.track().sid().value(),
                ClientView.subscriptionId(subscriber, wanted.track()),
                wanted.track().kind(),
                new TransportId(
                        room.value(),
                        publisher.sid().value(),
                        publisher.placement().connectionId()),
                limits.getOrDefault(wanted.track().sid(), LayerLimit.NONE),
                false);
    }
}
