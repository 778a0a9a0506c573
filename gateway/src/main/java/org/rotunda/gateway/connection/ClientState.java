package org.rotunda.gateway.connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionDescription;

/**
 * The latest state that a client has sent. A room that has lost this state gets it again, in one message. Owned by one
 * session.
 */
final class ClientState {
    /**
     * The maximum number of connections whose descriptions are kept. A description is passed on but not kept if it
     * would exceed this number, or if it would make the kept descriptions together too long for one message.
     */
    private static final int CONNECTIONS_MAX = 8;

    private ClientParticipant participant = new ClientParticipant(0, List.of());

    /**
     * The latest description of each open connection. A client has one connection, or two while it is moved to another
     * node.
     */
    private final Map<String, ConnectionDescription> latest = new HashMap<>();

    // The length of all SDP in the map, in bytes of UTF-8. It is limited, because one sync carries all this SDP.
    private int latestBytes;

    /**
     * Stores what the client has sent.
     *
     * @param told the client's new participant state, or null if only descriptions are new
     */
    void update(@Nullable ClientParticipant told, List<ConnectionDescription> descriptions) {
        if (told != null) {
            participant = told;
        }
        for (ConnectionDescription each : descriptions) {
            forget(each.connectionId());
            int bytes = ClientLimits.utf8Length(each.description().sdp());
            if (each.description().type() != Description.Type.CLOSE
                    && latest.size() < CONNECTIONS_MAX
                    && latestBytes + bytes <= ClientLimits.DESCRIPTIONS_BYTES_MAX) {
                latest.put(each.connectionId(), each);
                latestBytes += bytes;
            }
        }
    }

    private void forget(String connectionId) {
        ConnectionDescription old = latest.remove(connectionId);
        if (old != null) {
            latestBytes -= ClientLimits.utf8Length(old.description().sdp());
        }
    }

    ClientParticipant participant() {
        return participant;
    }

    List<ConnectionDescription> descriptions() {
        return List.copyOf(latest.values());
    }
}
