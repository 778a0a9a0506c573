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
 * @param recording true if the client is to be told that the room is recorded
 */
public record ClientView(
        List<RemoteParticipant> others,
        List<PublishedTrack> published,
        List<SubscribedTrack> subscribed,
        boolean recording) {

    /**
     * Returns the view of one participant.
     *
     * @param all the result of {@link #everybody}
     * @param ids the ids under which the viewer receives tracks from a media router
     * @param recording true if clients are to be told that the room is recorded
     */
    public static ClientView of(
            OpenRoom room,
            List<RemoteParticipant> all,
            Participant viewer,
            SubscriptionIds ids,
            MediaTerms terms,
            boolean recording) {
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
                Subscriptions.of(room, viewer)
                        .map(subscription -> new SubscribedTrack(
                                subscription.track().sid(),
                                // Clients that are connected to each other use the publisher's own ids.
                                room.properties().hasMediaServer()
                                        ? ids.of(viewer, subscription.track())
                                        : subscription.track().clientTrackId(),
                                terms.isReceivable(subscription.track()) ? null : RoomError.NO_SUPPORTED_CODEC))
                        .toList(),
                recording);
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
}
