package org.rotunda.media.control;

import java.util.List;

/**
 * The command that gives the router the complete desired state of one transport. The router puts this state into force
 * and answers with {@link MediaEvent.DesiredApplied}. The command carries the whole state and not a change. Therefore a
 * repeated command changes nothing, and the next command makes up for a lost one. A recovered room also sends this
 * command to bring its routers up to date.
 *
 * @param transport the transport that the state is for
 * @param epoch the epoch of the room's owner; the router refuses an epoch below the highest epoch that it has seen for
 *     the room, so that it obeys only the newer of two owners after a network partition
 * @param version a number that rises with each new state of this transport within an epoch; the router ignores a state
 *     whose version is not above the version of the applied state
 * @param publications the tracks that this client publishes
 * @param subscriptions the tracks to send to this client
 * @param channels the media-signaling channels to keep open to this client
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
     * A track that the client publishes.
     *
     * @param trackSid the SID of the publication
     * @param clientTrackId the msid track id of its m-line, or the label of its data channel
     */
    public record Publication(String trackSid, String clientTrackId, TrackKind kind) {}

    /**
     * One track to send to this client.
     *
     * @param trackSid the SID of the publication
     * @param id the msid track id of the m-line, or the label of the data channel; never used twice on one connection
     * @param source the transport of the publishing participant, in the same room
     * @param layers the highest layer to send; it has no effect for audio and data
     * @param paused true if nothing is sent now; the m-line or the channel is kept
     */
    public record Subscription(
            String trackSid, String id, TrackKind kind, TransportId source, LayerLimit layers, boolean paused) {}

    /**
     * A reliable, ordered data channel that the router opens. The text that the client sends on the channel goes to the
     * room.
     *
     * @param label the label of the channel, which the signaling also tells the client
     */
    public record Channel(String label) {}
}
