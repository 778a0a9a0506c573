package org.rotunda.room.state;

import java.util.Set;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.protocol.TrackSid;

/**
 * The facts about a client's media that are known only after its negotiation. They are not journalled, because every
 * router reports them again. Pure.
 *
 * @param known true if a router has answered the client, so that {@code withoutCodec} is complete
 * @param withoutCodec the kinds of media for which the client has no codec in common with the room
 * @param undecodable the tracks of others whose publishers send a codec that the client does not have
 */
public record MediaTerms(boolean known, Set<TrackKind> withoutCodec, Set<TrackSid> undecodable) {
    /** The terms of a client whose offer no router has answered yet. */
    public static final MediaTerms UNKNOWN = new MediaTerms(false, Set.of(), Set.of());

    public MediaTerms {
        withoutCodec = Set.copyOf(withoutCodec);
        undecodable = Set.copyOf(undecodable);
    }

    public MediaTerms answered() {
        return new MediaTerms(true, withoutCodec, undecodable);
    }

    public MediaTerms without(Set<TrackKind> kinds) {
        return new MediaTerms(known, kinds, undecodable);
    }

    public MediaTerms withUndecodable(Set<TrackSid> tracks) {
        return new MediaTerms(known, withoutCodec, tracks);
    }

    /** Returns the terms of the same client after the start of a new connection, on which no codec is missing yet. */
    public MediaTerms onNewConnection() {
        return new MediaTerms(known, Set.of(), Set.of());
    }

    public boolean lacksCodec(TrackKind kind) {
        return withoutCodec.contains(kind);
    }

    /** Returns whether the client can receive this track of another participant. */
    public boolean isReceivable(Publication track) {
        return !lacksCodec(track.kind()) && !undecodable.contains(track.sid());
    }

    /**
     * Returns whether the client may be told that its track of this kind is published. The answer is false while the
     * room may still have to refuse the track, because the SDK does not accept a refusal after it has heard that the
     * track is published. Every client has VP8, so a client can lack the video codec only in a room without VP8. In
     * such a room the client's video is publishable only after a router has answered the client.
     */
    boolean isPublishable(OpenRoom room, TrackKind kind) {
        boolean waits = room.properties().hasMediaServer()
                && kind == TrackKind.VIDEO
                && !known
                && !room.properties().videoCodecs().contains(VideoCodec.VP8);
        return !waits && !lacksCodec(kind);
    }
}
