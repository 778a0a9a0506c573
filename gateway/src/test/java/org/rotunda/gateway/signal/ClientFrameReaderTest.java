package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;

/** Tests the reader with frames recorded from the real client, and with malformed frames. */
class ClientFrameReaderTest {

    private static <T> T read(String text, Class<T> type) {
        ClientFrameReader.Read read = ClientFrameReader.read(text);
        assertThat(read.malformed()).isNull();
        return type.cast(Objects.requireNonNull(read.frame()));
    }

    private static <T extends ClientMessage> T message(JsonNode body, Class<T> type) {
        return type.cast(read(Samples.msg(body), ClientFrame.Message.class).body());
    }

    @Test
    void readsEveryRecordedFrame() {
        assertThat(Samples.clientFrames())
                .hasSizeGreaterThan(20)
                .allSatisfy(frame -> assertThat(ClientFrameReader.read(frame).malformed())
                        .as(frame)
                        .isNull());
    }

    @Test
    void readsAHelloWithIceAlsoOfAPreflightTest() {
        var hello = read(Samples.get("tcmp", "hello_with_ice").toString(), ClientFrame.Hello.class);
        assertThat(hello.body()).isInstanceOf(ClientMessage.Ice.class);
        assertThat(hello.toString()).doesNotContain("eyJ");

        var preflight = read(Samples.get("preflight", "hello").toString(), ClientFrame.Hello.class);
        assertThat(preflight.body()).isInstanceOf(ClientMessage.Ice.class);
    }

    @Test
    void readsAConnect() {
        var connect =
                message(Samples.get("rsp", "connect_adaptive_simulcast_all_channels"), ClientMessage.Connect.class);

        assertThat(connect.name()).isEqualTo("grp-2");
        assertThat(connect.subscribeRules()).containsExactly(TrackRule.INCLUDE_ALL);
        assertThat(connect.channels())
                .contains("active_speaker", "network_quality", "publisher_hints", "track_priority", "render_hints");
        assertThat(connect.offer().description().type()).isEqualTo(Description.Type.OFFER);
        assertThat(connect.offer().description().revision()).isEqualTo(1);
        assertThat(connect.offer().description().sdp()).startsWith("v=0\r\n");
        assertThat(connect.participant().revision()).isEqualTo(3);
        assertThat(connect.participant().tracks()).hasSize(2);
        assertThat(connect.participant().tracks().get(0))
                .isEqualTo(new ClientTrack(
                        "1a34e470-0121-4061-9c12-587c2851ba56",
                        TrackKind.AUDIO,
                        connect.participant().tracks().get(0).name(),
                        true,
                        TrackPriority.STANDARD));
    }

    @Test
    void readsAConnectWithoutNameAndWithNothingSubscribed() {
        assertThat(message(Samples.get("rsp", "connect_no_name_legacy_bandwidth_profile"), ClientMessage.Connect.class)
                        .name())
                .isNull();

        JsonNode quiet = Samples.get("rsp", "connect_no_tracks").deepCopy();
        ((ObjectNode) quiet.get("subscribe").get("rules").get(0)).put("type", "exclude");
        var connect = message(quiet, ClientMessage.Connect.class);
        assertThat(connect.subscribeRules()).containsExactly(TrackRule.EXCLUDE_ALL);
        assertThat(connect.participant().tracks()).isEmpty();
    }

    @Test
    void readsTheSubscribeRulesOfAConnect() {
        assertThat(rulesOf("[{'type':'include','kind':'data'},{'type':'exclude','publisher':'bob','track':'chat'}]"))
                .containsExactly(
                        new TrackRule(TrackRule.Type.INCLUDE, false, TrackKind.DATA, null, null, null),
                        new TrackRule(TrackRule.Type.EXCLUDE, false, null, "bob", "chat", null));
        assertThat(rulesOf("[]")).containsExactly(TrackRule.INCLUDE_ALL);
        assertThat(rulesOf("null")).containsExactly(TrackRule.INCLUDE_ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "['include']", "[{'type':'include'}]", "[{'type':'include','all':true,'colour':'red'}]"})
    void refusesAConnectWithInvalidSubscribeRules(String rules) {
        assertThat(ClientFrameReader.read(connectWith(rules)).malformed()).isEqualTo(Malformed.FIELD_INVALID);
    }

