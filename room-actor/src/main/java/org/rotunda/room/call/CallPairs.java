package org.rotunda.room.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.rotunda.media.control.Description;
import org.rotunda.room.pair.PairName;
import org.rotunda.room.pair.PairOutcome;
import org.rotunda.room.pair.PairOutput;
import org.rotunda.room.pair.PairRelay;
import org.rotunda.room.pair.PairSide;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;

/**
 * The pairs of participants of a live call whose clients send media to each other. Each pair has a {@link PairRelay}.
 * The type of the room bounds the number of participants, so there are at most 45 pairs. Owned by the conductor.
 */
final class CallPairs {
    /** The number of connections that one pair can have in one epoch; far more than a client can close. */
    private static final int NUMBER_BITS = 20;

    private final LiveRoom live;
    private final Map<Pair, PairRelay> relays = new LinkedHashMap<>();

    /** Two participants, in the order in which they came. */
    private record Pair(ParticipantSid first, ParticipantSid second) {
        boolean has(ParticipantSid participant) {
            return first.equals(participant) || second.equals(participant);
        }

        PairSide sideOf(ParticipantSid participant) {
            return first.equals(participant) ? PairSide.FIRST : PairSide.SECOND;
        }

        ParticipantSid at(PairSide side) {
            return side == PairSide.FIRST ? first : second;
        }
    }

    CallPairs(LiveRoom live) {
        this.live = live;
    }

    // --- changes of the room's state

    /** Takes over the members and pairs of an earlier owner of the room. */
    void recover(OpenRoom now) {
        addMembers(now);
        for (Pair pair : pairs(now)) {
            add(pair).takeOver();
        }
    }

    /** Adds the members who have come. */
    void addMembers(OpenRoom now) {
        for (Participant participant : now.participants()) {
            live.members().computeIfAbsent(participant.sid(), sid -> {
                live.log("participant is in the call", sid);
                return new Member(new MemberTransport(live.sid(), sid, participant.placement()));
            });
        }
    }

    /**
     * Ends the pairs of members who have left, and begins those of members who have come. The clients must know already
     * who is there.
     */
    void follow(OpenRoom now) {
        Set<Pair> there = new HashSet<>(pairs(now));
        List<Pair> gone =
                relays.keySet().stream().filter(pair -> !there.contains(pair)).toList();
        for (Pair pair : gone) {
            PairRelay relay = Objects.requireNonNull(relays.remove(pair));
            for (PairSide side : PairSide.values()) {
                if (now.participant(pair.at(side)).isPresent()) {
                    live.faults().guard(pair.at(side), FaultPlace.STATE, () -> relay.leave(side));
                }
            }
        }
        for (Pair pair : pairs(now)) {
            if (!relays.containsKey(pair)) {
                live.faults()
                        .guard(pair.first(), FaultPlace.STATE, () -> add(pair).begin());
            }
        }
    }

    void clear() {
        relays.clear();
    }

    private static List<Pair> pairs(OpenRoom now) {
        List<Pair> pairs = new ArrayList<>();
        List<Participant> all = now.participants();
        for (int second = 1; second < all.size(); second++) {
            for (int first = 0; first < second; first++) {
                pairs.add(new Pair(all.get(first).sid(), all.get(second).sid()));
            }
        }
        return pairs;
    }

    private PairRelay add(Pair pair) {
        PairRelay relay = new PairRelay(
                PairName.of(pair.first(), pair.second()),
                live.epoch() << NUMBER_BITS,
                live::nextRevision,
                live.environment().statistics()::countPairMessage,
                new ToMembers(pair));
        relays.put(pair, relay);
        return relay;
    }

    /** Sends the output of one relay to the members of its pair. A member without a socket hears it with its sync. */
    private final class ToMembers implements PairOutput {
        private final Pair pair;

        private ToMembers(Pair pair) {
            this.pair = pair;
        }

        @Override
        public void send(PairSide to, ConnectionDescription description) {
            tell(to, new SessionNotice.Descriptions(List.of(description)));
        }

