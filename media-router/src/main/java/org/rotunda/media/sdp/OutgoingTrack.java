package org.rotunda.media.sdp;

/**
 * A track that this node sends, or is about to send, to the client.
 *
 * @param trackId the msid track id, which is the id in {@code subscribed}; fresh for every subscription
 * @param streamId the msid stream id, fresh with the track id (Chromium raises no event when only one of them changes)
 * @param kind audio or video
 * @param ssrc our SSRC, used in this connection only
 * @param rtxSsrc the SSRC of retransmissions, or {@link #NO_RTX}
 */
public record OutgoingTrack(String trackId, String streamId, MediaKind kind, long ssrc, long rtxSsrc, String cname) {
    public static final long NO_RTX = -1;

    /** Returns whether both tracks belong to one subscription; after a move to another node their SSRCs differ. */
    boolean isSameAs(OutgoingTrack other) {
        return trackId.equals(other.trackId) && streamId.equals(other.streamId) && kind == other.kind;
    }
}
