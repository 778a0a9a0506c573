package org.rotunda.room.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
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
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.allocation.SubscriberPlan;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.quality.QualityMeter;
import org.rotunda.room.state.MediaTerms;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.SubscriptionIds;
import org.rotunda.room.state.Subscriptions;

/**
 * One participant in the live call, with its socket, its transport, and a ledger of what its client was told. Owned by
 * the conductor.
 */
final class Member {
    /** The maximum number of connections of a member that routers may close within {@link #CLOSED_WITHIN}. */
    static final int CLOSED_MAX = 3;

    static final Duration CLOSED_WITHIN = Duration.ofMinutes(1);

    final SessionLedger ledger = new SessionLedger();
    final SubscriptionIds subscriptionIds = new SubscriptionIds();
    MemberTransport transport;

    /**
     * The transport on the node that a move leaves, until the room closes that transport. Null if there is none, for
     * instance because the old node is dead.
     */
    @Nullable
    MemberTransport left;

    /** True once the client has followed the last move. */
    boolean followed;

    /** The time of the last move; null if there was no move or the client has followed. */
    @Nullable
    Instant movedAt;

    /** The reason for the last move or replacement that the entity was asked for. */
    MoveReason moveReason = MoveReason.NODE_LOST;

    /** The current socket of the session; null while there is no socket. */
    @Nullable
    ActorRef<SessionNotice> socket;

    /** The facts that the negotiation with the client has shown. */
    MediaTerms terms = MediaTerms.UNKNOWN;

    /** True if the connection was replaced because the client did not answer an offer. */
    boolean renewed;

    /** The media nodes that have refused the transport since a node last accepted it. */
    final Set<String> refusedBy = new HashSet<>();

    /** The media-signaling channels of the client. */
    final MemberSignals signals = new MemberSignals();

    /** What the client receives; null until the room's state has been followed. */
    @Nullable
    MemberPlan plan;

    /** The quality of the client's network; null until the room's state has been followed. */
    @Nullable
    QualityMeter meter;

    /** The choice of audio tracks; null until the room's state has been followed. */
    @Nullable
    CallSpeakers audio;

    /** The layers of video tracks; null until the room's state has been followed. */
    @Nullable
    CallSources sources;

    /** The bit rates to which the client's video tracks are throttled, in bit/s. */
    Map<TrackSid, Long> publisherLimits = Map.of();

    /** The changes of the plan that the statistics have. */
    SubscriberPlan.Counts counted = new SubscriberPlan.Counts(0, 0, 0, 0);

    private @Nullable ConnectionDescription replaced; // The closed connection that the client has not left yet.
    private final Map<TrackSid, LayerLimit> limits = new HashMap<>();
    // The times at which routers closed a connection of the member within CLOSED_WITHIN, at most CLOSED_MAX of them.
    private final ArrayDeque<Instant> closedAt = new ArrayDeque<>();

    Member(MemberTransport transport) {
        this.transport = transport;
    }

    void limit(TrackSid track, LayerLimit layers) {
        limits.put(track, layers);
    }

    void tell(SessionNotice notice) {
        ActorRef<SessionNotice> current = socket;
        if (current != null) {
            current.tell(notice);
        }
    }

    /**
     * Tells the client in one message that its connection is closed and that it must offer a new connection. Every sync
     * repeats the message until the client sends a description of the new connection.
     */
    void tellReplaced(ConnectionDescription closed) {
        replaced = closed;
        ConnectionDescription asked = transport.connection().latest();
        if (asked != null) {
            tell(new SessionNotice.Descriptions(List.of(closed, asked)));
        }
    }

    /** Notes that a router has closed the member's connection. Returns whether routers have done so too often. */
    boolean isClosedTooOften(Instant now) {
        closedAt.removeIf(at -> !at.plus(CLOSED_WITHIN).isAfter(now));
        if (closedAt.size() == CLOSED_MAX) {
            return true;
        }
        closedAt.add(now);
        return false;
    }

    /** Notes that the router has the transport. */
    void onHeard() {
        transport.onHeard();
        refusedBy.clear();
    }

