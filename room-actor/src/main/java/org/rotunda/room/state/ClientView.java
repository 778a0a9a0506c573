package org.rotunda.room.state;

import java.util.List;
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
     * @param ids the ids under which the viewer receives tracks
     */
    public static ClientView of(
            OpenRoom room, List<RemoteParticipant> all, Participant viewer, SubscriptionIds ids, MediaTerms terms) {
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
                                ids.of(viewer, subscription.track()),
                                terms.isReceivable(subscription.track()) ? null : RoomError.NO_SUPPORTED_CODEC))
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

    /** A track to receive, and its publisher. */
    public record Subscribed(Participant publisher, Publication track) {}
}
