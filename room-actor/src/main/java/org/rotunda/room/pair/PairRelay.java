package org.rotunda.room.pair;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.SessionNotice;

/**
 * Relays descriptions and candidates between the two clients of a pair, unchanged. Arbitrates between offers that cross
 * each other, because both clients would yield and so negotiate for ever. A relay that an earlier owner of the room had
 * before gets its state from the syncs of the two clients. {@code docs/peer-to-peer.md} explains the rules. Not safe
 * for several threads.
 */
public final class PairRelay {
    /**
     * The maximum number of connections that may be started within {@link #RESTARTS_WITHIN} because a client has closed
     * the one before. After that the pair has no connection until one of the clients resumes its session. The limit
     * stops two clients that cannot stay connected from exchanging offers for ever.
     */
    static final int RESTARTS_MAX = 5;

    static final Duration RESTARTS_WITHIN = Duration.ofMinutes(1);

    /** The revision of the request for the first offer. The client then offers with the next revision. */
    private static final long FIRST_REVISION = 1;

    private final PairName name;
    private final long numbersFrom;
    private final LongSupplier revisions;
    private final Consumer<PairOutcome> outcomes;
    private final PairOutput output;
    private final Map<PairSide, PairEnd> ends = new EnumMap<>(PairSide.class);
    private final ArrayDeque<Instant> restarts = new ArrayDeque<>();
    private boolean isTakenOver;
    private boolean isLost; // A client has closed the connection that an earlier owner has started.
    private long number = -1; // The number of the present or last connection; -1 before the first connection.
    private boolean isOpen; // True while the pair has a connection.
    private boolean isAsked; // True until the first side makes its first offer.
    private @Nullable PairSide offering; // The side whose offer is not answered yet.
    private long offered; // The revision of that offer.
    private long completed; // The revision of the last offer that was answered.

    /**
     * Creates a relay. It does nothing before {@link #begin} or {@link #takeOver}.
     *
     * @param numbersFrom the lowest number for a new connection. It must be above all numbers that earlier owners of
     *     the room have used.
     * @param revisions returns the revision for the next list of candidates. It must be above the earlier ones.
     * @param outcomes gets the outcome of each description and list of a client
     */
    public PairRelay(
            PairName name,
            long numbersFrom,
            LongSupplier revisions,
            Consumer<PairOutcome> outcomes,
            PairOutput output) {
        this.name = name;
        this.numbersFrom = numbersFrom;
        this.revisions = revisions;
        this.outcomes = outcomes;
        this.output = output;
        for (PairSide side : PairSide.values()) {
            ends.put(side, new PairEnd());
        }
    }

    /** Starts the first connection of a new pair. */
    public void begin() {
        open();
    }

    /** Makes the relay wait for the state of the connection that an earlier owner of the room has started. */
    public void takeOver() {
        isTakenOver = true;
    }

    /** Returns whether the id belongs to a connection of this pair, even to an earlier one. */
    public boolean owns(String connectionId) {
        return name.numberOf(connectionId).isPresent();
    }

    // --- what the clients send

    /** Handles a description of one client on a connection of this pair. */
    public void onDescription(PairSide from, ConnectionDescription said, Instant now) {
        outcomes.accept(isTakenOver ? hold(from, said) : relay(from, said, now));
    }

    /** Handles a list of candidates of one client on a connection of this pair. */
    public void onCandidates(PairSide from, ConnectionCandidates list) {
        outcomes.accept(relay(from, list));
    }

    /**
     * Handles the state that one client has told while its session was resumed.
     *
     * @param said the client's latest descriptions on connections of this pair
     * @param lists the client's candidates on connections of this pair
     */
    public void onSync(PairSide from, List<ConnectionDescription> said, List<ConnectionCandidates> lists, Instant now) {
        if (isTakenOver) {
            PairEnd own = end(from);
            if (said.stream().noneMatch(each -> each.connectionId().equals(name.connectionId(own.number)))) {
                // The client has closed the connection that it described before, and has told nobody.
                own.clear();
            }
            said.forEach(each -> onDescription(from, each, now));
            lists.forEach(each -> onCandidates(from, each));
            own.told = true;
            if (end(from.other()).told) {
                resolve();
            }
        } else if (isOpen
                && end(from).last != null
                && said.stream().noneMatch(each -> isPresent(each.connectionId()))) {
            // The client has closed the connection, and the description that said so is lost.
            outcomes.accept(closed(from, now));
        } else if (!isOpen && mayRestart(now)) {
            open();
        } else {
            said.forEach(each -> onDescription(from, each, now));
            lists.forEach(each -> onCandidates(from, each));
            if (from == PairSide.FIRST && mayMissTheFirstAnswer()) {
                restart(now);
                outcomes.accept(PairOutcome.ANSWER_LOST);
            }
        }
    }

