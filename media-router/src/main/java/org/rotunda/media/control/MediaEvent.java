package org.rotunda.media.control;

import java.util.List;

/** The events of one transport, which the router tells the room. Events of one transport arrive in order. */
public sealed interface MediaEvent {

    TransportId transport();

    /** The transport's connectivity changed. */
    record StateChanged(TransportId transport, State state) implements MediaEvent {}

    /** Connectivity of a transport. */
    enum State {
        /**
         * The transport is open and has never been connected. It is told only in answer to {@link
         * MediaCommand.ReportTransport}.
         */
        CONNECTING,
        /** ICE and DTLS are up: media and data flow. */
        CONNECTED,
        /**
         * No consent for 30 s (RFC 7675), or the client has ended DTLS; it may come back by an ICE restart, or be at
         * another node.
         */
        DISCONNECTED,
        /** The DTLS handshake failed or its fingerprint was wrong. */
        DTLS_FAILED,
        /**
         * The router has forgotten the transport, by command or because neither client nor room was heard of for too
         * long.
         */
        CLOSED
    }

    /** A description for the client; the latest replaces what came before. */
    record LocalDescription(TransportId transport, Description description) implements MediaEvent {}

    /** The client's description cannot be used. The transport lives on with what was agreed before. */
    record NegotiationFailed(TransportId transport, Fault fault) implements MediaEvent {}

    /** The reasons why a description cannot be used. */
    enum Fault {
        /** Malformed, too large or contradictory: error 53403. */
        REMOTE_DESCRIPTION,
        /** No codec in common: error 53404. */
        NO_SUPPORTED_CODEC
    }

    /** The client did not answer an offer within 10 s. */
    record AnswerOverdue(TransportId transport, long revision) implements MediaEvent {}

    /** The desired state of this version is in force as far as the client's own pace allows. */
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

    /** Layers of a published video track that flow now, lowest first; sent when the set or a resolution changes. */
    record LayersChanged(TransportId transport, String trackSid, List<Layer> layers) implements MediaEvent {
        public LayersChanged {
            layers = List.copyOf(layers);
        }
    }

    /**
     * One flowing encoding.
     *
     * @param spatial its index
     * @param width of the picture, as its last key frame said; 0 while unknown
     */
    record Layer(int spatial, int width, int height) {}

    /**
     * The messages on reliable channels that the client may not have got, in order on each channel. They are told once,
     * when the transport is closed silently, for {@link MediaCommand.RepeatMessages} to the node that has the
     * connection now.
     *
     * @param messages at most {@value #UNACKNOWLEDGED_BYTES_MAX} bytes of payload; the last ones beyond are left out
     *     and counted
     */
    record Unacknowledged(TransportId transport, List<DataMessage> messages) implements MediaEvent {
        public Unacknowledged {
            messages = List.copyOf(messages);
        }
    }

    /** A limit that lets the event fit a message between nodes (2 MiB). */
    int UNACKNOWLEDGED_BYTES_MAX = 1024 * 1024;

    /** The state that another node needs to take this connection over; the latest replaces what came before. */
    record HandoverChanged(TransportId transport, TransportHandover handover) implements MediaEvent {}
}
