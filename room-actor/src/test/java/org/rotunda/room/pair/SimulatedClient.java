package org.rotunda.room.pair;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.SessionNotice;

/**
 * A client that negotiates as the SDK does. The text of its descriptions is the number of changes that it has made to
 * its tracks so far. An answer cannot add tracks, so the other client learns of a change only from an offer.
 */
final class SimulatedClient {
    private final String name;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Set<String> closed = new HashSet<>();

    /** The descriptions and lists on their way to the room. Null while the client has no socket. */
    final ArrayDeque<Object> sent = new ArrayDeque<>();

    // What happened without a socket, the latest description and the latest list of each connection.
    private final Map<String, Object> away = new LinkedHashMap<>();
    private boolean hasSocket = true;
    private int changes;

    SimulatedClient(String name) {
        this.name = name;
    }

    /** One peer connection. */
    final class Peer {
        final String id;
        private long stable;
        private long current;
        private boolean needsAnswer;
        private int offered;
        private int confirmed;
        private @Nullable Description queued;
        private @Nullable Description local;
        private int remoteChanges = -1;
        private final List<IceCandidate> sinceDescription = new ArrayList<>();
        private final Set<IceCandidate> gathered = new LinkedHashSet<>();
        private final Map<String, ConnectionCandidates> heard = new HashMap<>();
        private final Set<IceCandidate> applied = new LinkedHashSet<>();

        private Peer(String id) {
            this.id = id;
        }

        long stable() {
            return stable;
        }

        boolean isStable() {
            return !needsAnswer && queued == null && confirmed == changes;
        }

        int remoteChanges() {
            return remoteChanges;
        }

        Set<IceCandidate> gathered() {
            return gathered;
        }

        Set<IceCandidate> applied() {
            return applied;
        }

        private void on(Description description) {
            switch (description.type()) {
                case CREATE_OFFER -> {
                    if (description.revision() > stable && needsAnswer) {
                        queued = description;
                    } else if (description.revision() > stable) {
                        current = description.revision();
                        offer();
                    }
                }
                case OFFER -> {
                    if (description.revision() > stable && needsAnswer && stable == 0) {
                        queued = description;
                    } else if (description.revision() > stable) {
                        boolean glare = needsAnswer;
                        needsAnswer = false;
                        current = description.revision();
                        answer(description);
                        if (glare && !needsAnswer) {
                            offer();
                        }
                    }
                }
                case ANSWER -> {
                    if (needsAnswer && description.revision() == current) {
                        stable = current;
                        needsAnswer = false;
                        confirmed = offered;
                        goOn();
                    }
                }
                case CLOSE -> {
                    peers.remove(id);
                    closed.add(id);
                }
            }
        }

        private void offer() {
            current++;
            needsAnswer = true;
            offered = changes;
            say(new Description(Description.Type.OFFER, current, Integer.toString(changes)));
        }

        private void answer(Description offer) {
            remoteChanges = Integer.parseInt(offer.sdp());
            stable = current;
            say(new Description(Description.Type.ANSWER, current, Integer.toString(changes)));
            goOn();
        }

        private void say(Description description) {
            local = description;
            sinceDescription.clear();
            send(id + "/description", new ConnectionDescription(id, description));
        }

        private void goOn() {
            Description next = queued;
            queued = null;
            if (next != null) {
                on(next);
            }
            if (!needsAnswer && confirmed < changes) {
                offer();
            }
        }

        private void gather() {
            IceCandidate candidate = new IceCandidate("candidate of " + name + " " + gathered.size(), "0", 0, name);
            gathered.add(candidate);
            sinceDescription.add(candidate);
            send(id + "/candidates", new ConnectionCandidates(id, name, 0, sinceDescription, false));
        }

        /** Takes the elements behind those that the list before had, as the SDK does. */
        private void on(ConnectionCandidates list) {
            ConnectionCandidates before = heard.get(list.ufrag());
            if (before == null || list.revision() > before.revision()) {
                int skipped = before == null ? 0 : before.candidates().size();
                heard.put(list.ufrag(), list);
                applied.addAll(list.candidates()
                        .subList(
                                Math.min(skipped, list.candidates().size()),
                                list.candidates().size()));
            }
        }
    }

    // --- what the application and the browser do

    void publishes() {
        changes++;
        for (Peer peer : List.copyOf(peers.values())) {
            if (!peer.needsAnswer) {
                peer.offer();
            }
        }
    }

    void gathers() {
        peers.values().stream().filter(peer -> peer.local != null).forEach(Peer::gather);
    }

    /**
     * Closes every connection that has been negotiated. A client closes a connection whose ICE has failed for long, so
     * nothing else is on its way to the room.
     */
    void closesItsConnection() {
        for (Peer peer : List.copyOf(peers.values())) {
            if (peer.stable == 0 || !sent.isEmpty()) {
                continue;
            }
            peer.on(new Description(Description.Type.CLOSE, 1, ""));
            Description close = new Description(Description.Type.CLOSE, peer.current + 1, "");
            send(peer.id + "/description", new ConnectionDescription(peer.id, close));
        }
    }

    int changes() {
        return changes;
    }

    /** Returns the connections whose negotiation has begun. */
    List<Peer> peers() {
        return List.copyOf(peers.values());
    }

    // --- the socket

    private void send(String slot, Object message) {
        if (hasSocket) {
            sent.add(message);
        } else {
            away.remove(slot);
            away.put(slot, message);
        }
    }

    boolean hasSocket() {
        return hasSocket;
    }

    void loseSocket() {
        hasSocket = false;
        sent.clear();
    }

    /** Returns the client's latest descriptions, as a sync lists them. */
    List<ConnectionDescription> latest() {
        return peers.values().stream()
                .flatMap(peer -> Optional.ofNullable(peer.local).stream()
                        .map(local -> new ConnectionDescription(peer.id, local)))
                .toList();
    }

    /** Handles the answer to a sync. */
    void onSynced(List<SessionNotice.Connection> connections) {
        Set<String> listed =
                connections.stream().map(SessionNotice.Connection::connectionId).collect(Collectors.toSet());
        for (String id : List.copyOf(peers.keySet())) {
            if (!listed.contains(id)) {
                peers.remove(id);
                closed.add(id);
            }
        }
        if (!hasSocket) {
            hasSocket = true;
            sent.addAll(away.values());
            away.clear();
        }
        for (SessionNotice.Connection each : connections) {
            ConnectionDescription described = each.latest();
            if (described != null) {
                on(described);
            }
            each.candidates().forEach(this::on);
        }
    }

    void on(ConnectionDescription described) {
        if (!closed.contains(described.connectionId())) {
            peers.computeIfAbsent(described.connectionId(), Peer::new).on(described.description());
        }
    }

    void on(ConnectionCandidates list) {
        if (!closed.contains(list.connectionId())) {
            Peer peer = peers.get(list.connectionId());
            if (peer == null) {
                throw new AssertionError("a list of candidates makes the client create a connection: " + list);
            }
            peer.on(list);
        }
    }
}
