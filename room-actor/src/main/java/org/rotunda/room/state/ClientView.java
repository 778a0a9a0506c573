package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionNotice.PublishedTrack;
import org.rotunda.room.protocol.SessionNotice.RemoteParticipant;
import org.rotunda.room.protocol.SessionNotice.RemoteTrack;
import org.rotunda.room.protocol.SessionNotice.SubscribedTrack;

/**
 * The view that one participant's client should have of the room. It contains no revisions, because they are added when
 * the client is told. Pure.
 *
 * @param others the other participants, with 0 in place of a revision
 */
public record ClientView(
        List<RemoteParticipant> others, List<PublishedTrack> published, List<SubscribedTrack> subscribed) {

    /**
     * Returns the view of one participant.
     *
     * @param all the result of {@link #everybody}
     */
    public static ClientView of(OpenRoom room, List<RemoteParticipant> all, Participant viewer, MediaTerms terms) {
        return new ClientView(
                all.stream().filter(each -> !each.sid().equals(viewer.sid())).toList(),
                Stream.concat(
                                viewer.publications().stream()
                                        .map(track -> new PublishedTrack(
                                                track.clientTrackId(),
                                                terms.isPublishable(room, track.kind()) ? track.sid() : null,
                                                null)),
                                viewer.refused().stream()
                                        .map(track -> new PublishedTrack(track.clientTrackId(), null, track.error())))
                        .toList(),
                subscriptions(room, viewer)
                        .map(subscription -> new SubscribedTrack(
                                subscription.track().sid(),
                                subscriptionId(viewer, subscription.track()),
                                terms.lacksCodec(subscription.track().kind()) ? RoomError.NO_SUPPORTED_CODEC : null))
                        .toList());
    }

    /** Returns all participants in the form in which other participants see them. */
    public static List<RemoteParticipant> everybody(OpenRoom room) {
        return room.participants().stream()
                .map(each -> new RemoteParticipant(
                        each.sid(),
                        each.identity(),
                        each.status(),
                        0,
                        each.publications().stream()
                                .map(track -> new RemoteTrack(
                                        track.sid(), track.kind(), track.name(), track.enabled(), track.priority()))
                                .toList()))
                .toList();
    }

    /**
     * Returns the tracks that a participant receives. A participant with automatic subscription receives all tracks of
     * the others. Any other participant receives no tracks.
     */
    public static Stream<Subscribed> subscriptions(OpenRoom room, Participant subscriber) {
        if (!subscriber.automaticSubscription()) {
            return Stream.empty();
        }
        return room.participants().stream()
                .filter(publisher -> !publisher.sid().equals(subscriber.sid()))
                .flatMap(publisher -> publisher.publications().stream().map(track -> new Subscribed(publisher, track)));
    }

    /**
     * Returns the id under which a subscriber receives a track. The id is new for every connection, and does not depend
     * on the media node.
     */
    public static String subscriptionId(Participant subscriber, Publication track) {
        String name = subscriber.sid() + "/" + subscriber.placement().connectionId() + "/" + track.sid();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** A track to receive, and its publisher. */
    public record Subscribed(Participant publisher, Publication track) {}
}
