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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.ParticipantSid;
import org.rotunda.room.RoomCommand;
import org.rotunda.room.RoomSid;
import org.rotunda.room.mediaplane.MediaNode;

/** What browser tests share in one JVM: a node of the product, one Chromium, and the page server. */
final class Rig implements AutoCloseable {
    /** Short, so that the test of its end is; long enough for a client that notices a dead network. */
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
                "rotunda.media.port",
                "0",
                "rotunda.management.port",
                "0",
                "rotunda.rooms.session-timeout",
                SESSION_TIMEOUT.toSeconds() + "s",
                "rotunda.db.url",
                "\"jdbc:h2:file:" + data.resolve("rotunda") + "\"")));
    }

    /** Stops the node and starts another on the same port and database: room and media begin anew from the journal. */
    void restart() {
        int port = URI.create(node.httpUrl()).getPort();
        node.close();
        node = start(port);
    }

    Rest rest() {
        return new Rest(node.httpUrl());
    }

    /** Fails the signaling socket of a participant, as a node does that stops: the client is to come back. */
    void failSocket(String participantSid) {
        node.failSocket(new ParticipantSid(participantSid));
    }

    /** Asks the room, through the seam that adaptivity uses, to send a subscriber no more than these layers. */
    void limitLayers(String roomSid, String subscriberSid, String trackSid, LayerLimit layers) {
        Layers.limit(node, roomSid, subscriberSid, trackSid, layers);
    }

    /** Asks the room to leave a media node, as a drain does. */
    void moveTransports(String roomSid, String fromNode) {
        node.rooms()
                .room(new RoomSid(roomSid))
                .<Done>askWithStatus(replyTo -> new RoomCommand.MoveTransports(fromNode, replyTo), ANSWER)
                .toCompletableFuture()
                .join();
    }

    /** The media node of a rig that has one. */
    String onlyMediaNode() {
        assertThat(node.mediaNodes().live()).hasSize(1);
        return node.mediaNodes().live().get(0).id();
    }

    /** Starts another media node, with sockets and keys of its own, and waits until rooms can use it. */
    void startMediaNode(String id) {
        node.startAnotherMediaNode(id);
        awaitMediaNode(id, true);
    }

    /** Kills a media node: its sockets are gone without a word to anybody. Does not wait until it is missed. */
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

    String signalingUrl() {
        return node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
    }

    /** A room name no other test uses. */
    String freshRoom() {
        return "room-" + roomNumber.incrementAndGet();
    }

    CallPage page(String identity) {
        return pages.page(identity, signalingUrl());
    }

    /** The product's own page, joined as a visitor does by its form. */
    Page demoPage(String name, String room) {
        Page page = demoLobby(name, room);
        page.locator("#enter").click();
        return page;
    }

    /** The product's own page with its form filled in, not joined yet. */
    Page demoLobby(String name, String room) {
        String query = "/?name=" + encode(name) + "&room=" + encode(room);
        return pages.page(name, signalingUrl(), node.httpUrl() + query).page();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Ends every page of the test that is over. */
    void closePages() {
        pages.closeAll();
    }

    @Override
    public void close() {
        pages.close();
        node.close();
    }
}
