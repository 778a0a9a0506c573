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
 * @param downlink the demand on the network to this client
 */
public record DesiredTransport(
        TransportId transport,
        long epoch,
        long version,
        List<Publication> publications,
        List<Subscription> subscriptions,
        List<Channel> channels,
        Downlink downlink)
        implements MediaCommand {

    public DesiredTransport {
        publications = List.copyOf(publications);
        subscriptions = List.copyOf(subscriptions);
        channels = List.copyOf(channels);
    }

    /** Creates a state without a demand on the network to the client. */
    public DesiredTransport(
            TransportId transport,
            long epoch,
            long version,
            List<Publication> publications,
            List<Subscription> subscriptions,
            List<Channel> channels) {
        this(transport, epoch, version, publications, subscriptions, channels, Downlink.NONE);
    }

    /**
     * A track that the client publishes.
     *
     * @param trackSid the SID of the publication
     * @param clientTrackId the msid track id of its m-line, or the label of its data channel
     * @param maxBps the bit rate that the subscribers of the track need at most; 0 without a limit. The router tells
     * the     publisher the sum of its tracks
     */
    public record Publication(String trackSid, String clientTrackId, TrackKind kind, long maxBps) {
        public Publication {
            if (maxBps < 0) {
                throw new IllegalArgumentException("a negative bit rate: " + maxBps);
            }
        }

        /** Creates a publication without a limit of its bit rate. */
        public Publication(String trackSid, String clientTrackId, TrackKind kind) {
            this(trackSid, clientTrackId, kind, 0);
        }
    }

    /**
     * One track to send to this client.
     *
     * @param trackSid the SID of the publication
     * @param id the msid track id of the m-line, or the label of the data channel; never used twice on one connection
     * @param source the transport of the publishing participant, in the same room
     * @param layers the highest layer to send; it has no effect for audio and data
     * @param paused true if nothing is sent now; the m-line or the channel is kept
     * @param rank the importance of the video, 0 is the most important. When the network collapses, the router reduces
     *     the tracks of the last ranks first
     */
    public record Subscription(
            String trackSid,
            String id,
            TrackKind kind,
            TransportId source,
            LayerLimit layers,
            boolean paused,
            int rank) {
        /** Creates a subscription of the first rank. */
        public Subscription(
                String trackSid, String id, TrackKind kind, TransportId source, LayerLimit layers, boolean paused) {
            this(trackSid, id, kind, source, layers, paused, 0);
        }
    }

    /**
     * The demand on the network to a client. The router probes for as much as the client could use, and not for more.
     *
     * @param desiredBps the sum of the bit rates that the client would get with ample bandwidth, with the reserve for
     *     audio; 0 if the client would get nothing
     * @param nextBps the bit rate at which the room would give the client the next better layer; 0 if there is none
     * @param capBps the highest bit rate that is useful; 0 without a cap
     */
    public record Downlink(long desiredBps, long nextBps, long capBps) {
        /** No demand, so that the router does not probe. */
        public static final Downlink NONE = new Downlink(0, 0, 0);

        public Downlink {
            if (desiredBps < 0 || nextBps < 0 || capBps < 0) {
                throw new IllegalArgumentException(
                        "a negative bit rate: " + desiredBps + ", " + nextBps + ", " + capBps);
            }
        }
    }

    /**
     * A reliable, ordered data channel that the router opens. The text that the client sends on the channel goes to the
     * room.
     *
     * @param label the label of the channel, which the signaling also tells the client
     */
    public record Channel(String label) {}
}
