package org.rotunda.load.gatling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Signaling frames as the SDK sends them, of a client that offers a data channel and nothing else. Pure. */
final class Frames {
    static final int HEARTBEAT_MS = 5_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** No media ever follows: signaling is what is loaded. */
    private static final String OFFER = String.join(
            "\r\n",
            "v=0",
            "o=- 1 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            "a=ice-ufrag:gatl",
            "a=ice-pwd:gatlinggatlinggatling00",
            "a=fingerprint:sha-256 " + "00:".repeat(31) + "00",
            "a=setup:actpass",
            "a=mid:0",
            "a=sctp-port:5000",
            "a=max-message-size:262144",
            "");

    private Frames() {}

    /** The first frame of a new session, which has the token checked. */
    static String helloWithIce(String token) {
        return hello(Map.of("type", "ice", "version", 1, "edge", "roaming", "token", token));
    }

    /** The first frame on another socket, which resumes a session. */
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
        return List.of(Map.of("id", connection, "description", Map.of("type", "offer", "revision", 1, "sdp", OFFER)));
    }

    private static String json(Map<String, Object> frame) {
        try {
            return JSON.writeValueAsString(frame);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