    /**
     * Returns whether the first client may still wait for the answer to its first offer, although the second client has
     * made an offer after that answer. Only that offer is kept, and the first client would not take it.
     */
    private boolean mayMissTheFirstAnswer() {
        Description first = end(PairSide.FIRST).last;
        Description second = end(PairSide.SECOND).last;
        return first != null && second != null && isFirstAnswerLost(first, second);
    }

    /** Closes the connection at the side that stays, because the other side has left the room. */
    public void leave(PairSide remaining) {
        close(remaining);
    }

    // --- what a client must know when it resumes its session

    /** Returns the pair's connection as one client must know it; empty if the client needs to know none. */
    public Optional<SessionNotice.Connection> connection(PairSide side) {
        PairEnd own = end(side);
        PairEnd other = end(side.other());
        if (isTakenOver) {
            return own.number < 0
                    ? Optional.empty()
                    : Optional.of(new SessionNotice.Connection(name.connectionId(own.number), null));
        }
        if (!isOpen) {
            return Optional.empty();
        }
        String id = name.connectionId(number);
        Description said = other.last;
        if (said != null) {
            return Optional.of(
                    new SessionNotice.Connection(id, new ConnectionDescription(id, said), other.candidates()));
        }
        if (side == PairSide.FIRST && isAsked) {
            return Optional.of(new SessionNotice.Connection(id, request()));
        }
        return own.last == null ? Optional.empty() : Optional.of(new SessionNotice.Connection(id, null));
    }

    /** Returns the present connection in words, for operators. */
    public String inspect() {
        if (isTakenOver) {
            return "waits for both clients";
        }
        PairSide pending = offering;
        return (isOpen ? name.connectionId(number) : "closed") + ", completed " + completed
                + (pending == null ? "" : ", offer " + offered + " of " + pending + " pending");
    }

    // --- descriptions

    private PairOutcome relay(PairSide from, ConnectionDescription said, Instant now) {
        if (!isPresent(said.connectionId())) {
            return PairOutcome.UNKNOWN_CONNECTION;
        }
        return switch (said.description().type()) {
            case OFFER -> offer(from, said.description(), now);
            case ANSWER -> answer(from, said.description());
            case CLOSE -> closed(from, now);
            case CREATE_OFFER -> PairOutcome.STALE; // Only servers send this type.
        };
    }

    private PairOutcome offer(PairSide from, Description offer, Instant now) {
        boolean othersIsPending = offering == from.other();
        if (othersIsPending && offer.revision() <= offered) {
            return PairOutcome.GLARE;
        }
        if (!end(from).isFollowedBy(offer)) {
            return PairOutcome.REPEATED;
        }
        if (offer.revision() <= completed) {
            return PairOutcome.STALE;
        }
        if (othersIsPending && completed == 0) {
            restart(now);
            return PairOutcome.ANSWER_LOST;
        }
        if (othersIsPending) {
            completed = offered; // The client has answered that offer, and the answer is lost.
        }
        offering = from;
        offered = offer.revision();
        pass(from, offer);
        return PairOutcome.RELAYED;
    }

    private PairOutcome answer(PairSide from, Description answer) {
        if (offering != from.other() || answer.revision() != offered) {
            return answer.equals(end(from).last) ? PairOutcome.REPEATED : PairOutcome.STALE;
        }
        completed = offered;
        offering = null;
        pass(from, answer);
        return PairOutcome.RELAYED;
    }

    private void pass(PairSide from, Description description) {
        PairEnd own = end(from);
        boolean isFirst = own.last == null;
        own.last = description;
        if (from == PairSide.FIRST) {
            isAsked = false;
        }
        output.send(from.other(), new ConnectionDescription(name.connectionId(number), description));
        if (isFirst) {
            // The other client has the connection only now.
            own.candidates().forEach(list -> output.send(from.other(), list));
        }
    }

    private PairOutcome closed(PairSide from, Instant now) {
        close(from.other());
        isOpen = false;
        if (mayRestart(now)) {
            open();
        }
        return PairOutcome.CLOSED;
    }

    // --- candidates

    private PairOutcome relay(PairSide from, ConnectionCandidates list) {
        PairEnd own = end(from);
        boolean isPresent = isTakenOver
                ? own.number >= 0 && list.connectionId().equals(name.connectionId(own.number))
                : isPresent(list.connectionId());
        if (!isPresent) {
            return PairOutcome.UNKNOWN_CONNECTION;
        }
        ConnectionCandidates union = own.add(list, revisions);
        if (union == null) {
            return PairOutcome.REPEATED;
        }
        if (isTakenOver || own.last == null) {
            return PairOutcome.HELD;
        }
        output.send(from.other(), union);
        return PairOutcome.RELAYED;
    }

    // --- connections

    private boolean isPresent(String connectionId) {
        return isOpen && connectionId.equals(name.connectionId(number));
    }

    private void open() {
        number = Math.max(number + 1, numbersFrom);
        ends.values().forEach(PairEnd::clear);
        isOpen = true;
        isAsked = true;
        offering = null;
        offered = 0;
        completed = 0;
        output.send(PairSide.FIRST, request());
    }

