package org.rotunda.room.state;

import java.util.Set;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.VideoCodec;

/**
 * The facts about a client's media that are known only after its negotiation. They are not journalled, because every
 * router reports them again. Pure.
 *
 * @param known true if a router has answered the client, so that {@code withoutCodec} is complete
 * @param withoutCodec the kinds of media for which the client has no codec in common with the room
 */
public record MediaTerms(boolean known, Set<TrackKind> withoutCodec) {
    /** The terms of a client whose offer no router has answered yet. */
    public static final MediaTerms UNKNOWN = new MediaTerms(false, Set.of());

    public MediaTerms {
        withoutCodec = Set.copyOf(withoutCodec);
    }

    public MediaTerms answered() {
        return new MediaTerms(true, withoutCodec);
    }

    public MediaTerms without(Set<TrackKind> kinds) {
        return new MediaTerms(known, kinds);
    }

    public boolean lacksCodec(TrackKind kind) {
        return withoutCodec.contains(kind);
    }

    /**
     * Returns whether the client may be told that its track of this kind is published. The answer is false while the
     * room may still have to refuse the track, because the SDK does not accept a refusal after it has heard that the
     * track is published. Every client has VP8, so a client can lack the video codec only in a room without VP8. In
     * such a room the client's video is publishable only after a router has answered the client.
     */
    boolean isPublishable(OpenRoom room, TrackKind kind) {
        boolean waits = kind == TrackKind.VIDEO
                && !known
                && !room.properties().videoCodecs().contains(VideoCodec.VP8);
        return !waits && !lacksCodec(kind);
    }
}
