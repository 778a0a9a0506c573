package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientTrack;

/** Tests each limited field of a connect and an update with the maximum length and with one unit more. */
class FieldLimitsTest {
    private static final String CONNECT = "connect_adaptive_simulcast_all_channels";
    private static final JsonPointer TRACK = JsonPointer.compile("/participant/tracks/0");
    private static final JsonPointer CONNECTION = JsonPointer.compile("/peer_connections/0");

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("/type", SignalLimits.WORD_CHARS_MAX),
                Arguments.of("/name", SignalLimits.NAME_CHARS_MAX),
                Arguments.of("/token", SignalLimits.TOKEN_CHARS_MAX),
                Arguments.of("/participant/tracks/0/id", ClientLimits.ID_CHARS_MAX),
                Arguments.of("/participant/tracks/0/kind", SignalLimits.WORD_CHARS_MAX),
                Arguments.of("/participant/tracks/0/name", SignalLimits.NAME_CHARS_MAX),
                Arguments.of("/participant/tracks/0/priority", SignalLimits.WORD_CHARS_MAX),
                Arguments.of("/peer_connections/0/id", ClientLimits.ID_CHARS_MAX),
                Arguments.of("/peer_connections/0/description/type", SignalLimits.WORD_CHARS_MAX),
                Arguments.of("/peer_connections/0/description/sdp", ClientLimits.DESCRIPTIONS_BYTES_MAX - 20_000),
                Arguments.of("/subscribe/rules/0/type", SignalLimits.WORD_CHARS_MAX));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void refusesATextThatIsTooLong(String pointer, int max) {
        ObjectNode connect = connect();
        set(connect, pointer, "x".repeat(max));
        // The text is not a known word, so no field for words accepts it.
        if (max != SignalLimits.WORD_CHARS_MAX) {
            assertThat(read(connect).malformed()).isNull();
        }

        set(connect, pointer, "x".repeat(pointer.endsWith("sdp") ? ClientLimits.DESCRIPTIONS_BYTES_MAX + 1 : max + 1));

        assertThat(read(connect).malformed())
                .isEqualTo(pointer.endsWith("sdp") ? Malformed.TOO_LARGE : Malformed.FIELD_INVALID);
    }

    @Test
    void refusesASessionIdThatIsTooLong() {
        ObjectNode sync = Samples.get("tcmp", "hello_with_sync").get("body").deepCopy();
        sync.put("session", "x".repeat(SignalLimits.SESSION_CHARS_MAX));
        assertThat(read(sync).malformed()).isNull();

        sync.put("session", "x".repeat(SignalLimits.SESSION_CHARS_MAX + 1));

        assertThat(read(sync).malformed()).isEqualTo(Malformed.FIELD_INVALID);
    }

    @Test
    void refusesTheNameOfAChannelThatIsTooLong() {
        ObjectNode connect = connect();
        ((ObjectNode) connect.get("media_signaling")).putObject("c".repeat(ClientLimits.CHANNEL_NAME_CHARS_MAX));
        assertThat(read(connect).malformed()).isNull();

        ((ObjectNode) connect.get("media_signaling")).putObject("c".repeat(ClientLimits.CHANNEL_NAME_CHARS_MAX + 1));

        assertThat(read(connect).malformed()).isEqualTo(Malformed.FIELD_INVALID);
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of("/participant/tracks", ClientLimits.TRACKS_MAX),
                Arguments.of("/subscribe/rules", SignalLimits.RULES_MAX));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void refusesAListThatIsTooLong(String pointer, int max) {
        ObjectNode connect = connect();
        ArrayNode list = (ArrayNode) connect.at(pointer);
        JsonNode element = list.get(0);
        while (list.size() < max) {
            list.add(element);
        }
        assertThat(read(connect).malformed()).isNull();

        list.add(element);

        assertThat(read(connect).malformed()).isEqualTo(Malformed.LIST_TOO_LONG);
    }

    @Test
    void refusesTooManyDescriptionsAndTooManyBytesOfThem() {
        ObjectNode update = Samples.get("rsp", "update_answer_to_server_offer").deepCopy();
        ArrayNode connections = (ArrayNode) update.get("peer_connections");
        JsonNode one = connections.get(0);
        set(update, "/peer_connections/0/description/sdp", "v=0");
        while (connections.size() < ClientLimits.DESCRIPTIONS_MAX) {
            connections.add(one);
        }
        assertThat(read(update).malformed()).isNull();

        connections.add(one);
        assertThat(read(update).malformed()).isEqualTo(Malformed.LIST_TOO_LONG);

        connections.removeAll();
        connections.add(one);
        // Each character has three bytes in UTF-8. The frame with three descriptions is short enough, but the
        // descriptions together have too many bytes.
        set(update, "/peer_connections/0/description/sdp", "€".repeat(ClientLimits.DESCRIPTIONS_BYTES_MAX / 6));
        assertThat(read(update).malformed()).isNull();
        connections.add(one);
        connections.add(one);
        assertThat(read(update).malformed()).isEqualTo(Malformed.FIELD_INVALID);
    }

    static Stream<Arguments> textsOfCandidates() {
        return Stream.of(
                Arguments.of("/peer_connections/0/ice/ufrag", ClientLimits.UFRAG_CHARS_MAX),
                Arguments.of("/peer_connections/0/ice/candidates/0/candidate", ClientLimits.CANDIDATE_CHARS_MAX),
                Arguments.of("/peer_connections/0/ice/candidates/0/sdpMid", ClientLimits.ID_CHARS_MAX),
                Arguments.of("/peer_connections/0/ice/candidates/0/usernameFragment", ClientLimits.UFRAG_CHARS_MAX));
    }

    @ParameterizedTest
    @MethodSource("textsOfCandidates")
    void refusesATextOfACandidateThatIsTooLong(String pointer, int max) {
        ObjectNode update = ice(1, 1);
        set(update, pointer, "x".repeat(max));
        assertThat(read(update).malformed()).isNull();

        set(update, pointer, "x".repeat(max + 1));

        assertThat(read(update).malformed()).isEqualTo(Malformed.FIELD_INVALID);
    }

    @Test
    void passesOnOnlyTheBeginningOfALongListOfCandidates() {
        ClientFrame.Message frame = (ClientFrame.Message) Objects.requireNonNull(
                read(ice(1, SignalLimits.CANDIDATES_READ_MAX)).frame());
        assertThat(((ClientMessage.Update) frame.body()).candidates().get(0).candidates())
                .hasSize(ClientLimits.CANDIDATES_MAX);

        assertThat(read(ice(1, SignalLimits.CANDIDATES_READ_MAX + 1)).malformed())
                .isEqualTo(Malformed.LIST_TOO_LONG);
    }

    @Test
    void refusesTooManyBytesOfCandidates() {
        assertThat(read(ice(8, ClientLimits.CANDIDATES_MAX)).malformed()).isNull();

        assertThat(read(ice(ClientLimits.DESCRIPTIONS_MAX, ClientLimits.CANDIDATES_MAX))
                        .malformed())
                .isEqualTo(Malformed.FIELD_INVALID);
    }

    /** Returns an update with a list of candidates for each of several connections. */
    private static ObjectNode ice(int connections, int candidates) {
        ObjectNode update = Samples.get("rsp", "update_answer_to_server_offer").deepCopy();
        ArrayNode all = update.putArray("peer_connections");
        for (int i = 0; i < connections; i++) {
            ArrayNode list = all.addObject()
                    .put("id", "pc" + i)
                    .putObject("ice")
                    .put("ufrag", "u")
                    .put("revision", 1)
                    .putArray("candidates");
            for (int j = 0; j < candidates; j++) {
                list.addObject()
                        .put("candidate", "candidate:" + j + " 1 udp".repeat(20))
                        .put("sdpMid", "0")
                        .put("usernameFragment", "u");
            }
        }
        return update;
    }

    @Test
    void refusesTooManyChannels() {
        ObjectNode connect = connect();
        ObjectNode channels = (ObjectNode) connect.get("media_signaling");
        while (channels.size() < ClientLimits.CHANNELS_MAX) {
            channels.putObject("channel" + channels.size());
        }
        assertThat(read(connect).malformed()).isNull();

        channels.putObject("one more");

        assertThat(read(connect).malformed()).isEqualTo(Malformed.LIST_TOO_LONG);
    }

    /**
     * The room refuses a track whose name is too long (error 53302). The room only needs to see that the name is too
     * long, so the gateway passes on only the beginning of such a name.
     */
    @Test
    void cutsTheNameOfATrackThatTheRoomRefusesAnyway() {
        ObjectNode connect = connect();
        for (String name : List.of("n".repeat(5_000), "n".repeat(128) + "\uD83D\uDE00".repeat(9), "n".repeat(128))) {
            set(connect, "/participant/tracks/0/name", name);

            ClientFrame.Message frame =
                    (ClientFrame.Message) Objects.requireNonNull(read(connect).frame());
            ClientTrack track = ((ClientMessage.Connect) frame.body())
                    .participant()
                    .tracks()
                    .get(0);

            assertThat(name).startsWith(track.name());
            assertThat(track.name().length() > ClientLimits.TRACK_NAME_CHARS_MAX)
                    .isEqualTo(name.length() > ClientLimits.TRACK_NAME_CHARS_MAX);
            assertThat(track.name().length()).isLessThanOrEqualTo(ClientLimits.TRACK_NAME_CHARS_MAX + 2);
            assertThat(Character.isHighSurrogate(
                            track.name().charAt(track.name().length() - 1)))
                    .isFalse();
        }
    }

    private static ObjectNode connect() {
        ObjectNode connect = Samples.get("rsp", CONNECT).deepCopy();
        assertThat(connect.at(TRACK).has("priority")).isTrue();
        assertThat(connect.at(CONNECTION).has("description")).isTrue();
        return connect;
    }

    private static void set(ObjectNode message, String pointer, String value) {
        JsonPointer field = JsonPointer.compile(pointer);
        ((ObjectNode) message.at(field.head())).put(field.last().getMatchingProperty(), value);
    }

    private static ClientFrameReader.Read read(JsonNode body) {
        return ClientFrameReader.read(Samples.msg(body));
    }
}
