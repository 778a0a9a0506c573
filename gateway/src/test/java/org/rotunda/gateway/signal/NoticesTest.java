package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Tests the exact JSON that clients get. */
class NoticesTest {
    private static final String HEX = "00112233445566778899aabbccddeeff";
    private static final RoomSid ROOM = new RoomSid("RM" + HEX);
    private static final ParticipantSid SELF = new ParticipantSid("PA" + HEX);
    private static final ParticipantSid OTHER = new ParticipantSid("PA" + HEX.replace('0', 'a'));
    private static final TrackSid TRACK = new TrackSid("MT" + HEX);
    private static final String NODE = "10.0.0.7:25520#1"; // Clients must not see it.
    private static final SessionNotice.RoomSnapshot SNAPSHOT = new SessionNotice.RoomSnapshot(
            List.of(new SessionNotice.RemoteParticipant(
                    OTHER,
                    "bob",
                    ParticipantStatus.RECONNECTING,
                    7,
                    List.of(new SessionNotice.RemoteTrack(TRACK, TrackKind.VIDEO, "cam", false, TrackPriority.HIGH)))),
            new SessionNotice.Published(
                    5,
                    List.of(
                            new SessionNotice.PublishedTrack("t1", TRACK, null),
                            new SessionNotice.PublishedTrack("t2", null, RoomError.TRACK_NAME_DUPLICATED),
                            new SessionNotice.PublishedTrack("t3", null, null))),
            new SessionNotice.Subscribed(
                    6,
                    List.of(
                            new SessionNotice.SubscribedTrack(TRACK, "msid-1", null),
                            new SessionNotice.SubscribedTrack(TRACK, "msid-2", RoomError.NO_SUPPORTED_CODEC))),
            List.of(
                    new SessionNotice.Connection(
                            "pc1",
                            new ConnectionDescription("pc1", new Description(Description.Type.ANSWER, 1, "v=0"))),
                    new SessionNotice.Connection("pc2", null)),
            new SessionNotice.Recording(false, 1));
    private static final String PUBLISHED = """
            "published":{"revision":5,"tracks":[
              {"id":"t1","state":"ready","sid":"MT00112233445566778899aabbccddeeff"},
              {"id":"t2","state":"failed","error":{"code":53304,"message":"Track name is duplicated"}},
              {"id":"t3","state":"created"}]}""";

    /**
     * The tracks of {@link #PUBLISHED}, as the answer to a connect lists them. The revision is lower than that of
     * {@link #PUBLISHED}, so that the client accepts {@link #PUBLISHED} in the next message.
     */
    private static final String CREATED = """
            "published":{"revision":4,"tracks":[{"id":"t1","state":"created"},{"id":"t2","state":"created"},
              {"id":"t3","state":"created"}]}""";

    private static final String STATE = """
            "participants":[{"sid":"PAaa112233445566778899aabbccddeeff","identity":"bob","state":"reconnecting","revision":7,
              "tracks":[{"sid":"MT00112233445566778899aabbccddeeff","kind":"video","name":"cam","enabled":false,"priority":"high"}]}],
            %s,
            "subscribed":{"revision":6,"tracks":[{"id":"msid-1","sid":"MT00112233445566778899aabbccddeeff"},
              {"sid":"MT00112233445566778899aabbccddeeff","error":{"code":53404,"message":"No supported codec"}}]},
            "recording":{"is_recording":false,"revision":1},
            "peer_connections":[{"id":"pc1","description":{"type":"answer","revision":1,"sdp":"v=0"}},{"id":"pc2"}],
            "media_signaling":{"active_speaker":{"transport":{"type":"data-channel","label":"l1"}}}
            """.formatted(PUBLISHED);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static void assertWrites(ServerMessage message, String body) {
        assertThat(json(ServerFrameWriter.write(new ServerFrame.Message(message))))
                .isEqualTo(json("{\"type\":\"msg\",\"body\":" + body + "}"));
    }