        @Override
        public void send(PairSide to, ConnectionCandidates candidates) {
            tell(to, new SessionNotice.Descriptions(List.of(), List.of(candidates)));
        }

        private void tell(PairSide to, SessionNotice notice) {
            Member member = live.members().get(pair.at(to));
            if (member != null) {
                member.tell(notice);
            }
        }
    }

    // --- what clients send

    /** Handles new descriptions and candidates of a client. */
    void handOn(
            ParticipantSid participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates) {
        if (!areRelayable(participant, descriptions)) {
            return;
        }
        for (ConnectionDescription each : descriptions) {
            toRelay(
                    participant,
                    each.connectionId(),
                    (relay, side) -> relay.onDescription(
                            side, each, live.environment().clock().instant()));
        }
        for (ConnectionCandidates each : candidates) {
            toRelay(participant, each.connectionId(), (relay, side) -> relay.onCandidates(side, each));
        }
    }

    /** Handles the whole state of a client that resumes its session. The answer to the client comes afterwards. */
    void onSync(
            ParticipantSid participant,
            List<ConnectionDescription> descriptions,
            List<ConnectionCandidates> candidates) {
        if (!areRelayable(participant, descriptions)) {
            return;
        }
        relays.forEach((pair, relay) -> {
            if (pair.has(participant)) {
                relay.onSync(
                        pair.sideOf(participant),
                        descriptions.stream()
                                .filter(each -> relay.owns(each.connectionId()))
                                .toList(),
                        candidates.stream()
                                .filter(each -> relay.owns(each.connectionId()))
                                .toList(),
                        live.environment().clock().instant());
            }
        });
    }

    /**
     * Returns whether all descriptions are short enough to be kept. A participant whose client sends a longer one has
     * to leave.
     */
    private boolean areRelayable(ParticipantSid participant, List<ConnectionDescription> descriptions) {
        boolean areShort = descriptions.stream()
                .allMatch(each ->
                        ClientLimits.utf8Length(each.description().sdp()) <= ClientLimits.PEER_DESCRIPTION_BYTES_MAX);
        if (!areShort) {
            live.log("description of participant is too long to be relayed", participant);
            live.ask(new CallReport.MemberEnded(participant, Departure.DESCRIPTION_UNUSABLE));
        }
        return areShort;
    }

    private void toRelay(ParticipantSid participant, String connectionId, BiConsumer<PairRelay, PairSide> part) {
        Optional<Map.Entry<Pair, PairRelay>> found = relays.entrySet().stream()
                .filter(each ->
                        each.getKey().has(participant) && each.getValue().owns(connectionId))
                .findFirst();
        if (found.isPresent()) {
            part.accept(found.get().getValue(), found.get().getKey().sideOf(participant));
        } else {
            live.environment().statistics().countPairMessage(PairOutcome.UNKNOWN_CONNECTION);
        }
    }

    // --- what clients are told

    /**
     * Returns the connections for the answer to a connect. The client's first connection is closed, because no router
     * answers the offer on it.
     */
    List<SessionNotice.Connection> firstConnections(Participant participant) {
        String first = participant.placement().connectionId();
        List<SessionNotice.Connection> connections = new ArrayList<>();
        connections.add(new SessionNotice.Connection(
                first, new ConnectionDescription(first, new Description(Description.Type.CLOSE, 2, ""))));
        connections.addAll(connections(participant.sid()));
        return connections;
    }

    /** Returns the present connections of a participant. Its client closes all other connections. */
    List<SessionNotice.Connection> connections(ParticipantSid participant) {
        return relays.entrySet().stream()
                .filter(each -> each.getKey().has(participant))
                .flatMap(each -> each.getValue().connection(each.getKey().sideOf(participant)).stream())
                .toList();
    }

    /** Writes the state of a participant's pairs, by the SID of the other participant. */
    void inspect(ParticipantSid participant, ObjectNode node) {
        relays.forEach((pair, relay) -> {
            if (pair.has(participant)) {
                node.put(pair.at(pair.sideOf(participant).other()).value(), relay.inspect());
            }
        });
    }
}
