package org.rotunda.gateway.connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionDescription;

/** What a client has told of itself so far, for a room that has forgotten or missed it. Owned by one session. */
final class ClientState {
    /** Connections remembered; what a client names beyond that is passed on and forgotten. */
    private static final int CONNECTIONS_MAX = 8;

    private ClientParticipant participant = new ClientParticipant(0, List.of());

    /** The latest description of each live connection; a client has one, and while it moves two. */
    private final Map<String, ConnectionDescription> latest = new HashMap<>();

    /** @param told null when nothing but the descriptions is new */
    void update(@Nullable ClientParticipant told, List<ConnectionDescription> descriptions) {
        if (told != null) {
            participant = told;
        }
        for (ConnectionDescription each : descriptions) {
            if (each.description().type() == Description.Type.CLOSE) {
                latest.remove(each.connectionId());
            } else if (latest.size() < CONNECTIONS_MAX || latest.containsKey(each.connectionId())) {
                latest.put(each.connectionId(), each);
            }
        }
    }

    ClientParticipant participant() {
        return participant;
    }

    List<ConnectionDescription> descriptions() {
        return List.copyOf(latest.values());
    }
}
