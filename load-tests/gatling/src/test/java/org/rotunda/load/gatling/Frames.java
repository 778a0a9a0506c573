package org.rotunda.load.gatling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.rotunda.load.client.DataChannelOffer;

/** Builds signaling frames as the SDK sends them, for a client that offers only a data channel. */
final class Frames {
    static final int HEARTBEAT_MS = 5_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Frames() {}

    /** Returns the first frame of a new session. With this frame the client asks the gateway to check its token. */
    static String helloWithIce(String token) {
        return hello(Map.of("type", "ice", "version", 1, "edge", "roaming", "token", token));
    }

    /** Returns the first frame on a new socket that resumes an existing session. */
    static String helloWithSync(String token, String room, String session, String connection) {
        return hello(Map.of(
                "type",
                "sync",
                "version",
                2,
                "name",
                room,
                "session",
                session,
                "token",
                token,
                "participant",
                Map.of("revision", 1, "tracks", List.of()),
                "peer_connections",
                peerConnections(connection)));
    }

    private static String hello(Map<String, Object> body) {
        return json(Map.of(
                "type",
                "hello",
                "version",
                2,
                "id",
                UUID.randomUUID().toString(),
                "timeout",
                HEARTBEAT_MS,
                "body",
                body));
    }

    static String connect(String token, String room, String connection) {
        return message(Map.of(
                "type",
                "connect",
                "version",
                2,
                "name",
                room,
                "token",
                token,
                "format",
                "unified",
                "participant",
                Map.of("revision", 1, "tracks", List.of()),
                "peer_connections",
                peerConnections(connection),
                "media_signaling",
                Map.of(),
                "subscribe",
                Map.of("revision", 1, "rules", List.of(Map.of("type", "include", "all", true))),
                "publisher",
                Map.of("name", "rotunda-gatling", "sdk_version", "2.36.0", "user_agent", "rotunda-gatling")));
    }

    static String disconnect(String session) {
        return message(Map.of("type", "disconnect", "version", 2, "session", session));
    }

    static String heartbeat() {
        return json(Map.of("type", "heartbeat"));
    }

    static String bye() {
        return json(Map.of("type", "bye"));
    }

    private static String message(Map<String, Object> body) {
        return json(Map.of("type", "msg", "body", body));
    }

    private static List<Map<String, Object>> peerConnections(String connection) {
        return List.of(Map.of(
                "id", connection, "description", Map.of("type", "offer", "revision", 1, "sdp", DataChannelOffer.SDP)));
    }

    private static String json(Map<String, Object> frame) {
        try {
            return JSON.writeValueAsString(frame);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
