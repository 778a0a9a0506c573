package org.rotunda.media.testkit;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;

/** An m-line of a peer, or a transceiver that has no m-line yet. */
public final class PeerLine<T extends PeerTrack> {
    final MediaKind kind;
    final boolean openedByServer;

    @Nullable
    String mid;

    @Nullable
    T track; // The track that the application publishes.

    boolean sending; // True if the router accepts the track.
    boolean rejected; // True if the router has rejected the line.

    @Nullable
    String receivedTrackId;

    /** Returns a line of this MID that offers a track. */
    public static <T extends PeerTrack> PeerLine<T> offering(String mid, T track) {
        PeerLine<T> line = new PeerLine<>(track.isVideo() ? MediaKind.VIDEO : MediaKind.AUDIO, false);
        line.mid = mid;
        line.track = track;
        return line;
    }

    /** Returns the line of a server's section, on which the peer receives the track of this id and sends nothing. */
    public static <T extends PeerTrack> PeerLine<T> receiving(MediaSection section, String trackId) {
        PeerLine<T> line = new PeerLine<>(section.kind(), true);
        line.mid = section.mid();
        line.receivedTrackId = trackId;
        return line;
    }

    /** Applies the server's answer to an offered track. */
    public void onAnswer(MediaSection section) {
        sending = !section.isRejected() && section.direction().receives();
    }

    PeerLine(MediaKind kind, boolean openedByServer) {
        this.kind = kind;
        this.openedByServer = openedByServer;
    }

    public MediaKind kind() {
        return kind;
    }

    /** Returns the MID, or null if the line has none because it has been in no description yet. */
    public @Nullable String mid() {
        return mid;
    }

    /** Returns the published track, even if the router does not accept it. */
    public @Nullable T track() {
        return track;
    }

    /** Returns whether the router accepts the published track. */
    public boolean isSending() {
        return sending;
    }

    /** Returns the id of the track that the router sends on this line, or null if it sends no track. */
    public @Nullable String receivedTrackId() {
        return receivedTrackId;
    }
}