    /** Notes that the client gets another connection. */
    void onNewConnection(long nowNanos) {
        signals.onNewConnection();
        if (meter != null) {
            meter.onNewConnection(nowNanos);
        }
    }

    /** Notes that the client has sent a description on the present connection. */
    void onFollowed() {
        replaced = null;
    }

    /** Returns the connections for a snapshot, including a closed connection that the client has not left yet. */
    List<SessionNotice.Connection> connections() {
        ConnectionDescription closed = replaced;
        return closed == null
                ? List.of(transport.connection())
                : List.of(new SessionNotice.Connection(closed.connectionId(), closed), transport.connection());
    }

    /** Returns the desired state of the transport; empty if the same state was already sent in this epoch. */
    Optional<DesiredTransport> desire(OpenRoom room, Participant participant, long epoch) {
        List<DesiredTransport.Publication> publications = participant.publications().stream()
                .map(track -> new DesiredTransport.Publication(
                        track.sid().value(),
                        track.clientTrackId(),
                        track.kind(),
                        publisherLimits.getOrDefault(track.sid(), 0L)))
                .toList();
        List<DesiredTransport.Subscription> subscriptions = Subscriptions.of(room, participant)
                .filter(subscription -> !terms.lacksCodec(subscription.track().kind()))
                .map(subscription -> subscription(room.sid(), participant, subscription))
                .toList();
        List<DesiredTransport.Channel> channels = participant.channels().entrySet().stream()
                .filter(channel -> signals.isKeptOpen(channel.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .map(DesiredTransport.Channel::new)
                .toList();
        return transport.desire(
                epoch,
                publications,
                subscriptions,
                channels,
                plan == null ? DesiredTransport.Downlink.NONE : plan.downlink());
    }

    /**
     * Writes this member's data into the answer for an operator.
     *
     * @param hasTransport false in a room without a media server
     */
    void inspect(ObjectNode node, boolean hasTransport) {
        node.put("socket", socket == null ? "none" : socket.path().address().toString());
        if (!hasTransport) {
            return;
        }
        node.put("renewed", renewed);
        transport.inspect(node.putObject("transport"));
        if (left != null) {
            left.inspect(node.putObject("leaving"));
        }
        if (!refusedBy.isEmpty()) {
            refusedBy.forEach(node.putArray("refusedBy")::add);
        }
        node.put("limitedTracks", limits.size());
    }

    private DesiredTransport.Subscription subscription(
            RoomSid room, Participant subscriber, Subscriptions.Subscribed subscription) {
        Participant publisher = subscription.publisher();
        return new DesiredTransport.Subscription(
                subscription.track().sid().value(),
                subscriptionIds.of(subscriber, subscription.track()),
                subscription.track().kind(),
                new TransportId(
                        room.value(),
                        publisher.sid().value(),
                        publisher.placement().connectionId()),
                layers(subscription.track()),
                isPaused(subscription.track()),
                plan == null || subscription.track().kind() != TrackKind.VIDEO
                        ? 0
                        : plan.rank(subscription.track().sid()));
    }

    /** Returns the highest layer of a track to send. Both the plan and an operator can set a limit. */
    private LayerLimit layers(Publication track) {
        LayerLimit limit = limits.getOrDefault(track.sid(), LayerLimit.NONE);
        if (plan == null || sources == null || track.kind() != TrackKind.VIDEO) {
            return limit;
        }
        LayerLimit planned = plan.layers(track.sid(), sources.ladder(track.sid()));
        if (planned.spatialMax() == limit.spatialMax()) {
            return new LayerLimit(limit.spatialMax(), Math.min(planned.temporalMax(), limit.temporalMax()));
        }
        return planned.spatialMax() < limit.spatialMax() ? planned : limit;
    }

    private boolean isPaused(Publication track) {
        return switch (track.kind()) {
            case AUDIO -> audio != null && !audio.isSent(track.sid());
            case VIDEO -> plan != null && plan.isPaused(track.sid());
            case DATA -> false;
        };
    }
}
