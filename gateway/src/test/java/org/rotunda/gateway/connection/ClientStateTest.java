package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.SessionNotice;

/** Tests the state that a session keeps for a sync. The state must fit into one message. */
class ClientStateTest {
    private static final int HALF = ClientLimits.DESCRIPTIONS_BYTES_MAX / 2;

    private final ClientState client = new ClientState();

    @BeforeEach
    void hasConnections() {
        List.of("a", "b", "c").forEach(client::open);
    }

    @Test
    void keepsTheLatestDescriptionOfEachConnection() {
        client.update(null, List.of(offer("a", "1"), offer("b", "2")), List.of());
        client.update(null, List.of(offer("a", "3")), List.of());

        assertThat(client.descriptions()).containsExactlyInAnyOrder(offer("a", "3"), offer("b", "2"));
    }

    @Test
    void keepsNoMoreBytesThanOneMessageTakes() {
        client.update(null, List.of(offer("a", "x".repeat(HALF)), offer("b", "x".repeat(HALF))), List.of());
        client.update(null, List.of(offer("c", "x")), List.of());
        assertThat(client.descriptions())
                .extracting(ConnectionDescription::connectionId)
                .containsOnly("a", "b");

        // A closed connection and a shorter description make room for another description.
        client.update(null, List.of(close("a"), offer("b", "short"), offer("c", "x".repeat(HALF))), List.of());

        assertThat(client.descriptions())
                .extracting(ConnectionDescription::connectionId)
                .containsOnly("b", "c");
    }

    /** The limit counts bytes of UTF-8, and a text can have three times as many bytes as characters. */
    @Test
    void countsBytesAndNotCharacters() {
        client.update(null, List.of(offer("a", "\u20AC".repeat(HALF))), List.of());

        assertThat(client.descriptions()).isEmpty();
    }

    @Test
    void keepsTheUnionOfTheCandidatesOfTheLatestUfrag() {
        client.update(null, List.of(), List.of(candidates("a", "u1", 0, 2), candidates("b", "u1", 0, 1)));
        client.update(null, List.of(), List.of(candidates("a", "u1", 1, 3)));
        assertThat(client.candidates())
                .containsExactlyInAnyOrder(candidates("a", "u1", 0, 3), candidates("b", "u1", 0, 1));

        client.update(null, List.of(), List.of(candidates("a", "u2", 5, 6)));
        client.update(null, List.of(close("b")), List.of());

        assertThat(client.candidates()).containsExactly(candidates("a", "u2", 5, 6));
    }

    @Test
    void forgetsAConnectionThatTheRoomHasClosed() {
        client.update(null, List.of(offer("a", "1"), offer("b", "2")), List.of(candidates("a", "u1", 0, 2)));

        client.told(List.of(close("a")));

        assertThat(client.descriptions()).containsExactly(offer("b", "2"));
        assertThat(client.candidates()).isEmpty();
    }

    /** The answer to a sync makes the client close the connections that are not listed. */
    @Test
    void forgetsAConnectionThatTheAnswerToASyncDoesNotList() {
        client.update(null, List.of(offer("a", "1"), offer("b", "2")), List.of(candidates("a", "u1", 0, 2)));

        client.synced(List.of(new SessionNotice.Connection("b", null)));

        assertThat(client.descriptions()).containsExactly(offer("b", "2"));
        assertThat(client.candidates()).isEmpty();
    }

    @Test
    void keepsNothingThatAClientSaysBeforeItHearsThatItsConnectionIsClosed() {
        client.told(List.of(offer("d", "1"), offer("e", "1")));
        client.told(List.of(close("d")));
        client.synced(List.of());

        client.update(
                null, List.of(offer("d", "2"), offer("e", "2"), offer("a", "2")), List.of(candidates("e", "u1", 0, 2)));

        assertThat(client.descriptions()).isEmpty();
        assertThat(client.candidates()).isEmpty();
    }

    @Test
    void knowsTheConnectionsThatTheRoomHasStarted() {
        client.synced(List.of(new SessionNotice.Connection("d", offer("d", "1"))));
        client.told(List.of(offer("e", "1")));
        client.connected(List.of(
                new SessionNotice.Connection("d", close("d")), new SessionNotice.Connection("f", offer("f", "1"))));

        client.update(null, List.of(offer("d", "2"), offer("e", "2"), offer("f", "2")), List.of());

        assertThat(client.descriptions()).containsExactlyInAnyOrder(offer("e", "2"), offer("f", "2"));
    }

    @Test
    void keepsALimitedNumberOfConnections() {
        for (int i = 0; i < 40; i++) {
            client.open("connection " + i);
            client.update(null, List.of(offer("connection " + i, "1")), List.of());
        }
        assertThat(client.descriptions()).hasSize(13); // Sixteen with the three that are open before.

        client.told(List.of(close("a")));
        client.open("d");
        client.update(null, List.of(offer("d", "1")), List.of());

        assertThat(client.descriptions()).hasSize(14).contains(offer("d", "1"));
    }

    @Test
    void keepsNoMoreCandidatesThanOneMessageTakes() {
        int most = 0;
        for (int i = 0; i < 40; i++) {
            client.open("connection " + i);
            client.update(null, List.of(), List.of(candidates("connection " + i, "u", 0, ClientLimits.CANDIDATES_MAX)));
            most = Math.max(most, client.candidates().size());
            assertThat(client.candidates().stream()
                            .mapToInt(ConnectionCandidates::chargedBytes)
                            .sum())
                    .isLessThanOrEqualTo(ClientLimits.CANDIDATES_BYTES_MAX);
        }

        assertThat(client.candidates()).hasSize(most).hasSizeGreaterThan(8);
    }

    private static ConnectionCandidates candidates(String connection, String ufrag, int from, int to) {
        return new ConnectionCandidates(
                connection,
                ufrag,
                0,
                IntStream.range(from, to)
                        .mapToObj(i -> new IceCandidate("candidate:" + i + " 1 udp".repeat(20), "0", 0, ufrag))
                        .toList(),
                false);
    }

    private static ConnectionDescription offer(String connection, String sdp) {
        return new ConnectionDescription(connection, new Description(Description.Type.OFFER, 1, sdp));
    }

    private static ConnectionDescription close(String connection) {
        return new ConnectionDescription(connection, new Description(Description.Type.CLOSE, 2, ""));
    }
}
