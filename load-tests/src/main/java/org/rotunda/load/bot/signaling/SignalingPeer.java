package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/** What a {@link SignalingClient} speaks for: its tracks, its one peer connection, and who hears of the room. On the client's executor. */
public interface SignalingPeer {
    /**
     * A track as {@code participant.tracks} lists it.
     *
     * @param id the msid track id, or the label of the data channel
     * @param kind {@code audio}, {@code video} or {@code data}
     */
    record Track(String id, String kind, String name) {}

    /** What is published now. */
    List<Track> tracks();

    /** The last local description of the connection. */
    @Nullable
    Description description();

    /** The body of {@code connected}, {@code synced} or an {@code update}. Descriptions in it come by {@link #onDescription} as well. */
    void onRoom(JsonNode body);

    void onDescription(Description description);

    /**
     * The room wants another connection in place of the one there is: the peer begins anew, its first offer is asked
     * for next.
     */
    default void onNewConnection() {}

    /** A frame that says something leaves; not heartbeats and goodbyes. */
    default void onSending(JsonNode frame) {}

    /** The socket is lost; the client tries to resume. */
    default void onReconnecting() {}

    /** The session goes on. */
    default void onResumed() {}

    /** The client is out of the room, or never got in. Called once, last. */
    void onEnded(SignalingEnd end);
}