    private static List<TrackRule> rulesOf(String rules) {
        ClientMessage body = read(connectWith(rules), ClientFrame.Message.class).body();
        return ((ClientMessage.Connect) body).subscribeRules();
    }

    private static String connectWith(String rules) {
        ObjectNode connect = Samples.get("rsp", "connect_no_tracks").deepCopy();
        ((ObjectNode) connect.get("subscribe")).putRawValue("rules", new RawValue(rules.replace('\'', '"')));
        return Samples.msg(connect);
    }

    @Test
    void readsSyncsAndUpdates() {
        var hello = read(Samples.get("tcmp", "hello_with_sync").toString(), ClientFrame.Hello.class);
        var sync = (ClientMessage.Sync) Objects.requireNonNull(hello.body());
        assertThat(sync.session()).hasSizeGreaterThan(20);
        assertThat(sync.descriptions()).isNotEmpty();

        var answer = message(Samples.get("rsp", "update_answer_to_server_offer"), ClientMessage.Update.class);
        assertThat(answer.descriptions().get(0).description().type()).isEqualTo(Description.Type.ANSWER);
        assertThat(answer.descriptions().get(0).description().revision()).isEqualTo(4);

        var candidates =
                message(Samples.get("rsp", "update_ice_to_ice_lite_server").get(0), ClientMessage.Update.class);
        assertThat(candidates.descriptions()).isEmpty();
        assertThat(candidates.candidates()).hasSize(1);

        var close = message(Samples.get("rsp", "update_client_closed_peer_connection"), ClientMessage.Update.class);
        assertThat(close.descriptions().get(0).description().type()).isEqualTo(Description.Type.CLOSE);
    }

    @Test
    void readsListsOfCandidates() {
        JsonNode all = Samples.get("rsp", "update_ice_trickle_sequence");
        for (JsonNode sample : all) {
            JsonNode ice = sample.at("/peer_connections/0/ice");
            ConnectionCandidates list =
                    message(sample, ClientMessage.Update.class).candidates().get(0);
            assertThat(list.connectionId())
                    .isEqualTo(sample.at("/peer_connections/0/id").asText());
            assertThat(list.ufrag()).isEqualTo(ice.get("ufrag").asText());
            assertThat(list.complete()).isEqualTo(ice.path("complete").asBoolean());
            assertThat(list.candidates())
                    .extracting(IceCandidate::candidate)
                    .isEqualTo(ice.get("candidates").findValuesAsText("candidate"));
            assertThat(list.candidates())
                    .allMatch(each -> each.lineIndex() >= 0 && each.mid() != null && each.usernameFragment() != null);
        }
        assertThat(all.size()).isGreaterThan(1);
    }

