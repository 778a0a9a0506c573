package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * Makes the bodies of a client's messages, and numbers the revisions of its published tracks. Used on the client's
 * executor.
 */
final class SignalingBodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SignalingClient.Settings settings;
    private final SignalingPeer peer;
    private final PeerConnectionSlot peerConnection;
    private int participantRevision = 1;

    SignalingBodies(SignalingClient.Settings settings, SignalingPeer peer, PeerConnectionSlot peerConnection) {
        this.settings = settings;
        this.peer = peer;
        this.peerConnection = peerConnection;
    }

    /** Sets the first revision to one plus the number of tracks that are published from the start, as the SDK does. */
    void onFirstTracks() {
        participantRevision = 1 + peer.tracks().size();
    }

    /** Begins a new revision after the published tracks have changed. */
    void onTracks() {
        participantRevision++;
    }

    /** Returns the request for ICE servers. With this request the server checks the client's token. */
    ObjectNode ice() {
        return JSON.objectNode()
                .put("type", "ice")
                .put("version", 1)
                .put("edge", "roaming")
                .put("token", settings.token().get());
    }

    ObjectNode connect() {
        ObjectNode connect = body("connect");
        connect.put("name", settings.room()).put("token", settings.token().get());
        connect.put("ice_servers", "acquire").put("format", "unified");
        connect.set("participant", participant());
        connect.set("peer_connections", peerConnection.toJson(peer.description()));
        settings.signals().addTo(connect);
        connect.putObject("subscribe")
                .put("revision", 1)
                .putArray("rules")
                .addObject()
                .put("type", settings.subscribes() ? "include" : "exclude")
                .put("all", true);
        connect.putObject("publisher")
                .put("name", "rotunda-bot")
                .put("sdk_version", "2.36.0")
                .put("user_agent", "rotunda-bot");
        return connect;
    }

    /** Returns the message that resumes a session on another socket. */
    ObjectNode sync(@Nullable String session) {
        ObjectNode sync = body("sync");
        sync.put("name", settings.room())
                .put("session", session)
                .put("token", settings.token().get());
        sync.set("participant", participant());
        sync.set("peer_connections", peerConnection.toJson(peer.description()));
        return sync;
    }

    /**
     * Returns an update with the participant and, unless {@code description} is null, the connection's description.
     */
    ObjectNode update(@Nullable String session, @Nullable Description description) {
        ObjectNode update = body("update").put("session", session);
        update.set("participant", participant());
        if (description != null) {
            update.set("peer_connections", peerConnection.toJson(description));
        }
        return update;
    }

    ObjectNode disconnect(@Nullable String session) {
        return body("disconnect").put("session", session);
    }

    private static ObjectNode body(String type) {
        return JSON.objectNode().put("type", type).put("version", 2);
    }

    private ObjectNode participant() {
        ObjectNode participant = JSON.objectNode().put("revision", participantRevision);
        ArrayNode tracks = participant.putArray("tracks");
        for (SignalingPeer.Track track : peer.tracks()) {
            tracks.addObject()
                    .put("id", track.id())
                    .put("kind", track.kind())
                    .put("name", track.name())
                    .put("enabled", track.enabled())
                    .put("priority", track.priority());
        }
        return participant;
    }
}