    @Test
    void writesConnected() {
        SessionId session = new SessionId(ROOM + "." + SELF + "." + HEX);
        var notice = new SessionNotice.Connected(
                session,
                ROOM,
                "daily",
                SELF,
                "alice",
                Duration.ofSeconds(30),
                "eu1",
                SNAPSHOT,
                Map.of("active_speaker", "l1"),
                NODE);

        assertWrites(
                Notices.connected(notice, "us1"), """
                {"type":"connected","version":2,"session":"%s","sid":"RM00112233445566778899aabbccddeeff","name":"daily",
                 "participant":{"sid":"PA00112233445566778899aabbccddeeff","identity":"alice"},
                 "options":{"session_timeout":30.0,"signaling_region":"us1","media_region":"eu1","audio_processors":["krisp"]},
                 %s}""".formatted(session.value(), STATE.replace(PUBLISHED, CREATED)));
        assertWrites(Notices.published(notice).orElseThrow(), "{\"type\":\"update\",\"version\":2," + PUBLISHED + "}");
    }

    @Test
    void writesSyncedWithoutSessionAndOptions() {
        var notice =
                new SessionNotice.Synced(ROOM, "daily", SELF, "alice", SNAPSHOT, Map.of("active_speaker", "l1"), NODE);

        assertWrites(Notices.synced(notice), """
                {"type":"synced","version":2,"sid":"RM00112233445566778899aabbccddeeff","name":"daily",
                 "participant":{"sid":"PA00112233445566778899aabbccddeeff","identity":"alice"},%s}""".formatted(STATE));
    }

    @Test
    void writesOnlyChangedKeysOfAnUpdate() {
        assertWrites(
                Notices.update(
                        new SessionNotice.RoomChanged(List.of(), null, new SessionNotice.Subscribed(2, List.of()))),
                "{\"type\":\"update\",\"version\":2,\"subscribed\":{\"revision\":2,\"tracks\":[]}}");
        assertWrites(
                Notices.update(
                        new SessionNotice.RoomChanged(List.of(), null, null, new SessionNotice.Recording(true, 7))),
                "{\"type\":\"update\",\"version\":2,\"recording\":{\"is_recording\":true,\"revision\":7}}");
        assertWrites(
                Notices.update(new SessionNotice.RoomChanged(
                        List.of(new SessionNotice.RemoteParticipant(
                                OTHER, "bob", ParticipantStatus.DISCONNECTED, 9, List.of())),
                        null,
                        null)),
                """
                {"type":"update","version":2,"participants":[{"sid":"PAaa112233445566778899aabbccddeeff","identity":"bob",
                 "state":"disconnected","revision":9,"tracks":[]}]}""");
    }

    @Test
    void writesTheLabelsOfChannels() {
        assertWrites(Notices.update(new SessionNotice.Channels(Map.of("render_hints", "render_hints-1f"))), """
                {"type":"update","version":2,"media_signaling":{
                 "render_hints":{"transport":{"type":"data-channel","label":"render_hints-1f"}}}}""");
    }

    @Test
    void writesDescriptionsOfEveryType() {
        List<ConnectionDescription> all = List.of(
                new ConnectionDescription("a", new Description(Description.Type.OFFER, 2, "v=0")),
                new ConnectionDescription("b", new Description(Description.Type.CREATE_OFFER, 3, "")),
                new ConnectionDescription("c", new Description(Description.Type.CLOSE, 4, "")));

        assertWrites(Notices.update(new SessionNotice.Descriptions(all)), """
                {"type":"update","version":2,"peer_connections":[
                 {"id":"a","description":{"type":"offer","revision":2,"sdp":"v=0"}},
                 {"id":"b","description":{"type":"create-offer","revision":3}},
                 {"id":"c","description":{"type":"close","revision":4}}]}""");
    }