    @Test
    void readsCandidatesOfEveryForm() {
        var update = (ClientMessage.Update)
                read(update("""
                        "peer_connections":[
                          {"id":"a","ice":{"ufrag":"u","complete":true}},
                          {"id":"b","ice":{"candidates":[]}},
                          {"id":"c","ice":{"ufrag":"u","revision":3,"candidates":[{"candidate":""},
                            {"candidate":"x","sdpMid":null,"sdpMLineIndex":null},{"candidate":"y","sdpMLineIndex":1}]}}]
                        """), ClientFrame.Message.class).body();

        assertThat(update.candidates())
                .containsExactly(
                        new ConnectionCandidates("a", "u", 0, List.of(), true),
                        new ConnectionCandidates(
                                "c",
                                "u",
                                0,
                                List.of(
                                        new IceCandidate("", null, IceCandidate.NO_LINE, null),
                                        new IceCandidate("x", null, IceCandidate.NO_LINE, null),
                                        new IceCandidate("y", null, 1, null)),
                                false));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("", Malformed.NOT_AN_OBJECT),
                Arguments.of("hello", Malformed.NOT_JSON),
                Arguments.of("{\"type\":\"bye\"} {}", Malformed.NOT_JSON),
                Arguments.of("[".repeat(100_000), Malformed.NOT_JSON),
                Arguments.of("{\"a\":".repeat(40) + "1" + "}".repeat(40), Malformed.NOT_JSON),
                Arguments.of("{\"type\":1" + "0".repeat(1000) + "}", Malformed.NOT_JSON),
                Arguments.of("[]", Malformed.NOT_AN_OBJECT),
                Arguments.of("null", Malformed.NOT_AN_OBJECT),
                Arguments.of("{}", Malformed.FIELD_MISSING),
                Arguments.of("{\"type\":1}", Malformed.FIELD_INVALID),
                Arguments.of("{\"type\":\"howdy\"}", Malformed.TYPE_UNKNOWN),
                Arguments.of("{\"type\":\"msg\"}", Malformed.FIELD_MISSING),
                Arguments.of("{\"type\":\"msg\",\"body\":[]}", Malformed.FIELD_INVALID),
                Arguments.of("{\"type\":\"msg\",\"body\":{\"type\":\"dance\"}}", Malformed.TYPE_UNKNOWN),
                Arguments.of("{\"type\":\"hello\",\"body\":{\"type\":\"ice\"}}", Malformed.FIELD_MISSING),
                Arguments.of(
                        "{\"type\":\"hello\",\"body\":{\"type\":\"connect\",\"token\":\"x\"}}",
                        Malformed.FIELD_MISSING),
                Arguments.of(update("\"participant\":{\"revision\":-1}"), Malformed.FIELD_INVALID),
                Arguments.of(update("\"participant\":{\"revision\":1.5}"), Malformed.FIELD_INVALID),
                Arguments.of(update("\"participant\":{\"revision\":99999999999999999999}"), Malformed.FIELD_INVALID),
                Arguments.of(update("\"participant\":{\"revision\":1,\"tracks\":[7]}"), Malformed.FIELD_INVALID),
                Arguments.of(
                        update("\"participant\":{\"revision\":1,\"tracks\":[" + "{},".repeat(300) + "{}]}"),
                        Malformed.LIST_TOO_LONG),
                Arguments.of(
                        update("\"peer_connections\":[{\"id\":\"a\",\"description\":{\"type\":\"create-offer\"}}]"),
                        Malformed.FIELD_INVALID),
                Arguments.of(
                        update(
                                "\"peer_connections\":[{\"id\":\"a\",\"description\":{\"type\":\"offer\",\"revision\":1}}]"),
                        Malformed.FIELD_MISSING),
                Arguments.of(
                        update("\"peer_connections\":[{\"id\":\"a\",\"ice\":{\"ufrag\":\"u\",\"candidates\":[{}]}}]"),
                        Malformed.FIELD_MISSING),
                Arguments.of(
                        update("\"peer_connections\":[{\"id\":\"a\",\"ice\":{\"ufrag\":\"u\",\"candidates\":7}}]"),
                        Malformed.FIELD_INVALID),
                Arguments.of("x".repeat(SignalLimits.FRAME_CHARS_MAX + 1), Malformed.TOO_LARGE));
    }

    private static String update(String fields) {
        return "{\"type\":\"msg\",\"body\":{\"type\":\"update\"," + fields + "}}";
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void tellsWhyAFrameIsMalformed(String text, Malformed reason) {
        assertThat(ClientFrameReader.read(text)).isEqualTo(new ClientFrameReader.Read(null, reason));
    }

    @Test
    void skipsUnknownFields() {
        assertThat(read("{\"type\":\"bye\",\"mood\":{\"sad\":[true]}}", ClientFrame.Bye.class))
                .isNotNull();
        var update = (ClientMessage.Update) read(
                        update(
                                "\"session\":\"s\",\"weather\":1,\"participant\":{\"revision\":1,\"tracks\":[],\"x\":{}}"),
                        ClientFrame.Message.class)
                .body();
        assertThat(update.participant()).isNotNull();
    }

    @Test
    void listsChannelsByName() {
        JsonNode connect = Samples.get("rsp", "connect_no_tracks").deepCopy();
        ((ObjectNode) connect).putObject("media_signaling");

        assertThat(message(connect, ClientMessage.Connect.class).channels()).isEqualTo(Set.of());
    }
}
