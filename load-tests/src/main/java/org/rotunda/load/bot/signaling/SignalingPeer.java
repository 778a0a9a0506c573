package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * The participant behind a {@link SignalingClient}. Supplies its tracks and its local description, and handles the
 * messages of the room. Called on the client's executor.
 */
public interface SignalingPeer {
    /**
     * A published track as {@code participant.tracks} lists it.
     *
     * @param id the msid track id, or the label of the data channel
     * @param kind {@code audio}, {@code video} or {@code data}
     * @param enabled false while the participant has paused the track
     * @param priority {@code low}, {@code standard} or {@code high}
     */
    record Track(String id, String kind, String name, boolean enabled, String priority) {
        /** Creates a track of standard priority that is not paused. */
        public Track(String id, String kind, String name) {
            this(id, kind, name, true, "standard");
        }

        /** Returns the same track, paused or not. */
        public Track enabled(boolean nowEnabled) {
            return new Track(id, kind, name, nowEnabled, priority);
        }

        /** Returns the same track with another priority. */
        public Track withPriority(String next) {
            return new Track(id, kind, name, enabled, next);
        }
    }

    /** Returns the tracks that are published now. */
    List<Track> tracks();

    /** Returns the latest local description of the connection. */
    @Nullable
    Description description();

    /**
     * Handles the body of a {@code connected}, {@code synced} or {@code update} message. The descriptions in the body
     * are also passed to {@link #onDescription}.
     */
    void onRoom(JsonNode body);

    void onDescription(Description description);

    /**
     * Replaces the connection at the room's request. Immediately afterwards, {@link #onDescription} gets the room's
     * request for the first offer of the new connection.
     */
    default void onNewConnection() {}

    /** Called with each frame that is sent, except heartbeats and bye frames. */
    default void onSending(JsonNode frame) {}

    /** Called when the socket is lost and the client begins to resume. */
    default void onReconnecting() {}

    /** Called when the session is resumed. */
    default void onResumed() {}

    /**
     * Called exactly once, when the session has ended or the client has failed to join. No other call follows. Not
     * called after {@link SignalingClient#vanish}.
     */
    void onEnded(SignalingEnd end);
}