    private ConnectionDescription request() {
        return new ConnectionDescription(
                name.connectionId(number), new Description(Description.Type.CREATE_OFFER, FIRST_REVISION, ""));
    }

    /** Replaces the connection. */
    private void restart(Instant now) {
        for (PairSide side : PairSide.values()) {
            close(side);
        }
        isOpen = false;
        if (mayRestart(now)) {
            open();
        }
    }

    private boolean mayRestart(Instant now) {
        restarts.removeIf(at -> !at.plus(RESTARTS_WITHIN).isAfter(now));
        return restarts.size() < RESTARTS_MAX && restarts.add(now);
    }

    /** Closes the connection at one client, if that client has it. The revision does not matter to the client. */
    private void close(PairSide side) {
        connection(side)
                .ifPresent(there -> output.send(
                        side,
                        new ConnectionDescription(
                                there.connectionId(), new Description(Description.Type.CLOSE, FIRST_REVISION, ""))));
    }

    // --- a relay that was taken over

    /** Keeps a client's latest description until the other client has told its latest description, too. */
    private PairOutcome hold(PairSide from, ConnectionDescription said) {
        OptionalLong named = name.numberOf(said.connectionId());
        PairEnd own = end(from);
        // Numbers of this owner cannot be meant, because it has not started a connection of this pair yet.
        if (named.isEmpty() || named.getAsLong() < 0 || named.getAsLong() >= numbersFrom) {
            return PairOutcome.UNKNOWN_CONNECTION;
        }
        if (own.told && named.getAsLong() != own.number) {
            // The answer to the client's sync did not list this connection, so the client closes it.
            return PairOutcome.UNKNOWN_CONNECTION;
        }
        if (said.description().type() == Description.Type.CLOSE) {
            own.clear();
            isLost = true;
            return PairOutcome.CLOSED;
        }
        if (named.getAsLong() < own.number) {
            return PairOutcome.UNKNOWN_CONNECTION;
        }
        if (named.getAsLong() > own.number) {
            own.clear();
            own.number = named.getAsLong();
        }
        if (!own.isFollowedBy(said.description())) {
            return PairOutcome.REPEATED;
        }
        own.last = said.description();
        return PairOutcome.HELD;
    }

    /**
     * Continues the connection that both clients name, from their latest descriptions. If these do not belong together,
     * the pair gets a new connection.
     */
    private void resolve() {
        PairEnd first = end(PairSide.FIRST);
        PairEnd second = end(PairSide.SECOND);
        Description firstSaid = first.last;
        Description secondSaid = second.last;
        if (isLost || firstSaid == null || secondSaid == null || first.number != second.number) {
            replace();
        } else if (isFirstAnswerLost(firstSaid, secondSaid)) {
            replace();
        } else if (isLater(firstSaid, secondSaid)) {
            goOn(PairSide.FIRST, firstSaid, secondSaid);
        } else if (isLater(secondSaid, firstSaid)) {
            goOn(PairSide.SECOND, secondSaid, firstSaid);
        } else {
            replace(); // Two offers have crossed, and nothing tells which of them the earlier owner has dropped.
        }
    }

    /**
     * Returns whether a description of one side follows the latest description of the other side: it is a newer offer,
     * or the answer to that side's offer.
     */
    private static boolean isLater(Description description, Description other) {
        return description.type() == Description.Type.OFFER
                ? description.revision() > other.revision()
                : description.revision() == other.revision() && other.type() == Description.Type.OFFER;
    }

    /**
     * Returns whether the first side waits for the answer to the first offer of the connection, and the second side has
     * made an offer after that answer. A client takes no offer before it has the answer to its first one.
     */
    private static boolean isFirstAnswerLost(Description first, Description second) {
        return first.type() == Description.Type.OFFER
                && first.revision() == FIRST_REVISION + 1
                && second.type() == Description.Type.OFFER
                && second.revision() > first.revision();
    }

    private void replace() {
        for (PairSide side : PairSide.values()) {
            close(side);
        }
        number = Math.max(end(PairSide.FIRST).number, end(PairSide.SECOND).number);
        isTakenOver = false;
        open();
    }

    /**
     * Continues a connection.
     *
     * @param later the side with the later description
     */
    private void goOn(PairSide later, Description last, Description before) {
        isTakenOver = false;
        isOpen = true;
        number = end(later).number;
        completed = before.revision();
        if (last.type() == Description.Type.OFFER) {
            offering = later;
            offered = last.revision();
        }
        // Each client may have missed the other's description, because the earlier owner has not relayed it any more.
        // A client ignores a description that it knows.
        send(later.other(), before);
        send(later, last);
    }

    private void send(PairSide from, Description description) {
        output.send(from.other(), new ConnectionDescription(name.connectionId(number), description));
        end(from).candidates().forEach(list -> output.send(from.other(), list));
    }

    private PairEnd end(PairSide side) {
        return Objects.requireNonNull(ends.get(side));
    }
}
