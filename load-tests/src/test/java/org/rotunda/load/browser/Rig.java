package org.rotunda.load.browser;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.room.ParticipantSid;
import org.rotunda.room.RoomCommand;
import org.rotunda.room.RoomSid;
import org.rotunda.room.TrackSid;

/** What browser tests share in one JVM: a node of the product, one Chromium, and the page server. */
final class Rig implements AutoCloseable {
    static final String ACCOUNT = "AC00000000000000000000000000000001";
    static final String AUTH_TOKEN = "dev-auth-token";
    static final String KEY = "SK00000000000000000000000000000001";
    static final String SECRET = "dev-api-key-secret";
    /** Short, so that the test of its end is; long enough for a client that notices a dead network. */
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(20);

    private static final Duration TOKEN_LIFE = Duration.ofHours(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final RotundaNode node;
    private final PageServer pages = new PageServer();
    private final Chromium chromium;
    private final List<CallPage> open = new ArrayList<>();
    private final AtomicInteger roomNumber = new AtomicInteger();

    Rig(Chromium chromium) throws IOException {
        this.chromium = chromium;
        Path data = Files.createTempDirectory("rotunda-browser-tests");
        node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.media.port", "0",
                "rotunda.management.port", "0",
                "rotunda.rooms.session-timeout", SESSION_TIMEOUT.toSeconds() + "s",
                "rotunda.db.url", "\"jdbc:h2:file:" + data.resolve("rotunda") + "\"")));
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
        node.rooms()
                .room(new RoomSid(roomSid))
                .<StatusReply<Done>>ask(
                        replyTo -> new RoomCommand.LimitLayers(
                                new ParticipantSid(subscriberSid), new TrackSid(trackSid), layers, replyTo),
                        ANSWER)
                .toCompletableFuture()
                .join();
    }

    RotundaNode node() {
        return node;
    }

    String signalingUrl() {
        return node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
    }

    /**
     * A good token for every room. Not made by twilio-java, whose JWT library refuses secrets as short as the
     * developer one.
     */
    String token(String identity) {
        return token(identity, Map.of());
    }

    /** A token that grants one room only. */
    String token(String identity, String room) {
        return token(identity, Map.of("room", room));
    }

    private static String token(String identity, Map<String, String> videoGrant) {
        Instant now = Instant.now();
        return JWT.create()
                .withHeader(Map.of("cty", "twilio-fpa;v=1"))
                .withIssuer(KEY)
                .withSubject(ACCOUNT)
                .withIssuedAt(now)
                .withExpiresAt(now.plus(TOKEN_LIFE))
                .withJWTId(KEY + "-" + now.getEpochSecond())
                .withClaim("grants", Map.of("identity", identity, "video", videoGrant))
                .sign(Algorithm.HMAC256(SECRET));
    }

    /** A room name no other test uses. */
    String freshRoom() {
        return "room-" + roomNumber.incrementAndGet();
    }

    CallPage page(String identity) {
        return pageVia(identity, pages.url());
    }

    private CallPage pageVia(String identity, String url) {
        CallPage page = new CallPage(this, identity, chromium.context(), url);
        open.add(page);
        return page;
    }

    /** Ends every page of the test that is over. */
    void closePages() {
        open.forEach(CallPage::close);
        open.clear();
    }

    @Override
    public void close() {
        closePages();
        pages.close();
        node.close();
    }
}
