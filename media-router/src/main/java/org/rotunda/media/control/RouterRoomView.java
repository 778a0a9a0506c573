package org.rotunda.media.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A room as one router sees it at one moment, for troubleshooting. Programs must not depend on its fields, because the
 * fields change between releases.
 *
 * @param transports the transports, in the order of their opening on each event loop, at most {@value #TRANSPORTS_MAX}
 * @param transportsLeftOut the number of transports beyond that limit
 * @param tracksLeftOut the number of tracks, received and sent together, beyond {@value #TRACKS_MAX}
 */
public record RouterRoomView(String roomSid, List<TransportView> transports, int transportsLeftOut, int tracksLeftOut) {
    /**
     * The maximum number of transports in a view. It equals the maximum number of participants in a room. The limit
     * bounds the time on the loop and the size of the answer.
     */
    public static final int TRANSPORTS_MAX = 500;

    /**
     * The maximum number of tracks in a view. Each track takes some 500 bytes as text, and a few microseconds on the
     * loop.
     */
    public static final int TRACKS_MAX = 2_000;

    public RouterRoomView {
        transports = List.copyOf(transports);
    }

    /** Returns this view with the transports of the same room on another event loop, within the limit of transports. */
    public RouterRoomView plus(RouterRoomView other) {
        List<TransportView> all = new ArrayList<>(transports);
        all.addAll(other.transports);
        int most = Math.min(all.size(), TRANSPORTS_MAX);
        return new RouterRoomView(
                roomSid,
                all.subList(0, most),
                transportsLeftOut + other.transportsLeftOut + all.size() - most,
                tracksLeftOut + other.tracksLeftOut);
    }

    /** The progress of a client's connectivity checks. */
    public enum IceState {
        /** No authentic check has come. */
        NEW,
        /** Checks came, but no nominated pair has consent. */
        CHECKED,
        /** A nominated pair has consent. */
        NOMINATED
    }

    /** The state of the DTLS association with a client. */
    public enum DtlsState {
        /** No ClientHello has come. */
        WAITING,
        HANDSHAKE,
        /** The handshake is done, but the client's fingerprint is not known yet. */
        UNVERIFIED,
        OPEN,
        CLOSED
    }

    /** The reason why a subscriber gets the current encoding, or gets nothing. */
    public enum Forwarding {
        /** No m-line carries the subscription yet. */
        NOT_NEGOTIATED,
        /** The subscription has no received track to forward. */
        NO_SOURCE,
        /** The publisher sends a codec that the client has not negotiated. */
        NO_CODEC,
        PAUSED,
        /** The publisher sends no encoding that the limit allows. */
        NOTHING_FLOWS,
        /** Nothing is sent before the first key frame of the target encoding. */
        WAITING_FOR_KEY_FRAME,
        /** The current encoding is sent until a key frame of the target encoding comes. */
        SWITCHING,
        /** The current encoding is above a lowered limit, and the publisher sends no encoding within the limit. */
        ABOVE_LIMIT,
        /** The limit allows a higher encoding, but the publisher does not send it. */
        BELOW_LIMIT,
        /** The highest encoding that the limit allows is sent. */
        AS_DESIRED
    }

    /**
     * One transport.
     *
     * @param remoteAddress the address that everything is sent to, after "tcp " if it is a TCP connection; null while nothing
     *     may be sent
     * @param rttMillis the latest round-trip time; -1 while unknown
     * @param estimateBps the estimated bit rate of the network to the client; 0 before anything was sent
     * @param desiredBps the bit rate that the client would get with ample bandwidth
     * @param sentBps the bit rate of RTP packets in the last second
     * @param queueMillis the estimated queueing delay to the client
     * @param steppedDown the SIDs of the tracks that the router holds below the desired layers on its own
     * @param awaitsAnswer true if an offer of ours waits for the client's answer
     * @param desiredEpoch the epoch of the desired state in force; 0 before the first desired state
     * @param drops the numbers of datagrams and messages that ICE, DTLS and SCTP dropped, by metric name
     */
    public record TransportView(
            TransportId id,
            MediaEvent.State state,
            IceState ice,
            DtlsState dtls,
            @Nullable String remoteAddress,
            double rttMillis,
            long estimateBps,
            long desiredBps,
            long sentBps,
            int queueMillis,
            List<String> steppedDown,
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
            steppedDown = List.copyOf(steppedDown);
            drops = Map.copyOf(drops);
        }
    }

    /**
     * One track that a client sends.
     *
     * @param trackSid the SID of the publication; null while the track is not published
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
     * @param index the index of the spatial layer; 0 is the lowest layer
     * @param rtxSsrc the SSRC of the retransmissions; -1 without retransmissions
     * @param flowing false after 1.5 s without packets, and earlier if other encodings of the track go on
     * @param bitrateBps the median bit rate of the last five whole seconds; 0 while unknown
     * @param width the width of the picture according to the last key frame; 0 while unknown
     * @param lastPacketAgeMillis the time since the last packet; -1 before the first packet
     * @param packetsLost the number of packets that were expected and not received, before retransmissions repair the
     *     loss
     * @param packetsMissing the number of lost packets that the router still requests
     * @param awaitsKeyFrame true if a key frame was requested and has not come
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
     * One track that the router sends to a client.
     *
     * @param id the id of the subscription
     * @param trackSid the SID of the publication; null once the room's desired state no longer lists the subscription
     * @param limit the highest layer that the room allows
     * @param spatialCurrent the encoding that is sent now; -1 if nothing is sent
     * @param spatialTarget the encoding to send; -1 if there is no such encoding
     * @param temporalCurrent the highest temporal layer that is sent now
     * @param lossRatio the share of packets that were lost, according to the client's last report
     * @param packetsDropped the packets of the source that were not forwarded, by reason
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
