package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.rotunda.room.protocol.SessionNotice.PublishedTrack;
import org.rotunda.room.protocol.SessionNotice.RemoteParticipant;
import org.rotunda.room.protocol.SessionNotice.RemoteTrack;
import org.rotunda.room.protocol.SessionNotice.SubscribedTrack;

/**
 * The view that one participant should have of its room. Revisions are added when the participant's client is told.
 * Pure.
 *
 * @param others the other participants, with revision 0
 */
public record ClientView(
        List<RemoteParticipant> others, List<PublishedTrack> published, List<SubscribedTrack> subscribed) {

    /** @param all all participants as the others see them, see {@link #everybody} */
    public static ClientView of(OpenRoom room, List<RemoteParticipant> all, Participant viewer) {
        return new ClientView(
                all.stream().filter(each -> !each.sid().equals(viewer.sid())).toList(),
                Stream.concat(
                                viewer.publications().stream()
                                        .map(track -> new PublishedTrack(track.clientTrackId(), track.sid(), null)),
                                viewer.refused().stream()
                                        .map(track -> new PublishedTrack(track.clientTrackId(), null, track.error())))
                        .toList(),
                subscriptions(room, viewer)
                        .map(subscription -> new SubscribedTrack(
                                subscription.track().sid(), subscriptionId(viewer, subscription.track())))
                        .toList());
    }

    /** Returns all participants, each as the other participants see it. */
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

    /** Returns the tracks that a participant receives: all tracks of the other participants, or none. */
    public static Stream<Subscribed> subscriptions(OpenRoom room, Participant subscriber) {
        if (!subscriber.automaticSubscription()) {
            return Stream.empty();
        }
        return room.participants().stream()
                .filter(publisher -> !publisher.sid().equals(subscriber.sid()))
                .flatMap(publisher -> publisher.publications().stream().map(track -> new Subscribed(publisher, track)));
    }

    /**
     * Returns the id under which a track arrives at a subscriber. The id is made from the SIDs and the connection id,
     * which are never used again. So the id is new on every connection, and does not depend on the node that the room
     * is on.
     */
    public static String subscriptionId(Participant subscriber, Publication track) {
        String name = subscriber.sid() + "/" + subscriber.placement().connectionId() + "/" + track.sid();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** A track to receive, and its publisher. */
    public record Subscribed(Participant publisher, Publication track) {}
}
