package org.rotunda.load.bot.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * The peer connection of a session and its id. Reads and writes the entries of {@code peer_connections}. If the server
 * asks for an offer under a new id, that connection replaces the current one. A description of type {@code close} is
 * therefore ignored. Used on the client's executor.
 */
final class PeerConnectionSlot {
    private final SignalingPeer peer;
    private final Set<String> spent = new HashSet<>(); // The ids of replaced connections.
    private String id = UUID.randomUUID().toString();

    PeerConnectionSlot(SignalingPeer peer) {
        this.peer = peer;
    }

    /**
     * Passes the description in an entry of {@code peer_connections} to the peer. Ignores the entry unless it belongs
     * to the current connection or asks for a new connection.
     */
    void onEntry(JsonNode entry) {
        JsonNode description = entry.path("description");
        if (description.isObject()) {
            onDescription(entry.path("id").asText(), parse(description));
        }
    }

    private void onDescription(String of, Description description) {
        if (!id.equals(of) && description.type() == Description.Type.CREATE_OFFER && !spent.contains(of)) {
            spent.add(id);
            id = of;
            peer.onNewConnection();
        }
        if (id.equals(of) && description.type() != Description.Type.CLOSE) {
            peer.onDescription(description);
        }
    }

    private static Description parse(JsonNode description) {
        return new Description(
                Description.Type.valueOf(description
                        .path("type")
                        .asText()
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')),
                description.path("revision").asLong(),
                description.path("sdp").asText());
    }

    /** Returns the value of {@code peer_connections} that carries this local description. */
    ArrayNode toJson(@Nullable Description description) {
        ArrayNode connections = JsonNodeFactory.instance.arrayNode();
        if (description != null) {
            connections
                    .addObject()
                    .put("id", id)
                    .putObject("description")
                    .put(
                            "type",
                            description.type().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .put("revision", description.revision())
                    .put("sdp", description.sdp());
        }
        return connections;
    }
}
