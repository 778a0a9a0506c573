package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.Rest;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/** The set-up that browser tests of one JVM share: a node of the product, Chromium, and the page server. */
final class Rig implements AutoCloseable {
    /**
     * The session timeout. It is short so that the test of its expiry takes little time, but long enough for a client
     * to notice a dead network.
     */
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private RotundaNode node;
    private final Path data;
    private final Pages pages;
    private final AtomicInteger roomNumber = new AtomicInteger();

    Rig(Chromium chromium) throws IOException {
        pages = new Pages(chromium);
        data = Files.createTempDirectory("rotunda-browser-tests");
        node = start(0);
    }

    private RotundaNode start(int httpPort) {
        return RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port",
                Integer.toString(httpPort),
                "rotunda.media.bind",
                "127.0.0.1",
                "rotunda.media.port",
                "0",
                "rotunda.management.port",
                "0",
                "rotunda.rooms.session-timeout",
                SESSION_TIMEOUT.toSeconds() + "s",
                "rotunda.db.url",
                "\"" + databaseUrl() + "\"")));
    }

    /**
     * Stops the node and starts another node on the same port and database. The new node recovers the rooms from the
     * journal.
     */
    void restart() {
        int port = URI.create(node.httpUrl()).getPort();
        node.close();
        node = start(port);
    }

    Rest rest() {
        return new Rest(node.httpUrl());
    }

    /** Fails the signaling socket of a participant, as a stopping node does to make the client resume elsewhere. */
    void failSocket(String participantSid) {
        node.failSocket(new ParticipantSid(participantSid));
    }

    /** Sends the room the command that limits the layers of a track for one subscriber. */
    void limitLayers(String roomSid, String subscriberSid, String trackSid, LayerLimit layers) {
        Layers.limit(node, roomSid, subscriberSid, trackSid, layers);
    }

    /** Asks the room to move its transports off a media node, as a drain does. */
    void moveTransports(String roomSid, String fromNode) {
        node.rooms()
                .room(new RoomSid(roomSid))
                .<Done>askWithStatus(replyTo -> new RoomCommand.MoveTransports(fromNode, replyTo), ANSWER)
                .toCompletableFuture()
                .join();
    }

    /**
     * Creates a room whose participants may stay no longer than this. The REST API allows nothing shorter than ten
     * minutes.
     */
    void createRoomWithLongestStay(String name, Duration stay) {
        node.rooms()
                .create(
                        new AccountSid(Tokens.ACCOUNT),
                        name,
                        new RoomProperties(
                                RoomType.GROUP,
                                10,
                                Math.toIntExact(stay.toSeconds()),
                                1,
                                1,
                                false,
                                List.of(VideoCodec.VP8),
                                "us1",
                                false,
                                false,
                                null,
                                "POST"))
                .toCompletableFuture()
                .join();
    }

    /** Returns the id of the only media node. */
    String onlyMediaNode() {
        assertThat(node.mediaNodes().live()).hasSize(1);
        return node.mediaNodes().live().get(0).id();
    }

    /** Starts another media node with its own sockets and keys, and waits until rooms can use it. */
    void startMediaNode(String id) {
        node.startAnotherMediaNode(id);
        awaitMediaNode(id, true);
    }

    /** Stops a media node without telling its clients or its rooms, and does not wait until the loss is noticed. */
    void stopMediaNode(String id) {
        node.mediaNodes().find(id).orElseThrow().tell(new MediaNode.Stop());
    }

    void awaitMediaNode(String id, boolean there) {
        Instant deadline = Instant.now().plus(CallPage.PATIENCE);
        while (node.mediaNodes().find(id).isPresent() != there) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("media node " + id + (there ? " did not come" : " was not missed"));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    RotundaNode node() {
        return node;
    }

    /** Returns the URL of the node's database, which other connections of this process can use, too. */
    String databaseUrl() {
        return "jdbc:h2:file:" + data.resolve("rotunda");
    }

    String signalingUrl() {
        return node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
    }

    /** Returns a room name that no other test of this rig uses. */
    String freshRoom() {
        return "room-" + roomNumber.incrementAndGet();
    }

    CallPage page(String identity) {
        return pages.page(identity, signalingUrl());
    }

    /** Opens the product's demo page and joins through its form, as a visitor does. */
    Page demoPage(String name, String room) {
        Page page = demoLobby(name, room);
        page.locator("#enter").click();
        return page;
    }

    /** Opens the product's demo page and fills in its form, but does not join. */
    Page demoLobby(String name, String room) {
        String query = "/?name=" + encode(name) + "&room=" + encode(room);
        return pages.page(name, signalingUrl(), node.httpUrl() + query).page();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Closes all pages at the end of a test. */
    void closePages() {
        pages.closeAll();
    }

    @Override
    public void close() {
        pages.close();
        node.close();
    }
}
