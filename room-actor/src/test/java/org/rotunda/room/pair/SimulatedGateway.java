package org.rotunda.room.pair;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.SessionNotice;

/**
 * The gateway's part of one socket. It passes messages on in both directions, and remembers the client's latest
 * descriptions for a sync. As the state of a real session does ({@code ClientState} of the gateway), it forgets a
 * connection at once when it passes on that the client must close it, although the client does so only later.
 */
final class SimulatedGateway {
    /** The answer to a sync, on its way to the client. */
    private record Synced(List<SessionNotice.Connection> connections) {}

    private final SimulatedClient client;
    private final Set<String> open = new HashSet<>();
    private final Map<String, ConnectionDescription> latest = new LinkedHashMap<>();

    /** The descriptions and lists between the gateway and the room. */
    final ArrayDeque<Object> toRoom = new ArrayDeque<>();

    private final ArrayDeque<Object> fromRoom = new ArrayDeque<>();
    private final ArrayDeque<Object> toClient = new ArrayDeque<>();

    /** Creates a gateway to which a client without connections, or one that resumes its session, connects. */
    SimulatedGateway(SimulatedClient client) {
        this.client = client;
        for (ConnectionDescription each : client.latest()) {
            open.add(each.connectionId());
            latest.put(each.connectionId(), each);
        }
    }

    /** Returns the client's latest descriptions, as a sync on the client's behalf lists them. */
    List<ConnectionDescription> latest() {
        return List.copyOf(latest.values());
    }

    // --- from the room

    void send(ConnectionDescription description) {
        fromRoom.add(description);
    }

    void send(ConnectionCandidates candidates) {
        fromRoom.add(candidates);
    }

    void answer(List<SessionNotice.Connection> connections) {
        fromRoom.add(new Synced(connections));
    }

    /** Makes all notices arrive at the gateway that are on their way from the room. */
    void receiveAll() {
        while (!fromRoom.isEmpty()) {
            receive();
        }
    }

    /** Loses the notices that are on their way from the room. */
    void loseNotices() {
        fromRoom.clear();
    }

    /** Makes one notice of the room arrive at the gateway. */
    void receive() {
        Object notice = fromRoom.poll();
        if (notice != null) {
            note(notice);
            toClient.add(notice);
        }
    }

    /** Makes one message arrive at the client. */
    void deliver() {
        if (toClient.isEmpty()) {
            receive();
        }
        Object message = toClient.poll();
        if (message instanceof ConnectionDescription described) {
            client.on(described);
        } else if (message instanceof ConnectionCandidates list) {
            client.on(list);
        } else if (message instanceof Synced synced) {
            client.onSynced(synced.connections());
        }
    }

    private void note(Object notice) {
        if (notice instanceof ConnectionDescription described) {
            note(described.connectionId(), described);
        } else if (notice instanceof Synced synced) {
            onSynced(synced.connections());
        }
    }

    private void note(String connectionId, @Nullable ConnectionDescription told) {
        if (told != null && told.description().type() == Description.Type.CLOSE) {
            open.remove(connectionId);
            latest.remove(connectionId);
        } else {
            open.add(connectionId);
        }
    }

    /** Notes the answer to a sync, after which the client closes all other connections. */
    void onSynced(List<SessionNotice.Connection> connections) {
        open.clear();
        connections.forEach(each -> note(each.connectionId(), each.latest()));
        latest.keySet().retainAll(open);
    }

    // --- from the client

    /** Makes one message of the client arrive at the gateway, which passes it on. */
    void take() {
        Object message = client.sent.poll();
        if (message == null) {
            return;
        }
        toRoom.add(message);
        if (message instanceof ConnectionDescription said && open.contains(said.connectionId())) {
            if (said.description().type() == Description.Type.CLOSE) {
                note(said.connectionId(), said);
            } else {
                latest.put(said.connectionId(), said);
            }
        }
    }

    void takeAll() {
        while (!client.sent.isEmpty()) {
            take();
        }
    }

    boolean isQuiet() {
        return client.sent.isEmpty() && toRoom.isEmpty() && fromRoom.isEmpty() && toClient.isEmpty();
    }
}
