package org.rotunda.room.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.SessionNotice;

/**
 * Two simulated clients and the relay between them. Messages stay on their way until the test delivers them. A client
 * without a socket hears nothing, and what it has sent before may be lost.
 */
final class SimulatedPair {
    private static final Duration BETWEEN_TROUBLES = PairRelay.RESTARTS_WITHIN.dividedBy(2);
    private static final PairName NAME =
            PairName.of(new ParticipantSid("PA" + "1".repeat(32)), new ParticipantSid("PA" + "2".repeat(32)));

    /** The most deliveries that may be necessary until both clients are quiet. */
    private static final int DELIVERIES_MAX = 5_000;

    final Map<PairOutcome, Integer> outcomes = new EnumMap<>(PairOutcome.class);
    private final Map<PairSide, SimulatedClient> clients = new EnumMap<>(PairSide.class);
    private final Map<PairSide, ArrayDeque<Runnable>> toClients = new EnumMap<>(PairSide.class);
    private final Map<PairSide, Boolean> mustSync = new EnumMap<>(PairSide.class);
    private long revision;
    private long epoch;
    private int relayed;
    private PairRelay relay;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    SimulatedPair() {
        for (PairSide side : PairSide.values()) {
            clients.put(side, new SimulatedClient(side.name()));
            toClients.put(side, new ArrayDeque<>());
            mustSync.put(side, false);
        }
        relay = newRelay();
        relay.begin();
    }

    private PairRelay newRelay() {
        epoch++;
        return new PairRelay(
                NAME,
                epoch << 20,
                () -> ++revision,
                outcome -> outcomes.merge(outcome, 1, Integer::sum),
                new PairOutput() {
                    @Override
                    public void send(PairSide to, ConnectionDescription description) {
                        relayed++;
                        toClient(to, () -> client(to).on(description));
                    }

                    @Override
                    public void send(PairSide to, ConnectionCandidates candidates) {
                        toClient(to, () -> client(to).on(candidates));
                    }
                });
    }

    private void toClient(PairSide to, Runnable delivery) {
        if (client(to).hasSocket()) {
            queue(to).add(delivery);
        }
    }

    SimulatedClient client(PairSide side) {
        return Objects.requireNonNull(clients.get(side));
    }

    private ArrayDeque<Runnable> queue(PairSide side) {
        return Objects.requireNonNull(toClients.get(side));
    }

    /** The number of descriptions that the relay has sent. */
    int relayed() {
        return relayed;
    }

    void deliverToRoom(PairSide from) {
        if (Boolean.TRUE.equals(mustSync.get(from)) && client(from).hasSocket()) {
            syncOnTheSameSocket(from);
            return;
        }
        Object message = client(from).sent.poll();
        if (message instanceof ConnectionDescription described) {
            relay.onDescription(from, described, now);
        } else if (message instanceof ConnectionCandidates list) {
            relay.onCandidates(from, list);
        }
    }

    void deliverToClient(PairSide to) {
        Runnable delivery = queue(to).poll();
        if (delivery != null) {
            delivery.run();
        }
    }

    /** Lets so much time pass that the relay may start new connections. */
    void timePasses() {
        now = now.plus(BETWEEN_TROUBLES);
    }

    void cut(PairSide side) {
        client(side).loseSocket();
        queue(side).clear();
    }

    void resume(PairSide side) {
        SimulatedClient client = client(side);
        if (!client.hasSocket()) {
            mustSync.put(side, false);
            relay.onSync(side, client.latest(), List.of(), now);
            List<SessionNotice.Connection> connections =
                    relay.connection(side).stream().toList();
            client.onSynced(connections);
        }
    }

    /** Lets another owner take the room over. What is on its way to the room is lost, and the gateways sync. */
    void takeOver() {
        relay = newRelay();
        relay.takeOver();
        for (PairSide side : PairSide.values()) {
            client(side).sent.clear();
            mustSync.put(side, true);
        }
    }

    private void syncOnTheSameSocket(PairSide side) {
        mustSync.put(side, false);
        relay.onSync(side, client(side).latest(), List.of(), now);
        List<SessionNotice.Connection> connections =
                relay.connection(side).stream().toList();
        queue(side).add(() -> client(side).onSynced(connections));
    }

    /** Resumes both sessions and delivers everything, also what the deliveries cause. */
    void settle() {
        for (PairSide side : PairSide.values()) {
            resume(side);
        }
        for (int i = 0; !isQuiet(); i++) {
            assertThat(i).as("deliveries: %s", outcomes).isLessThan(DELIVERIES_MAX);
            for (PairSide side : PairSide.values()) {
                deliverToRoom(side);
                deliverToClient(side);
            }
        }
    }

    private boolean isQuiet() {
        return Stream.of(PairSide.values())
                .allMatch(side -> client(side).sent.isEmpty()
                        && queue(side).isEmpty()
                        && Boolean.FALSE.equals(mustSync.get(side)));
    }

    /** Asserts that the two clients have one connection, on which each knows all changes of the other. */
    void assertAgreed() {
        SimulatedClient one = client(PairSide.FIRST);
        SimulatedClient other = client(PairSide.SECOND);
        assertThat(one.peers()).as("%s", outcomes).hasSize(1);
        assertThat(other.peers()).as("%s", outcomes).hasSize(1);
        SimulatedClient.Peer first = one.peers().get(0);
        SimulatedClient.Peer second = other.peers().get(0);
        assertThat(first.id).isEqualTo(second.id);
        assertThat(first.isStable())
                .as("first: %s %s", outcomes, relay.inspect())
                .isTrue();
        assertThat(second.isStable())
                .as("second: %s %s", outcomes, relay.inspect())
                .isTrue();
        assertThat(first.stable()).isEqualTo(second.stable()).isPositive();
        if (one.changes() > 0) {
            assertThat(second.remoteChanges()).isEqualTo(one.changes());
        }
        if (other.changes() > 0) {
            assertThat(first.remoteChanges()).isEqualTo(other.changes());
        }
    }

    /** Asserts that each client has got every candidate of the other. */
    void assertAllCandidatesArrived() {
        SimulatedClient.Peer first = client(PairSide.FIRST).peers().get(0);
        SimulatedClient.Peer second = client(PairSide.SECOND).peers().get(0);
        assertThat(second.applied()).containsExactlyInAnyOrderElementsOf(first.gathered());
        assertThat(first.applied()).containsExactlyInAnyOrderElementsOf(second.gathered());
    }
}
