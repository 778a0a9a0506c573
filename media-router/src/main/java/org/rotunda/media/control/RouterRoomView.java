package org.rotunda.media.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A room as one router sees it at one moment, for people who look for a fault: its transports, what each receives and
 * sends, and why. Not an interface for programs: fields come and go with releases.
 *
 * @param transports in the order they were opened, at most {@value #TRANSPORTS_MAX}
 * @param transportsLeftOut transports beyond that limit
 * @param tracksLeftOut tracks beyond {@value #TRACKS_MAX}, received and sent together
 */
public record RouterRoomView(String roomSid, List<TransportView> transports, int transportsLeftOut, int tracksLeftOut) {
    /** Bounds the time on the loop, and the size of the answer: as many participants as a room may have. */
    public static final int TRANSPORTS_MAX = 500;

    /** Bounds the same: some 500 bytes each as text, and a few microseconds. */
    public static final int TRACKS_MAX = 2_000;

    public RouterRoomView {
        transports = List.copyOf(transports);
    }

    /** The connectivity checks of a client. */
    public enum IceState {
        /** No authentic check has come. */
        NEW,
        /** Checks came, and no nominated pair has consent. */
        CHECKED,
        /** A nominated pair has consent. */
        NOMINATED
    }

    /** The DTLS association with a client. */
    public enum DtlsState {
        /** No ClientHello has come. */
        WAITING,
        HANDSHAKE,
        /** The handshake is done, and the client's fingerprint is not known yet. */
        UNVERIFIED,
        OPEN,
        CLOSED
    }

    /** The reason why a subscription is sent what it is sent. */
    public enum Forwarding {
        /** No m-line carries the subscription yet. */
        NOT_NEGOTIATED,
        /** The publication has no media here. */
        NO_SOURCE,
        PAUSED,
        /** The publisher sends no encoding that the limit allows, so there is nothing to send. */
        NOTHING_FLOWS,
        /** Nothing is sent before the first key frame of the target encoding. */
        WAITING_FOR_KEY_FRAME,
        /** The current encoding is sent until a key frame of the target encoding comes. */
        SWITCHING,
        /** The current encoding is above a lowered limit, and nothing that the limit allows flows. */
        ABOVE_LIMIT,
        /** The publisher sends no higher encoding, though the limit would allow one. */
        BELOW_LIMIT,
        /** The highest encoding that the limit allows is sent. */
        AS_DESIRED
    }

    /**
     * One transport.
     *
     * @param remoteAddress everything is sent there; null while nothing may be sent
     * @param rttMillis the latest round-trip time; -1 while none was measured
     * @param awaitsAnswer an offer of ours waits for the client's answer
     * @param desiredEpoch of the desired state in force; 0 before any came, as its version
     * @param drops datagrams and messages dropped by ICE, DTLS and SCTP, by the names that metrics use
     */
    public record TransportView(
            TransportId id,
            MediaEvent.State state,
            IceState ice,
            DtlsState dtls,
            @Nullable String remoteAddress,
            double rttMillis,
            boolean awaitsAnswer,
            long desiredEpoch,
            long desiredVersion,
            List<ReceivedTrackView> received,
            List<SentTrackView> sent,
            long packetsForwarded,
            long keyFrameRequests,
            Map<String, Long> drops) {
        public TransportView {
            received = List.copyOf(received);
            sent = List.copyOf(sent);
            drops = Map.copyOf(drops);
        }
    }

    /**
     * One track that a client sends.
     *
     * @param trackSid null while the room does not know it as a publication
     */
    public record ReceivedTrackView(
            @Nullable String trackSid, String clientTrackId, TrackKind kind, List<EncodingView> encodings) {
        public ReceivedTrackView {
            encodings = List.copyOf(encodings);
        }
    }

    /**
     * One encoding of a received track.
     *
     * @param index its spatial layer, 0 is the lowest
     * @param rtxSsrc of its retransmissions; -1 if there are none
     * @param flowing packets have come within 1.5 s
     * @param bitrateBps the median of the last five seconds; 0 while unknown
     * @param width of the picture, as the last key frame said; 0 while unknown
     * @param lastPacketAgeMillis -1 before the first packet
     * @param packetsLost expected and never received, before repair
     * @param packetsMissing lost packets that are being asked for
     * @param awaitsKeyFrame a key frame was asked for and has not come
     */
    public record EncodingView(
            int index,
            long ssrc,
            long rtxSsrc,
            boolean flowing,
            long bitrateBps,
            int width,
            int height,
            long lastPacketAgeMillis,
            long packetsReceived,
            long packetsLost,
            double jitterMillis,
            int packetsMissing,
            boolean awaitsKeyFrame) {}

    /**
     * One track that a client is sent.
     *
     * @param id of the subscription
     * @param trackSid null while the room's desired state does not list the subscription any more
     * @param limit the highest layer that the room allows
     * @param spatialCurrent the encoding being sent; -1 for none
     * @param spatialTarget the encoding to be sent; -1 for none
     * @param temporalCurrent the highest temporal layer being sent
     * @param lossRatio the share lost in the client's last report
     * @param packetsDropped of the source and not forwarded, by reason
     */
    public record SentTrackView(
            String id,
            @Nullable String trackSid,
            TrackKind kind,
            long ssrc,
            Forwarding forwarding,
            LayerLimit limit,
            int spatialCurrent,
            int spatialTarget,
            int temporalCurrent,
            long packetsForwarded,
            long packetsResent,
            double lossRatio,
            Map<String, Long> packetsDropped) {
        public SentTrackView {
            packetsDropped = Map.copyOf(packetsDropped);
        }
    }
}
