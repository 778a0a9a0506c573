package org.rotunda.gateway.connection;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.SessionNotice;

/**
 * The latest state that a client has sent. A room that has lost this state gets it again, in one message. Owned by one
 * session.
 *
 * <p>Only the state of open connections is kept. A connection counts as closed as soon as a message is on its way after
 * which the client closes it. The client may still describe the connection before it gets that message. If the
 * description were kept, a later sync would tell the room of a connection that the client does not have any more, and
 * the client would not contradict: it closes connections silently if the room says so.
 */
final class ClientState {
    /**
     * The maximum number of open connections. The description of a further connection is passed on but not kept. The
     * same holds for a description that would make the kept ones together too long for one message, and for candidates.
     */
    private static final int CONNECTIONS_MAX = 16;

    private ClientParticipant participant = new ClientParticipant(0, List.of());

    /**
     * The connections that the client has once it has got all messages on their way to it. In a room with a media
     * server a client has one connection, or two while it is moved to another node. In a room without one it has a
     * connection to each of up to nine others.
     */
    private final Set<String> open = new HashSet<>();

    /** The latest description of each open connection. */
    private final Map<String, ConnectionDescription> latest = new HashMap<>();

    // The length of all SDP in the map, in bytes of UTF-8. It is limited, because one sync carries all this SDP.
    private int latestBytes;

    /** The candidates of each connection that belong to the client's latest ufrag there. */
    private final Map<String, ConnectionCandidates> candidates = new HashMap<>();

    /** Notes a connection that the client has, or that it creates when it gets the next message. */
    void open(String connectionId) {
        if (open.size() < CONNECTIONS_MAX) {
            open.add(connectionId);
        }
    }

    /** Notes the descriptions that are on their way to the client. The client closes connections if they say so. */
    void told(List<ConnectionDescription> descriptions) {
        for (ConnectionDescription each : descriptions) {
            if (each.description().type() == Description.Type.CLOSE) {
                forget(each.connectionId());
            } else {
                open(each.connectionId());
            }
        }
    }

    /** Notes connections that the client gets from the answer to its connect. */
    void connected(List<SessionNotice.Connection> connections) {
        for (SessionNotice.Connection each : connections) {
            ConnectionDescription latest = each.latest();
            if (latest == null) {
                open(each.connectionId());
            } else {
                told(List.of(latest));
            }
        }
    }

    /** Notes the connections in the answer to a sync. The client closes all others. */
    void synced(List<SessionNotice.Connection> connections) {
        Set<String> absent = new HashSet<>(open);
        connections.forEach(each -> absent.remove(each.connectionId()));
        absent.forEach(this::forget);
        connected(connections);
    }

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
            if (each.description().type() == Description.Type.CLOSE) {
                forget(each.connectionId());
            } else if (open.contains(each.connectionId())) {
                update(each);
            }
        }
        lists.stream().filter(each -> open.contains(each.connectionId())).forEach(this::update);
    }

    private void update(ConnectionDescription description) {
        forgetDescription(description.connectionId());
        int bytes = ClientLimits.utf8Length(description.description().sdp());
        if (latestBytes + bytes <= ClientLimits.DESCRIPTIONS_BYTES_MAX) {
            latest.put(description.connectionId(), description);
            latestBytes += bytes;
        }
    }

    private void update(ConnectionCandidates list) {
        ConnectionCandidates old = candidates.remove(list.connectionId());
        ConnectionCandidates next =
                (old == null || !old.ufrag().equals(list.ufrag()) ? list.withoutCandidates() : old).and(list);
        int bytes = candidates.values().stream()
                .mapToInt(ConnectionCandidates::chargedBytes)
                .sum();
        if (bytes + next.chargedBytes() <= ClientLimits.CANDIDATES_BYTES_MAX) {
            candidates.put(next.connectionId(), next);
        }
    }

    private void forget(String connectionId) {
        open.remove(connectionId);
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
