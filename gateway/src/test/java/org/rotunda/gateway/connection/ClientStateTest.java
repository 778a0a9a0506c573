package org.rotunda.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ConnectionDescription;

/** Tests the state that a session keeps for a sync. The state must fit into one message. */
class ClientStateTest {
    private static final int HALF = ClientLimits.DESCRIPTIONS_BYTES_MAX / 2;

    private final ClientState client = new ClientState();

    @Test
    void keepsTheLatestDescriptionOfEachConnection() {
        client.update(null, List.of(offer("a", "1"), offer("b", "2")));
        client.update(null, List.of(offer("a", "3")));

        assertThat(client.descriptions()).containsExactlyInAnyOrder(offer("a", "3"), offer("b", "2"));
    }

    @Test
    void keepsNoMoreBytesThanOneMessageTakes() {
        client.update(null, List.of(offer("a", "x".repeat(HALF)), offer("b", "x".repeat(HALF))));
        client.update(null, List.of(offer("c", "x")));
        assertThat(client.descriptions())
                .extracting(ConnectionDescription::connectionId)
                .containsOnly("a", "b");

        // A closed connection and a shorter description make room for another description.
        client.update(null, List.of(close("a"), offer("b", "short"), offer("c", "x".repeat(HALF))));

        assertThat(client.descriptions())
                .extracting(ConnectionDescription::connectionId)
                .containsOnly("b", "c");
    }

    /** The limit counts bytes of UTF-8, and a text can have three times as many bytes as characters. */
    @Test
    void countsBytesAndNotCharacters() {
        client.update(null, List.of(offer("a", "\u20AC".repeat(HALF))));

        assertThat(client.descriptions()).isEmpty();
    }

    private static ConnectionDescription offer(String connection, String sdp) {
        return new ConnectionDescription(connection, new Description(Description.Type.OFFER, 1, sdp));
    }

    private static ConnectionDescription close(String connection) {
        return new ConnectionDescription(connection, new Description(Description.Type.CLOSE, 2, ""));
    }
}
