package org.rotunda.media.sdp;

/**
 * A track that this node sends, or is about to send, to the client.
 *
 * @param trackId the msid track id, which is also the id of the subscription
 * @param streamId the msid stream id; the client synchronizes the tracks of one stream
 * @param kind audio or video
 * @param ssrc our SSRC, used in this connection only
 * @param rtxSsrc the SSRC of retransmissions, or {@link #NO_RTX}
 */
public record OutgoingTrack(String trackId, String streamId, MediaKind kind, long ssrc, long rtxSsrc, String cname) {
    public static final long NO_RTX = -1;

    /**
     * Returns whether both tracks belong to one subscription. Their SSRCs may differ, because each node chooses new
     * SSRCs after a move.
     */
    boolean isSameAs(OutgoingTrack other) {
        return trackId.equals(other.trackId) && streamId.equals(other.streamId) && kind == other.kind;
    }
}
