package org.rotunda.media.control;

import java.util.List;

/**
 * The complete desired state of one transport. The router puts this state into force and answers with {@link
 * MediaEvent.DesiredApplied}. The message carries a state, not a change: a lost or repeated message does no harm, and
 * the same message brings a router up to date after the room recovered.
 *
 * @param transport the transport that the state is for
 * @param epoch the epoch of the room's owner; the router refuses an epoch lower than the highest it has seen, so that
 *     it obeys only the newer of two owners of a split room
 * @param version the number of this state, which rises with every state of this transport within an epoch; the router
 *     ignores a state with a lower version than the applied state
 * @param publications the tracks that this client publishes
 * @param subscriptions the tracks that this client is sent
 * @param channels media-signaling channels to hold open towards this client
 */
public record DesiredTransport(
        TransportId transport,
        long epoch,
        long version,
        List<Publication> publications,
        List<Subscription> subscriptions,
        List<Channel> channels)
        implements MediaCommand {

    public DesiredTransport {
        publications = List.copyOf(publications);
        subscriptions = List.copyOf(subscriptions);
        channels = List.copyOf(channels);
    }

    /**
     * A track of the client that is published under a track SID.
     *
     * @param trackSid the SID of the publication
     * @param clientTrackId the msid track id of its m-line, or the label of its data channel
     */
    public record Publication(String trackSid, String clientTrackId, TrackKind kind) {}

    /**
     * One track to send to this client.
     *
     * @param trackSid the SID of the publication
     * @param id the name under which the client gets the track: the msid track id of the m-line, or the label of the
     *     data channel; never used twice on one connection
     * @param source the publishing participant's transport, in the same room
     * @param layers the highest layer to send; it has no effect for audio and data
     * @param paused true if nothing is sent while the m-line or channel is kept
     */
    public record Subscription(
            String trackSid, String id, TrackKind kind, TransportId source, LayerLimit layers, boolean paused) {}

    /**
     * A reliable, ordered data channel that the router opens and whose text messages go to the room.
     *
     * @param label the label that the media signaling tells the client
     */
    public record Channel(String label) {}
}
