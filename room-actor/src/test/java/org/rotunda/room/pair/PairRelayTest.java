package org.rotunda.room.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.control.Description.Type.ANSWER;
import static org.rotunda.media.control.Description.Type.CLOSE;
import static org.rotunda.media.control.Description.Type.CREATE_OFFER;
import static org.rotunda.media.control.Description.Type.OFFER;
import static org.rotunda.room.pair.PairSide.FIRST;
import static org.rotunda.room.pair.PairSide.SECOND;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.SessionNotice;

class PairRelayTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final PairName NAME =
            PairName.of(new ParticipantSid("PA" + "1".repeat(32)), new ParticipantSid("PA" + "2".repeat(32)));
    private static final long EPOCH = 1L << 20;
    private static final String ID = NAME.connectionId(EPOCH);
    private static final String NEXT_ID = NAME.connectionId(EPOCH + 1);

    private final List<Sent> sent = new ArrayList<>();
    private final List<PairOutcome> outcomes = new ArrayList<>();
    private long revision = 100;
    private final PairRelay relay = relay(EPOCH);

    /** A message of the relay to one client. */
    private record Sent(PairSide to, Object message) {}

    private PairRelay relay(long numbersFrom) {
        return new PairRelay(NAME, numbersFrom, () -> ++revision, outcomes::add, new PairOutput() {
            @Override
            public void send(PairSide to, ConnectionDescription description) {
                sent.add(new Sent(to, description));
            }

            @Override
            public void send(PairSide to, ConnectionCandidates candidates) {
                sent.add(new Sent(to, candidates));
            }
        });
    }

    @Test
    void asksTheFirstClientAloneForAnOffer() {
        relay.begin();

        assertThat(sent).containsExactly(new Sent(FIRST, said(ID, CREATE_OFFER, 1)));
        assertThat(relay.connection(FIRST)).contains(new SessionNotice.Connection(ID, said(ID, CREATE_OFFER, 1)));
        assertThat(relay.connection(SECOND)).isEmpty();
    }

    @Test
    void passesDescriptionsOnUnchanged() {
        begin();
        tells(FIRST, OFFER, 2);
        tells(SECOND, ANSWER, 2);
        tells(SECOND, OFFER, 3);
        tells(FIRST, ANSWER, 3);

        assertThat(sent)
                .containsExactly(
                        new Sent(SECOND, said(ID, OFFER, 2)),
                        new Sent(FIRST, said(ID, ANSWER, 2)),
                        new Sent(FIRST, said(ID, OFFER, 3)),
                        new Sent(SECOND, said(ID, ANSWER, 3)));
        assertThat(outcomes).containsOnly(PairOutcome.RELAYED);
        assertThat(relay.connection(FIRST)).contains(new SessionNotice.Connection(ID, said(ID, OFFER, 3)));
        assertThat(relay.connection(SECOND)).contains(new SessionNotice.Connection(ID, said(ID, ANSWER, 3)));
    }

    @Test
    void ofTwoOffersThatCrossTheFirstOneCounts() {
        negotiate();
        tells(SECOND, OFFER, 3);
        tells(FIRST, OFFER, 3);
        tells(FIRST, ANSWER, 3);
        tells(FIRST, OFFER, 4);

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(ID, OFFER, 3)),
                        new Sent(SECOND, said(ID, ANSWER, 3)),
                        new Sent(SECOND, said(ID, OFFER, 4)));
        assertThat(outcomes)
                .containsExactly(PairOutcome.RELAYED, PairOutcome.GLARE, PairOutcome.RELAYED, PairOutcome.RELAYED);
    }

    @Test
    void dropsRepeatsAndStaleDescriptions() {
        negotiate();
        tells(FIRST, OFFER, 2);
        tells(SECOND, ANSWER, 2);
        tells(FIRST, ANSWER, 2);
        tells(FIRST, OFFER, 1);
        tells(SECOND, ANSWER, 7);

        assertThat(sent).isEmpty();
        assertThat(outcomes)
                .containsExactly(
                        PairOutcome.REPEATED,
                        PairOutcome.REPEATED,
                        PairOutcome.STALE,
                        PairOutcome.REPEATED,
                        PairOutcome.STALE);
    }

    @Test
    void anOfferAboveThePendingOneShowsThatTheAnswerIsLost() {
        negotiate();
        tells(FIRST, OFFER, 3);
        tells(SECOND, OFFER, 4); // The client has answered 3 before, on a socket that is lost.

        assertThat(sent).containsExactly(new Sent(SECOND, said(ID, OFFER, 3)), new Sent(FIRST, said(ID, OFFER, 4)));
    }

    /** The first client takes no offer before it has the answer to its first one. */
    @Test
    void aLostAnswerToTheFirstOfferLeadsToANewConnection() {
        begin();
        tells(FIRST, OFFER, 2);
        sent.clear();
        tells(SECOND, OFFER, 3);

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(ID, CLOSE, 1)),
                        new Sent(SECOND, said(ID, CLOSE, 1)),
                        new Sent(FIRST, said(NEXT_ID, CREATE_OFFER, 1)));
        assertThat(outcomes).endsWith(PairOutcome.ANSWER_LOST);
    }

    @Test
    void aClosedConnectionIsReplaced() {
        negotiate();
        tells(SECOND, CLOSE, 3);

        assertThat(sent)
                .containsExactly(new Sent(FIRST, said(ID, CLOSE, 1)), new Sent(FIRST, said(NEXT_ID, CREATE_OFFER, 1)));
        sent.clear();
        tells(FIRST, OFFER, 3); // On the old connection.
        assertThat(outcomes).endsWith(PairOutcome.UNKNOWN_CONNECTION);
        assertThat(sent).isEmpty();
    }

    @Test
    void connectionsAreReplacedOnlySoOftenWithinAMinute() {
        relay.begin();
        for (int i = 0; i < PairRelay.RESTARTS_MAX; i++) {
            relay.onDescription(FIRST, said(NAME.connectionId(EPOCH + i), CLOSE, 3), NOW);
        }
        sent.clear();
        relay.onDescription(FIRST, said(NAME.connectionId(EPOCH + PairRelay.RESTARTS_MAX), CLOSE, 3), NOW);
        assertThat(sent).isEmpty();
        assertThat(relay.connection(FIRST)).isEmpty();

        relay.onSync(
                SECOND,
                List.of(),
                List.of(),
                NOW.plus(PairRelay.RESTARTS_WITHIN).minusNanos(1));
        assertThat(sent).isEmpty();
        relay.onSync(SECOND, List.of(), List.of(), NOW.plus(PairRelay.RESTARTS_WITHIN));

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(NAME.connectionId(EPOCH + PairRelay.RESTARTS_MAX + 1), CREATE_OFFER, 1)));
    }

    @Test
    void theSideThatStaysClosesItsConnection() {
        negotiate();
        relay.leave(SECOND);

        assertThat(sent).containsExactly(new Sent(SECOND, said(ID, CLOSE, 1)));
    }

    // --- resumes

    @Test
    void aResumeRepairsWhatWasLost() {
        negotiate();
        tells(FIRST, OFFER, 3); // The second client has no socket.
        sent.clear();
        relay.onSync(SECOND, List.of(said(ID, OFFER, 3)), List.of(), NOW);

        assertThat(sent).as("the offers cross").isEmpty();
        assertThat(relay.connection(SECOND)).contains(new SessionNotice.Connection(ID, said(ID, OFFER, 3)));
        relay.onSync(FIRST, List.of(said(ID, OFFER, 3)), List.of(), NOW);
        tells(SECOND, ANSWER, 3);
        relay.onSync(SECOND, List.of(said(ID, ANSWER, 3)), List.of(), NOW);
        assertThat(sent).as("the answer goes once").containsExactly(new Sent(FIRST, said(ID, ANSWER, 3)));
    }

    /** Of the answer and the offer after it, only the offer is kept, and the first client would not take it. */
    @Test
    void aFirstAnswerThatAClientMayHaveMissedLeadsToANewConnection() {
        negotiate();
        tells(SECOND, OFFER, 3);
        sent.clear();
        relay.onSync(FIRST, List.of(said(ID, OFFER, 2)), List.of(), NOW);

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(ID, CLOSE, 1)),
                        new Sent(SECOND, said(ID, CLOSE, 1)),
                        new Sent(FIRST, said(NEXT_ID, CREATE_OFFER, 1)));
        assertThat(outcomes).endsWith(PairOutcome.GLARE, PairOutcome.ANSWER_LOST);
    }

    @Test
    void aClientThatHasAnsweredTheNextOfferHasNotMissedTheFirstAnswer() {
        negotiate();
        tells(SECOND, OFFER, 3);
        sent.clear();
        relay.onSync(FIRST, List.of(said(ID, ANSWER, 3)), List.of(), NOW);

        assertThat(sent).containsExactly(new Sent(SECOND, said(ID, ANSWER, 3)));
    }

    @Test
    void aConnectionThatASyncDoesNotListAnyMoreIsReplaced() {
        negotiate();
        relay.onSync(SECOND, List.of(), List.of(), NOW);

        assertThat(sent)
                .containsExactly(new Sent(FIRST, said(ID, CLOSE, 1)), new Sent(FIRST, said(NEXT_ID, CREATE_OFFER, 1)));
    }

    // --- candidates

    @Test
    void collectsCandidatesAlthoughClientsBeginTheirListsAgain() {
        begin();
        tells(FIRST, OFFER, 2);
        sent.clear();
        relay.onCandidates(FIRST, candidates("u1", 0, 2));
        relay.onCandidates(FIRST, candidates("u1", 2, 3));
        relay.onCandidates(FIRST, candidates("u1", 2, 3));
        relay.onCandidates(FIRST, candidates("u1", 0, 0));

        assertThat(sent)
                .containsExactly(
                        new Sent(SECOND, candidates("u1", 0, 2).withRevision(101)),
                        new Sent(SECOND, candidates("u1", 0, 3).withRevision(102)));
        assertThat(outcomes)
                .endsWith(PairOutcome.RELAYED, PairOutcome.RELAYED, PairOutcome.REPEATED, PairOutcome.REPEATED);
        assertThat(relay.connection(SECOND).orElseThrow().candidates())
                .containsExactly(candidates("u1", 0, 3).withRevision(102));
    }

    /** The other client would make a connection for candidates on an id that it does not know. */
    @Test
    void holdsCandidatesUntilTheOtherClientHasTheConnection() {
        begin();
        relay.onCandidates(FIRST, candidates("u1", 0, 2));
        assertThat(sent).isEmpty();

        tells(FIRST, OFFER, 2);

        assertThat(sent)
                .containsExactly(
                        new Sent(SECOND, said(ID, OFFER, 2)),
                        new Sent(SECOND, candidates("u1", 0, 2).withRevision(101)));
    }

    @Test
    void keepsTheCandidatesOfTheTwoLatestUfrags() {
        negotiate();
        relay.onCandidates(FIRST, candidates("u1", 0, 1));
        relay.onCandidates(FIRST, candidates("u2", 0, 1));
        relay.onCandidates(FIRST, candidates("u1", 1, 2));
        relay.onCandidates(FIRST, candidates("u3", 0, 1));

        assertThat(relay.connection(SECOND).orElseThrow().candidates())
                .extracting(ConnectionCandidates::ufrag)
                .containsExactly("u1", "u3");
    }

    @Test
    void keepsALimitedNumberOfCandidates() {
        negotiate();
        relay.onCandidates(FIRST, candidates("u1", 0, ClientLimits.CANDIDATES_MAX + 1));
        IceCandidate longest = new IceCandidate("c".repeat(ClientLimits.CANDIDATE_CHARS_MAX), "0", 0, "u2");
        relay.onCandidates(
                FIRST,
                new ConnectionCandidates(
                        ID,
                        "u2",
                        0,
                        IntStream.range(0, ClientLimits.CANDIDATES_MAX)
                                .mapToObj(i -> new IceCandidate(longest.candidate(), "m" + i, 0, "u2"))
                                .toList(),
                        false));

        List<ConnectionCandidates> kept = relay.connection(SECOND).orElseThrow().candidates();
        assertThat(kept.get(0).candidates()).hasSize(ClientLimits.CANDIDATES_MAX);
        assertThat(kept.get(1).candidates()).hasSizeBetween(30, ClientLimits.CANDIDATES_MAX - 1);
        assertThat(kept.get(1).chargedBytes()).isLessThanOrEqualTo(ClientLimits.CANDIDATE_LIST_BYTES_MAX);
    }

    // --- another owner

    @Test
    void anotherOwnerContinuesAConnectionThatBothClientsName() {
        PairRelay later = takenOver();
        later.onSync(FIRST, List.of(said(ID, OFFER, 4)), List.of(candidates("u1", 0, 1)), NOW);
        assertThat(sent).isEmpty();
        assertThat(later.connection(FIRST))
                .as("listed, or the client would close it")
                .contains(new SessionNotice.Connection(ID, null));

        later.onSync(SECOND, List.of(said(ID, ANSWER, 4)), List.of(), NOW);

        assertThat(sent)
                .containsExactly(
                        new Sent(SECOND, said(ID, OFFER, 4)),
                        new Sent(SECOND, candidates("u1", 0, 1).withRevision(101)),
                        new Sent(FIRST, said(ID, ANSWER, 4)));
        later.onDescription(SECOND, said(ID, OFFER, 5), NOW);
        assertThat(sent).endsWith(new Sent(FIRST, said(ID, OFFER, 5)));
    }

    @Test
    void anotherOwnerContinuesANegotiationThatWasUnderWay() {
        PairRelay later = takenOver();
        later.onSync(SECOND, List.of(said(ID, OFFER, 5)), List.of(), NOW);
        later.onSync(FIRST, List.of(said(ID, OFFER, 4)), List.of(), NOW);
        sent.clear();

        later.onDescription(FIRST, said(ID, OFFER, 5), NOW);
        later.onDescription(FIRST, said(ID, ANSWER, 5), NOW);

        assertThat(sent).containsExactly(new Sent(SECOND, said(ID, ANSWER, 5)));
        assertThat(outcomes).endsWith(PairOutcome.GLARE, PairOutcome.RELAYED);
    }

    @Test
    void anotherOwnerReplacesAConnectionWhoseDescriptionsDoNotFit() {
        String fresh = NAME.connectionId(2 * EPOCH);
        PairRelay later = takenOver();
        later.onSync(FIRST, List.of(said(ID, OFFER, 4)), List.of(), NOW);
        later.onSync(SECOND, List.of(said(ID, OFFER, 4)), List.of(), NOW);

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(ID, CLOSE, 1)),
                        new Sent(SECOND, said(ID, CLOSE, 1)),
                        new Sent(FIRST, said(fresh, CREATE_OFFER, 1)));
    }

    @Test
    void anotherOwnerReplacesAConnectionThatOneClientDoesNotName() {
        PairRelay later = takenOver();
        later.onSync(FIRST, List.of(said(ID, ANSWER, 4)), List.of(), NOW);
        later.onSync(SECOND, List.of(said(NAME.connectionId(EPOCH - 1), OFFER, 9)), List.of(), NOW);

        assertThat(sent).endsWith(new Sent(FIRST, said(NAME.connectionId(2 * EPOCH), CREATE_OFFER, 1)));
    }

    @Test
    void anotherOwnerTakesNoNumbersThatClientsHaveInvented() {
        PairRelay later = takenOver();
        for (long number : new long[] {2 * EPOCH, Long.MAX_VALUE, -1}) {
            later.onSync(FIRST, List.of(said(NAME.connectionId(number), OFFER, 4)), List.of(), NOW);
        }

        assertThat(outcomes).containsOnly(PairOutcome.UNKNOWN_CONNECTION);
        assertThat(later.connection(FIRST)).isEmpty();
    }

    /** The client closes a connection that the answer to its sync does not list. */
    @Test
    void anotherOwnerDoesNotContinueAConnectionThatASyncDidNotName() {
        PairRelay later = takenOver();
        later.onSync(SECOND, List.of(), List.of(), NOW);
        later.onDescription(SECOND, said(ID, ANSWER, 2), NOW);
        later.onSync(FIRST, List.of(said(ID, OFFER, 2)), List.of(), NOW);

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(ID, CLOSE, 1)),
                        new Sent(FIRST, said(NAME.connectionId(2 * EPOCH), CREATE_OFFER, 1)));
    }

    /** The client has described the connection shortly before it has closed it, and the description comes first. */
    @Test
    void anotherOwnerBelievesASyncMoreThanWhatCameBefore() {
        PairRelay later = takenOver();
        later.onDescription(SECOND, said(ID, ANSWER, 2), NOW);
        later.onSync(SECOND, List.of(), List.of(), NOW);
        assertThat(later.connection(SECOND)).isEmpty();
        later.onSync(FIRST, List.of(said(ID, OFFER, 2)), List.of(), NOW);

        assertThat(sent)
                .containsExactly(
                        new Sent(FIRST, said(ID, CLOSE, 1)),
                        new Sent(FIRST, said(NAME.connectionId(2 * EPOCH), CREATE_OFFER, 1)));
    }

    // --- steps

    private PairRelay takenOver() {
        PairRelay later = relay(2 * EPOCH);
        later.takeOver();
        return later;
    }

    private void begin() {
        relay.begin();
        sent.clear();
    }

    /** Brings the relay to its first completed negotiation. */
    private void negotiate() {
        begin();
        tells(FIRST, OFFER, 2);
        tells(SECOND, ANSWER, 2);
        sent.clear();
        outcomes.clear();
    }

    private void tells(PairSide from, Description.Type type, long number) {
        relay.onDescription(from, said(ID, type, number), NOW);
    }

    private static ConnectionDescription said(String id, Description.Type type, long number) {
        return new ConnectionDescription(
                id, new Description(type, number, type == OFFER || type == ANSWER ? "v=0\r\n" : ""));
    }

    private static ConnectionCandidates candidates(String ufrag, int from, int to) {
        return new ConnectionCandidates(
                ID,
                ufrag,
                0,
                IntStream.range(from, to)
                        .mapToObj(i -> new IceCandidate("candidate:" + i, "0", 0, ufrag))
                        .toList(),
                false);
    }
}
