package org.rotunda.gateway.connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;

/**
 * The latest state that a client has sent. A room that has lost this state gets it again, in one message. Owned by one
 * session.
 */
final class ClientState {
    /**
     * The maximum number of connections whose descriptions are kept. A description is passed on but not kept if it
     * would exceed this number, or if it would make the kept descriptions together too long for one message. The same
     * holds for candidates.
     */
    private static final int CONNECTIONS_MAX = 16;

    private ClientParticipant participant = new ClientParticipant(0, List.of());

    /**
     * The latest description of each open connection. In a room with a media server a client has one connection, or two
     * while it is moved to another node. In a room without one it has a connection to each of up to nine others.
     */
    private final Map<String, ConnectionDescription> latest = new HashMap<>();

    // The length of all SDP in the map, in bytes of UTF-8. It is limited, because one sync carries all this SDP.
    private int latestBytes;

    /** The candidates of each connection that belong to the client's latest ufrag there. */
    private final Map<String, ConnectionCandidates> candidates = new HashMap<>();

    /**
     * Stores what the client has sent.
     *
     * @param told the client's new participant state, or null if only descriptions are new
     */
    void update(
            @Nullable ClientParticipant told,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> lists) {
        if (told != null) {
            participant = told;
        }
        for (ConnectionDescription each : descriptions) {
            forgetDescription(each.connectionId());
            if (each.description().type() == Description.Type.CLOSE) {
                candidates.remove(each.connectionId());
            }
            int bytes = ClientLimits.utf8Length(each.description().sdp());
            if (each.description().type() != Description.Type.CLOSE
                    && latest.size() < CONNECTIONS_MAX
                    && latestBytes + bytes <= ClientLimits.DESCRIPTIONS_BYTES_MAX) {
                latest.put(each.connectionId(), each);
                latestBytes += bytes;
            }
        }
        lists.forEach(this::update);
    }

    private void update(ConnectionCandidates list) {
        ConnectionCandidates old = candidates.remove(list.connectionId());
        ConnectionCandidates next =
                (old == null || !old.ufrag().equals(list.ufrag()) ? list.withoutCandidates() : old).and(list);
        int bytes = candidates.values().stream()
                .mapToInt(ConnectionCandidates::chargedBytes)
                .sum();
        if (candidates.size() < CONNECTIONS_MAX && bytes + next.chargedBytes() <= ClientLimits.CANDIDATES_BYTES_MAX) {
            candidates.put(next.connectionId(), next);
        }
    }

    /** Forgets a connection that is closed. */
    void forget(String connectionId) {
        forgetDescription(connectionId);
        candidates.remove(connectionId);
    }

    private void forgetDescription(String connectionId) {
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

    List<ConnectionCandidates> candidates() {
        return List.copyOf(candidates.values());
    }
}