    private static final ConnectionCandidates CANDIDATES = new ConnectionCandidates(
            "pc3",
            "u1",
            9,
            List.of(
                    new IceCandidate("candidate:1 1 udp", "0", 0, "u1"),
                    new IceCandidate("", null, IceCandidate.NO_LINE, null)),
            true);
    private static final String ICE = """
            {"id":"pc3","ice":{"ufrag":"u1","revision":9,"complete":true,"candidates":[
              {"candidate":"candidate:1 1 udp","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"u1"},{"candidate":""}]}}""";

    @Test
    void writesCandidates() {
        assertWrites(
                Notices.update(new SessionNotice.Descriptions(List.of(), List.of(CANDIDATES))),
                "{\"type\":\"update\",\"version\":2,\"peer_connections\":[" + ICE + "]}");
    }

    @Test
    void writesARoomWithoutAMediaServer() {
        SessionId session = new SessionId(ROOM + "." + SELF + "." + HEX);
        var snapshot = new SessionNotice.RoomSnapshot(
                List.of(),
                new SessionNotice.Published(5, List.of()),
                new SessionNotice.Subscribed(6, List.of()),
                List.of(new SessionNotice.Connection(
                        "pc3",
                        new ConnectionDescription("pc3", new Description(Description.Type.OFFER, 2, "v=0")),
                        List.of(CANDIDATES))),
                new SessionNotice.Recording(false, 1));
        var notice = new SessionNotice.Connected(
                session, ROOM, "mesh", SELF, "alice", Duration.ofSeconds(30), "", snapshot, Map.of(), NODE);

        assertWrites(Notices.connected(notice, "us1"), """
                {"type":"connected","version":2,"session":"%s","sid":"RM00112233445566778899aabbccddeeff","name":"mesh",
                 "participant":{"sid":"PA00112233445566778899aabbccddeeff","identity":"alice"},
                 "options":{"session_timeout":30.0,"signaling_region":"us1","audio_processors":[]},
                 "participants":[],"published":{"revision":4,"tracks":[]},"subscribed":{"revision":6,"tracks":[]},
                 "recording":{"is_recording":false,"revision":1},
                 "peer_connections":[{"id":"pc3","description":{"type":"offer","revision":2,"sdp":"v=0"}},%s]}
                """.formatted(session.value(), ICE));
    }

    @Test
    void writesTheLastMessageOfASession() {
        assertWrites(Notices.ended(new SessionNotice.Ended(null)), "{\"type\":\"disconnected\",\"version\":2}");
        assertWrites(
                Notices.ended(new SessionNotice.Ended(RoomError.ROOM_COMPLETED)),
                "{\"type\":\"disconnected\",\"version\":2,\"status\":\"completed\"}");
        assertWrites(Notices.ended(new SessionNotice.Ended(RoomError.DUPLICATE_IDENTITY)), """
                {"type":"error","version":2,"code":53205,
                 "message":"Participant disconnected because of duplicate identity"}""");
    }

    @Test
    void writesTheFramesOfTheTransportLayer() {
        assertThat(ServerFrameWriter.write(new ServerFrame.Welcome(5000)))
                .isEqualTo("{\"type\":\"welcome\",\"negotiatedTimeout\":5000}");
        assertThat(ServerFrameWriter.write(new ServerFrame.Heartbeat())).isEqualTo("{\"type\":\"heartbeat\"}");
        assertThat(ServerFrameWriter.write(new ServerFrame.Busy(1000, false)))
                .isEqualTo("{\"type\":\"busy\",\"retryAfter\":1000,\"keepAlive\":false}");
        assertWrites(
                new ServerMessage.Iced(
                        List.of(new ServerMessage.IceServer(List.of("turn:t.example.com"), "u", "secret"))),
                """
                {"type":"iced","version":1,"ice_servers":[
                 {"urls":["turn:t.example.com"],"username":"u","credential":"secret"}]}""");
    }
}
