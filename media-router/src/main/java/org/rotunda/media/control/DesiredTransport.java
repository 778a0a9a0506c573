package org.rotunda.media.control;

import java.util.List;

/**
 * The desired state of one transport, whole. The router brings it about and answers {@link MediaEvent.DesiredApplied}.
 * It is a state, not a change: a lost or repeated one does no harm, and the same message reconciles a router after the
 * room recovered.
 *
 * @param transport whose state this is
 * @param epoch of the room's owner; lower than the highest seen is refused, which fences a split room
 * @param version rises with every state of this transport within an epoch; lower than the applied one is ignored
 * @param publications what this client publishes
 * @param subscriptions what this client is sent
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
     * @param trackSid the publication
     * @param clientTrackId the msid track id of its m-line, or the label of its data channel
     */
    public record Publication(String trackSid, String clientTrackId, TrackKind kind) {}

    /**
     * One track to send to this client.
     *
     * @param trackSid the publication
     * @param id the msid track id of the m-line, or the label of the data channel, under which the client gets it;
     *     never used twice on one connection
     * @param source the publishing participant's transport, in the same room
     * @param layers the highest layer to send; of no effect for audio and data
     * @param paused true sends nothing and keeps the m-line or channel
     */
    public record Subscription(
            String trackSid, String id, TrackKind kind, TransportId source, LayerLimit layers, boolean paused) {}

    /**
     * A reliable, ordered data channel that the router opens and whose text messages go to the room.
     *
     * @param label as told to the client in its media signaling
     */
    public record Channel(String label) {}
}
