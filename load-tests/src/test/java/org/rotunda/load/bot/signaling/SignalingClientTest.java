package org.rotunda.load.bot.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.Description;

/** Tests that the client follows the SDK's rules. The test sets the time itself. */
class SignalingClientTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONNECTED = """
        {"type":"connected","session":"s1","sid":"RM1","name":"room","participant":{"sid":"PA1","identity":"bot"},
         "options":{"session_timeout":30},"participants":[]}\
        """;

    /** A fake socket that lets a test act as the gateway. */
    private static final class FakeLink implements SignalingLink {
        private final SignalingSocket.Listener listener;
        private final Queue<JsonNode> sent = new ArrayDeque<>();
        private int closeCode;

        FakeLink(SignalingSocket.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void send(JsonNode frame) {
            sent.add(frame);
        }

        @Override
        public void sendText(String text) {
            sent.add(parse(text));
        }

        @Override
        public void close(int code) {
            closeCode = closeCode == 0 ? code : closeCode;
        }

        @Override
        public void abort() {
            listener.onClosed(SignalingSocket.ABNORMAL);
        }

        JsonNode take() {
            JsonNode frame = sent.poll();
            if (frame == null) {
                throw new AssertionError("nothing was sent");
            }
            return frame;
        }

        void receive(String frame) {
            listener.onFrame(parse(frame));
        }

        void welcome() {
            receive("{\"type\":\"welcome\",\"negotiatedTimeout\":5000}");
        }

        void message(String body) {
            receive("{\"type\":\"msg\",\"body\":" + body + "}");
        }
    }

    private record Task(long atMs, Runnable action) {}

    private static final class Peer implements SignalingPeer {
        private final List<Description> descriptions = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private @Nullable SignalingEnd end;

        @Override
        public List<Track> tracks() {
            return List.of(new Track("t1", "audio", "microphone"));
        }

        @Override
        public Description description() {
            return new Description(Description.Type.OFFER, 1, "v=0");
        }

        @Override
        public void onRoom(JsonNode body) {
            log.add(body.path("type").asText());
        }

        @Override
        public void onDescription(Description description) {
            descriptions.add(description);
        }

        @Override
        public void onNewConnection() {
            log.add("new connection");
        }

        @Override
        public void onReconnecting() {
            log.add("reconnecting");
        }

        @Override
        public void onResumed() {
            log.add("resumed");
        }

        @Override
        public void onEnded(SignalingEnd ended) {
            end = ended;
        }
    }

    private final Peer peer = new Peer();
    private final List<FakeLink> links = new ArrayList<>();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) -> Long.compare(a.atMs(), b.atMs()));
    private long nowMs = 1_000;
    private final SignalingClient client = new SignalingClient(
            new SignalingClient.Settings(URI.create("ws://gateway/signaling"), () -> "token", "room", true),
            peer,
            listener -> {
                FakeLink link = new FakeLink(listener);
                links.add(link);
                return link;
            },
            (delayMs, task) -> tasks.add(new Task(nowMs + delayMs, task)),
            () -> nowMs * 1_000_000L);

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private FakeLink link() {
        return links.get(links.size() - 1);
    }

    private void pass(long ms) {
        long end = nowMs + ms;
        for (Task next = tasks.peek(); next != null && next.atMs() <= end; next = tasks.peek()) {
            tasks.remove();
            nowMs = next.atMs();
            next.action().run();
        }
        nowMs = end;
    }

    /** Opens the latest socket. */
    private FakeLink open() {
        link().listener.onOpen();
        return link();
    }

    private FakeLink inRoom() {
        FakeLink link = open();
        link.welcome();
        link.take();
        link.message("{\"type\":\"iced\",\"ice_servers\":[]}");
        link.take();
        link.message(CONNECTED);
        return link;
    }

    @BeforeEach
    void connect() {
        client.connect();
    }

    @Test
    void theClientAsksForIceServersAndThenConnects() {
        FakeLink link = open();
        JsonNode hello = link.take();
        assertThat(hello.path("type").asText()).isEqualTo("hello");
        assertThat(hello.path("version").asInt()).isEqualTo(2);
        assertThat(hello.path("body").path("type").asText()).isEqualTo("ice");
        assertThat(hello.path("body").path("token").asText()).isEqualTo("token");
        link.welcome();
        link.message("{\"type\":\"iced\",\"ice_servers\":[]}");

        JsonNode connect = link.take().path("body");
        assertThat(connect.path("type").asText()).isEqualTo("connect");
        // The SDK starts with revision 1, and the first track makes revision 2.
        assertThat(connect.path("participant").path("revision").asInt()).isEqualTo(2);
        assertThat(connect.at("/participant/tracks/0/id").asText()).isEqualTo("t1");
        assertThat(connect.at("/peer_connections/0/description/type").asText()).isEqualTo("offer");
        assertThat(connect.at("/subscribe/rules/0/type").asText()).isEqualTo("include");
        link.message(CONNECTED);
        assertThat(client.roomSid()).isEqualTo("RM1");
        assertThat(client.participantSid()).isEqualTo("PA1");
    }

    @Test
    void theSocketIsClosedAfterThreeHellosWithoutAWelcome() {
        FakeLink link = open();
        pass(20_000);

        assertThat(link.sent).hasSize(3);
        assertThat(link.sent.stream().map(hello -> hello.path("id").asText()).distinct())
                .hasSize(3);
        assertThat(link.closeCode).isEqualTo(3000);
    }

    @Test
    void aBusyServerIsAskedAgainWithItsCookie() {
        FakeLink link = open();
        link.take();
        link.receive("{\"type\":\"busy\",\"retryAfter\":700,\"keepAlive\":true,\"cookie\":\"c\"}");
        pass(699);
        assertThat(link.sent).isEmpty();
        pass(1);
        assertThat(link.take().path("cookie").asText()).isEqualTo("c");

        link.receive("{\"type\":\"busy\",\"retryAfter\":900,\"keepAlive\":false,\"cookie\":\"d\"}");
        assertThat(link.closeCode).isEqualTo(3005);
        link.listener.onClosed(3005);
        pass(900);
        assertThat(links).hasSize(2);
        assertThat(open().take().path("cookie").asText()).isEqualTo("d");

        link().receive("{\"type\":\"busy\",\"retryAfter\":-1}");
        assertThat(peer.end).isEqualTo(new SignalingEnd(53006, "the server is busy"));
    }

    @Test
    void aLostSocketIsReplacedAndTheSessionGoesOn() {
        inRoom().listener.onClosed(1011);
        pass(200);
        FakeLink second = open();
        JsonNode sync = second.take().path("body");
        assertThat(sync.path("type").asText()).isEqualTo("sync");
        assertThat(sync.path("session").asText()).isEqualTo("s1");
        assertThat(sync.at("/peer_connections/0/description/sdp").asText()).isEqualTo("v=0");
        second.welcome();
        second.message("{\"type\":\"synced\"}");

        assertThat(second.take().path("body").path("type").asText()).isEqualTo("update");
        assertThat(client.resumptions()).isEqualTo(1);
        assertThat(peer.log).containsExactly("connected", "reconnecting", "synced", "resumed");
        assertThat(peer.end).isNull();
    }

    @Test
    void aSessionThatCannotBeResumedInTimeEnds() {
        inRoom().listener.onClosed(1006);
        for (int i = 0; i < 200 && peer.end == null; i++) {
            pass(500);
            if (link().closeCode == 0) {
                link().listener.onClosed(1006);
            }
        }

        assertThat(peer.end).isNotNull().extracting(SignalingEnd::code).isEqualTo(53001);
        assertThat(nowMs).isBetween(31_000L, 45_000L);
        assertThat(links.size()).isGreaterThan(5);
    }

    @Test
    void aNormalCloseEndsTheRoomWithoutAnError() {
        inRoom().listener.onClosed(1000);
        assertThat(peer.end).isNotNull().extracting(SignalingEnd::isError).isEqualTo(false);
    }

    @Test
    void anIdleSocketSendsHeartbeatsAndIsClosedWhenNoneArrive() {
        FakeLink link = inRoom();
        pass(4_799);
        assertThat(link.sent).isEmpty();
        pass(1);
        assertThat(link.take().path("type").asText()).isEqualTo("heartbeat");
        link.receive("{\"type\":\"heartbeat\"}");
        pass(14_900);
        assertThat(link.closeCode).isZero();
        pass(5_000);
        assertThat(link.closeCode).isEqualTo(3001);
    }

    @Test
    void aNewPeerConnectionReplacesTheOldOne() {
        FakeLink link = inRoom();
        link.message("""
            {"type":"update","peer_connections":[{"id":"new","description":{"type":"create-offer","revision":1}}]}\
            """);
        link.message("""
            {"type":"update","peer_connections":[{"id":"unknown","description":{"type":"offer","revision":7,"sdp":"x"}}]}\
            """);
        link.message("""
            {"type":"update","peer_connections":[{"id":"new","description":{"type":"answer","revision":2,"sdp":"y"}}]}\
            """);

        assertThat(peer.log).contains("new connection");
        assertThat(peer.descriptions)
                .containsExactly(
                        new Description(Description.Type.CREATE_OFFER, 1, ""),
                        new Description(Description.Type.ANSWER, 2, "y"));
        client.sendDescription(new Description(Description.Type.OFFER, 2, "z"));
        JsonNode last = parse("{}");
        while (!link.sent.isEmpty()) {
            last = link.take();
        }
        assertThat(last.at("/body/peer_connections/0/id").asText()).isEqualTo("new");
    }

    @Test
    void anErrorMessageEndsTheSession() {
        inRoom().message("{\"type\":\"error\",\"code\":53205,\"message\":\"duplicate\"}");
        assertThat(peer.end).isEqualTo(new SignalingEnd(53205, "duplicate"));
        assertThat(link().closeCode).isEqualTo(1000);
    }

    @Test
    void leavingSendsDisconnectAndGoodbye() {
        FakeLink link = inRoom();
        client.leave();

        assertThat(link.take().at("/body/type").asText()).isEqualTo("disconnect");
        assertThat(link.take().path("type").asText()).isEqualTo("bye");
        assertThat(link.closeCode).isEqualTo(1000);
        assertThat(peer.end).isEqualTo(SignalingEnd.LEFT);
    }
}
