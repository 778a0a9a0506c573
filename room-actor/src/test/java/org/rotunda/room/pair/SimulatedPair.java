package org.rotunda.room.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.SessionNotice;

/**
 * Two simulated clients, the gateways of their sockets, and the relay between them. Messages stay on their way until
 * the test delivers them. A client without a socket hears nothing, and what it has sent before may be lost.
 */
final class SimulatedPair {
    /** The fate of the messages between the room and the gateways when another owner takes the room over. */
    enum TakeOver {
        /** Everything that the clients have sent is lost on its way from the gateways to the room. */
        INPUT_LOST,
        /** The earlier owner dies: everything between the gateways and the room is lost. */
        ALL_LOST,
        /** The earlier owner ends in good order: the new one gets what is on its way to the room. */
        NOTHING_LOST
    }

    private static final Duration BETWEEN_TROUBLES = PairRelay.RESTARTS_WITHIN.dividedBy(2);
    private static final PairName NAME =
            PairName.of(new ParticipantSid("PA" + "1".repeat(32)), new ParticipantSid("PA" + "2".repeat(32)));

    /** The most deliveries that may be necessary until both clients are quiet. */
    private static final int DELIVERIES_MAX = 5_000;

    final Map<PairOutcome, Integer> outcomes = new EnumMap<>(PairOutcome.class);
    private final Map<PairSide, Side> sides = new EnumMap<>(PairSide.class);
    private long revision;
    private long epoch;
    private int relayed;
    private PairRelay relay;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");

    /** One client with its socket. */
    private static final class Side {
        private final SimulatedClient client;
        private SimulatedGateway gateway;

        /** Messages that an earlier socket has sent to the room, and that may arrive after later ones. */
        private final ArrayDeque<Object> late = new ArrayDeque<>();

        private boolean isAttached = true; // False until the room's present owner knows the socket.
        private boolean mustSync; // The gateway is going to sync.

        private Side(PairSide side) {
            this.client = new SimulatedClient(side.name());
            this.gateway = new SimulatedGateway(client);
        }
    }

    SimulatedPair() {
        for (PairSide side : PairSide.values()) {
            sides.put(side, new Side(side));
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
                        if (side(to).isAttached) {
                            side(to).gateway.send(description);
                        }
                    }

                    @Override
                    public void send(PairSide to, ConnectionCandidates candidates) {
                        if (side(to).isAttached) {
                            side(to).gateway.send(candidates);
                        }
                    }
                });
    }

    private Side side(PairSide side) {
        return Objects.requireNonNull(sides.get(side));
    }

    SimulatedClient client(PairSide side) {
        return side(side).client;
    }

    /** The number of descriptions that the relay has sent. */
    int relayed() {
        return relayed;
    }

    // --- messages on their way

    /** Brings one message of the client to its gateway. */
    void deliverToGateway(PairSide from) {
        if (side(from).client.hasSocket()) {
            side(from).gateway.take();
        }
    }

    /**
     * Brings one message to the room. A sync of the gateway comes behind what the gateway has passed on before, and
     * before what the client has sent meanwhile.
     */
    void deliverToRoom(PairSide from) {
        Side side = side(from);
        if (!side.client.hasSocket()) {
            return;
        }
        if (side.gateway.toRoom.isEmpty() && side.mustSync) {
            side.mustSync = false;
            relay.onSync(from, side.gateway.latest(), List.of(), now);
            side.isAttached = true;
            side.gateway.answer(connections(from));
            return;
        }
        if (side.gateway.toRoom.isEmpty()) {
            side.gateway.take();
        }
        tell(from, side.gateway.toRoom.poll());
    }

    /** Brings one message of an earlier socket to the room. */
    void deliverLate(PairSide from) {
        tell(from, side(from).late.poll());
    }

    private void tell(PairSide from, @Nullable Object message) {
        if (message instanceof ConnectionDescription described) {
            relay.onDescription(from, described, now);
        } else if (message instanceof ConnectionCandidates list) {
            relay.onCandidates(from, list);
        }
    }

    /** Brings one notice of the room to the gateway. */
    void deliverFromRoom(PairSide to) {
        side(to).gateway.receive();
    }

    void deliverToClient(PairSide to) {
        side(to).gateway.deliver();
    }

    // --- troubles

    /** Lets so much time pass that the relay may start new connections. */
    void timePasses() {
        now = now.plus(BETWEEN_TROUBLES);
    }

    void cut(PairSide cut) {
        Side side = side(cut);
        if (side.client.hasSocket()) {
            side.client.loseSocket();
            side.late.addAll(side.gateway.toRoom);
            side.gateway = new SimulatedGateway(side.client);
            side.isAttached = false;
            side.mustSync = false;
        }
    }

    void resume(PairSide resumed) {
        Side side = side(resumed);
        if (!side.client.hasSocket()) {
            side.gateway = new SimulatedGateway(side.client);
            relay.onSync(resumed, side.client.latest(), List.of(), now);
            side.isAttached = true;
            List<SessionNotice.Connection> connections = connections(resumed);
            side.gateway.onSynced(connections);
            side.client.onSynced(connections);
        }
    }

    /** Lets a client try to resume its session, but lose the new socket before the answer of the room. */
    void resumeInVain(PairSide resumed) {
        Side side = side(resumed);
        if (!side.client.hasSocket()) {
            relay.onSync(resumed, side.client.latest(), List.of(), now);
        }
    }

    /** Makes the gateway sync on the client's socket, although the room has the same owner as before. */
    void syncAgain(PairSide side) {
        side(side).mustSync = side(side).client.hasSocket();
    }

    /** Lets another owner take the room over. The gateways sync. */
    void takeOver(TakeOver how) {
        relay = newRelay();
        relay.takeOver();
        for (Side side : sides.values()) {
            if (how == TakeOver.ALL_LOST) {
                side.gateway.loseNotices();
            } else {
                side.gateway.receiveAll();
            }
            if (how == TakeOver.INPUT_LOST && side.client.hasSocket()) {
                side.gateway.takeAll();
            }
            if (how != TakeOver.NOTHING_LOST) {
                side.gateway.toRoom.clear();
                side.late.clear();
            }
            side.isAttached = false;
            side.mustSync = side.client.hasSocket();
        }
    }

    private List<SessionNotice.Connection> connections(PairSide side) {
        return relay.connection(side).stream().toList();
    }

    // --- the end

    /** Resumes both sessions and delivers everything, also what the deliveries cause. */
    void settle() {
        for (PairSide side : PairSide.values()) {
            resume(side);
        }
        for (int i = 0; !isQuiet(); i++) {
            assertThat(i).as("deliveries: %s", outcomes).isLessThan(DELIVERIES_MAX);
            for (PairSide side : PairSide.values()) {
                deliverLate(side);
                deliverToRoom(side);
                deliverToClient(side);
            }
        }
    }

    private boolean isQuiet() {
        return sides.values().stream()
                .allMatch(side -> side.gateway.isQuiet() && side.late.isEmpty() && !side.mustSync);
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
