package org.rotunda.media.control;

import java.util.List;
import java.util.Set;

/** The events that the router reports to the room. The events of one transport arrive in order. */
public sealed interface MediaEvent {

    TransportId transport();

    /**
     * The transport's connectivity changed, or the router reports it again.
     *
     * @param inReport true if the event is part of a report, which answers {@link MediaCommand.ReportTransport} or a
     *     repeated {@link MediaCommand.OpenTransport}; the handover and the latest description come before this event
     */
    record StateChanged(TransportId transport, State state, boolean inReport) implements MediaEvent {
        /** Creates the event of a change, for which nobody has asked. */
        public StateChanged(TransportId transport, State state) {
            this(transport, state, false);
        }
    }

    /** The connectivity of a transport. */
    enum State {
        /**
         * The transport is open and has never been connected. The router reports this state only in answer to {@link
         * MediaCommand.ReportTransport}.
         */
        CONNECTING,
        /** ICE and DTLS are up, so media and data can be sent. */
        CONNECTED,
        /**
         * The client has given no consent for 30 s (RFC 7675) or has ended DTLS. Perhaps the client comes back with an
         * ICE restart, or is already connected to another node.
         */
        DISCONNECTED,
        /** The DTLS handshake failed, or the client's certificate had the wrong fingerprint. */
        DTLS_FAILED,
        /**
         * The router has forgotten the transport, because a command closed it, or because neither its client nor its
         * room was heard for too long.
         */
        CLOSED
    }

    /** A description for the client; the latest description replaces earlier descriptions. */
    record LocalDescription(TransportId transport, Description description) implements MediaEvent {}

    /** The client's description cannot be used. The result of the previous negotiation stays in force. */
    record NegotiationFailed(TransportId transport, Fault fault) implements MediaEvent {}

    /** The reasons why a description cannot be used. */
    enum Fault {
        /** The description is malformed, too large or contradictory (error 53403). */
        REMOTE_DESCRIPTION,
        /** The description has no codec in common with the room (error 53404). */
        NO_SUPPORTED_CODEC
    }

    /**
     * The client has no codec in common with the room for these kinds of media; the other kinds go on. The router
     * reports the kinds before the {@link LocalDescription} of the negotiation in which they change, and again in
     * answer to {@link MediaCommand.ReportTransport} if there are any.
     */
    record CodecsMissing(TransportId transport, Set<TrackKind> kinds) implements MediaEvent {
        public CodecsMissing {
            kinds = Set.copyOf(kinds);
        }
    }

    /**
     * The publishers of these tracks send a codec that the client has not negotiated, so the client gets no packets of
     * them. A set replaces the set before it. The router reports the set when it changes, and again in answer to {@link
     * MediaCommand.ReportTransport} if it is not empty.
     *
     * @param trackSids the SIDs of video tracks that the client is subscribed to
     */
    record TrackCodecsMissing(TransportId transport, Set<String> trackSids) implements MediaEvent {
        public TrackCodecsMissing {
            trackSids = Set.copyOf(trackSids);
        }
    }

    /** The client did not answer an offer within 10 s. */
    record AnswerOverdue(TransportId transport, long revision) implements MediaEvent {}

    /** The desired state of this version is applied. Parts of it may still wait for the client. */
    record DesiredApplied(TransportId transport, long epoch, long version) implements MediaEvent {}

    /** A command was not carried out. */
    record CommandRefused(TransportId transport, long epoch, Refusal refusal) implements MediaEvent {}

    /** The reasons why a command is refused. */
    enum Refusal {
        STALE_EPOCH,
        UNKNOWN_TRANSPORT,
        NODE_FULL,
        DRAINING
    }

    /** A media-signaling channel opened or closed. */
    record ChannelChanged(TransportId transport, String label, boolean open) implements MediaEvent {}

    /** The client sent text on a media-signaling channel. */
    record ChannelMessage(TransportId transport, String label, String text) implements MediaEvent {}

    /**
     * The layers that the client now sends for a published video track, lowest first. The router reports them when a
     * layer starts or stops, or when a resolution changes.
     */
    record LayersChanged(TransportId transport, String trackSid, List<Layer> layers) implements MediaEvent {
        public LayersChanged {
            layers = List.copyOf(layers);
        }
    }

    /**
     * One encoding that the client sends.
     *
     * @param spatial the index of the encoding
     * @param width the width of the picture according to its last key frame; 0 while unknown
     */
    record Layer(int spatial, int width, int height) {}

    /**
     * The first packet of a video subscription has left, after the subscription was opened or was no longer paused. The
     * client sees the track from now on.
     */
    record TrackFlows(TransportId transport, String trackSid) implements MediaEvent {}

    /**
     * The messages on reliable channels that the client may not have received, in order for each channel. The router
     * reports them once, when a transport is closed without a notice to the client. The room sends them with {@link
     * MediaCommand.RepeatMessages} to the node that has the connection now.
     *
     * @param messages the messages. The sum of their {@link DataMessage#chargedBytes} is at most {@value
     *     #UNACKNOWLEDGED_BYTES_MAX}; further messages are dropped and counted
     */
    record Unacknowledged(TransportId transport, List<DataMessage> messages) implements MediaEvent {
        public Unacknowledged {
            messages = List.copyOf(messages);
        }
    }

    /**
     * The maximum sum of {@link DataMessage#chargedBytes} in {@link Unacknowledged#messages}. The event must fit in a
     * message between nodes (2 MiB).
     */
    int UNACKNOWLEDGED_BYTES_MAX = 1024 * 1024;

    /** The state that another node needs to continue this connection; the latest state replaces earlier states. */
    record HandoverChanged(TransportId transport, TransportHandover handover) implements MediaEvent {}
}
