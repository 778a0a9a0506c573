package org.rotunda.load.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.Bot;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;

/**
 * The attacks of a participant who has a valid token and is in the room of the victims, and of a REST client with valid
 * credentials. Each method asserts how the node answers the attacker. Afterwards it calls {@code onDone}, which asserts
 * that the victims are unhurt. {@code docs/hostile-traffic.md} lists the attacks. Test thread only.
 */
final class InputAttacks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OFFERS = 6;
    private static final int WIDE_OFFERS = 10;

    /**
     * The growth of heap and direct memory, in bytes, that is accepted while a participant holds the widest offer. An
     * earlier node held 48 MiB.
     */
    private static final long OFFER_BYTES_MAX = 16 << 20;

    private static final int OPENS = 1_000;

    /**
     * The lowest number of {@link #OPENS} that must be refused. A client may open 192 channels, and 10 a second more.
     */
    private static final int OPENS_REFUSED_MIN = 700;

    private static final int DESCRIPTION_REFUSED = 53_403;
    private static final int MALFORMED = 53_004;
    private static final int ROOM_NAME_INVALID = 53_102;
    private static final int TRACK_NAME_INVALID = 53_303;
    private static final int SESSION_UNKNOWN = 53_204;
    private static final int ROOM_COMPLETED = 53_118;
    private static final int PARAMETER_INVALID = 20_001;

    /** The updates of the flood of bytes. They exceed the burst of 4 MiB, so the node pauses for about two seconds. */
    private static final int LONG_UPDATES = 180;

    private static final int LONG_UPDATE_CHARS = 30_000;

    /** The updates of the flood of frames. They exceed the burst of 500, so the node pauses for about a second. */
    private static final int SHORT_UPDATES = 560;

    private static final int LONG_ID_CHARS = 16 * 1024;

    /** Participants with silent handshakes in each of two rooms, together more than the 64 threads for handshakes. */
    private static final int SILENT_OF_EACH_ROOM = 36;

    private static final String SECOND_ROOM = "second-call";

    /** The longest time in which a participant connects during the silent handshakes, which last 10 s. */
    private static final Duration CONNECT_MAX = Duration.ofSeconds(8);

    /** The TCP connections of each kind that the node accepts. */
    private static final int QUIET_CONNECTIONS = 20;

    /** The TCP connections that come at once. */
    private static final int CONNECTION_FLOOD = 900;

    /** The TCP connections that a node accepts from one address, by default. */
    private static final int ADDRESS_CONNECTIONS_MAX = 500;

    private static final int FORGED = 200;
    private static final int FORGED_OF_EACH_STREAM = 25;
    private static final int INVENTED_SESSIONS = 20;
    private static final int REQUESTS = 320;
    private static final int LARGE_FORMS = 32;
    private static final int LARGE_FORM_BYTES = 300 * 1024; // The limit is 256 KiB.

    /** Half of a surrogate pair, as JSON. UTF-8 cannot express it. */
    private static final String SURROGATE = "\\ud800";

    private static final Pattern CONNECTION_ID = Pattern.compile("(\"peer_connections\":\\[\\{\"id\":\")[^\"]*");
    private static final Pattern TRACK_ID = Pattern.compile("(\"tracks\":\\[\\{\"id\":\")[^\"]*");
    private static final Pattern ROOM_NAME = Pattern.compile("(\"type\":\"connect\",\"version\":2,\"name\":\")[^\"]*");

    private final ObservedNode node;
    private final HostileCall call;
    private final HostileSignaling signaling;
    private final Rest rest;
    private final Consumer<String> onDone;
    private final @Nullable Footprint before;

    /**
     * @param recorded the signaling frames of a participant that joined
     * @param before the resources of the node without attacks; null if an attack need not be compared with them
     */
    InputAttacks(
            ObservedNode node,
            HostileCall call,
            List<String> recorded,
            @Nullable Footprint before,
            Consumer<String> onDone) {
        this.node = node;
        this.call = call;
        this.before = before;
        this.onDone = onDone;
        signaling = new HostileSignaling(node.signaling(), recorded, 0);
        rest = new Rest(node.url());
    }

    /** Carries out attacks that use much memory of the node, so that its pools reach their size. */
    void warmUp() throws IOException {
        offers();
        texts();
        requests();
    }

    void run() throws IOException {
        connections();
        handshakes();
        offers();
        channels();
        sources();
        updates();
        texts();
        requests();
    }

    /** TCP connections that bring no valid check. A participant who joins meanwhile must connect. */
    private void connections() throws IOException {
        InetSocketAddress media = Objects.requireNonNull(call.victim(0).wire().router(), "the victim has no router");
        Map<String, Double> before = tcpEnds();
        try (HostileConnections attack = new HostileConnections(media)) {
            attack.silent(QUIET_CONNECTIONS);
            attack.unfinished(QUIET_CONNECTIONS);
            attack.http(QUIET_CONNECTIONS);
            Duration connected = call.serveNewcomer("TCP connections");
            assertThat(connected).as("time to connect").isLessThan(CONNECT_MAX);
            Await.until(
                    () -> "TCP connections closed: " + tcpEnds(),
                    PATIENCE,
                    () -> tcpEnded("malformed", before) >= QUIET_CONNECTIONS
                            && tcpEnded("check_timeout", before) >= 2 * QUIET_CONNECTIONS);
            attack.silent(CONNECTION_FLOOD);
            Await.until(
                    () -> "TCP connections refused: " + tcpEnds(),
                    PATIENCE,
                    () -> tcpEnded("address_max", before) + tcpEnded("accept_rate", before)
                            >= CONNECTION_FLOOD - ADDRESS_CONNECTIONS_MAX);
        }
        Await.until(
                () -> "open TCP connections: " + node.metrics().sum("rotunda_media_tcp_connections"),
                PATIENCE,
                () -> node.metrics().sum("rotunda_media_tcp_connections") == 0);
        say("TCP connections: %s", tcpEnds());
        onDone.accept("TCP connections");
    }

    private Map<String, Double> tcpEnds() {
        return node.metrics().byLabel("rotunda_media_tcp_closed_total", "reason");
    }

    private double tcpEnded(String reason, Map<String, Double> before) {
        return tcpEnds().getOrDefault(reason, 0.0) - before.getOrDefault(reason, 0.0);
    }

    /** Many participants begin handshakes and never answer. A participant who joins meanwhile must connect. */
    private void handshakes() {
        Map<String, Long> drops = node.drops();
        byte[] clientHello = call.recordings().clientHello(); // Mallory sent it when she joined.
        Duration connected;
        try (HostileHandshakes silent = HostileHandshakes.start(
                node.signaling(), List.of(HostileCall.ROOM, SECOND_ROOM), SILENT_OF_EACH_ROOM, clientHello)) {
            Await.until(
                    () -> "ClientHellos: " + silent.begun(), PATIENCE, () -> silent.begun() == 2 * SILENT_OF_EACH_ROOM);
            connected = call.serveNewcomer("silent handshakes");
            rest.completeRoom(SECOND_ROOM);
        }
        Map<String, Long> more = HostileTrafficTest.since(drops, node.drops());
        say("silent handshakes: a participant connected in %d ms, %s", connected.toMillis(), more);
        assertThat(connected).as("time to connect").isLessThan(CONNECT_MAX);
        assertThat(more).containsKey("dtls_handshake_gave_way");
        onDone.accept("silent handshakes");
    }

    /** Offers with colliding SSRCs, offers with the most tracks, and at last an offer with too many m-lines. */
    private void offers() throws IOException {
        Map<String, Long> drops = node.drops();
        double slow = node.metrics().sum("rotunda_media_slow_turns_total");
        HostileParticipant offerer =
                HostileParticipant.join(node.signaling(), HostileCall.ROOM, "offerer", HostileOffers.colliding(1));
        for (int i = 2; i <= OFFERS; i++) {
            assertThat(offerer.offer(HostileOffers.colliding(i), PATIENCE))
                    .as("answer to offer %d", i)
                    .isTrue();
        }
        onDone.accept("the largest offers");
        for (int i = 1; i <= WIDE_OFFERS; i++) {
            assertThat(offerer.offer(HostileOffers.wide(HostileOffers.LINES_MAX, i), PATIENCE))
                    .as("answer to wide offer %d", i)
                    .isTrue();
        }
        Footprint alone = before;
        if (alone != null) {
            Footprint during = node.footprint(1);
            say("an offer of the most tracks is held: %s", during);
            assertThat(during.heapBytes() + during.directBytes() - alone.heapBytes() - alone.directBytes())
                    .as("bytes for one offer; before %s, now %s", alone, during)
                    .isLessThan(OFFER_BYTES_MAX);
        }
        assertThat(offerer.offer(HostileOffers.wide(2 * HostileOffers.LINES_MAX, 1), PATIENCE))
                .as("answer to an offer of too many m-lines")
                .isFalse();
        assertThat(offerer.end(PATIENCE).code()).isEqualTo(DESCRIPTION_REFUSED);
        Map<String, Long> more = HostileTrafficTest.since(drops, node.drops());
        say("offers: %.0f slow turns, %s", node.metrics().sum("rotunda_media_slow_turns_total") - slow, more);
        assertThat(more).containsKey("received_tracks_max");
        onDone.accept("offers of the most tracks");
    }

    /** Data channels with texts that are not UTF-8, and a flood of channels. Others must still be able to join. */
    private void channels() {
        Map<String, Long> drops = node.drops();
        HostileChannels channels = HostileChannels.over(call.freshMallory());
        byte[] label = {'l', 'a', 'b', 'e', 'l'};
        channels.open(1_000, label, notUtf8(400)); // Longer than the limit.
        channels.open(1_002, label, notUtf8(380));
        channels.open(1_004, notUtf8(128), new byte[0]);
        channels.open(1_006, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, label); // A surrogate.
        Await.until(
                () -> "four malformed channels: " + HostileTrafficTest.since(drops, node.drops()),
                PATIENCE,
                () -> rise(drops, "sctp_dcep_malformed") == 4);
        call.serveNewcomer("channels that are not UTF-8");

        channels.openMany(OPENS);
        Await.until(
                () -> "refused channels: " + HostileTrafficTest.since(drops, node.drops()),
                PATIENCE,
                () -> rise(drops, "sctp_channel_rate") + rise(drops, "sctp_channel_limit") >= OPENS_REFUSED_MIN);
        onDone.accept("a flood of data channels");
        call.serveNewcomer("a flood of data channels");
        call.malloryLeaves();
        say("data channels: %s", HostileTrafficTest.since(drops, node.drops()));
    }

    private static byte[] notUtf8(int bytes) {
        byte[] text = new byte[bytes];
        Arrays.fill(text, (byte) 0xFF);
        return text;
    }

    private long rise(Map<String, Long> before, String reason) {
        return HostileTrafficTest.since(before, node.drops()).getOrDefault(reason, 0L);
    }

    /** Packets in the name of a victim. */
    private void sources() {
        Map<String, Long> drops = node.drops();
        Bot mallory = call.freshMallory();
        Bot victim = call.victim(0);
        try (ForgedSources forged = new ForgedSources()) {
            forged.takeOver(mallory, victim, FORGED);
            Await.until(
                    "refused checks from the victim's address",
                    PATIENCE,
                    () -> rise(drops, "stun_address_held") >= FORGED);
            onDone.accept("checks from a victim's address");
            call.assertMalloryUnhurt();

            forged.guessPassword(mallory, victim, FORGED);
            Await.until(
                    () -> "refused checks with a wrong password: " + HostileTrafficTest.since(drops, node.drops()),
                    PATIENCE,
                    () -> rise(drops, "ice_bad_integrity") >= FORGED / 2
                            && rise(drops, "stun_address_held") >= FORGED + FORGED / 2);
            onDone.accept("checks with a victim's ufrag");

            Set<Integer> ssrcs = ForgedSources.ssrcsOf(victim);
            Await.until("the streams of the victim", PATIENCE, () -> ssrcs.size() >= 4); // Audio and three layers.
            victim.wire().setTap(null);
            int payloadType = call.recordings().plain(Protocol.RTP).get(0)[1] & 0x7F;
            ForgedSources.useStreams(mallory, ssrcs, payloadType, FORGED_OF_EACH_STREAM);
            Await.until(
                    () -> "refused packets: " + HostileTrafficTest.since(drops, node.drops()),
                    PATIENCE,
                    () -> rise(drops, "unknown_ssrc") >= (long) ssrcs.size() * FORGED_OF_EACH_STREAM);
            onDone.accept("packets with a victim's SSRCs");
        }
        call.malloryLeaves();
        say("forged sources: %s", HostileTrafficTest.since(drops, node.drops()));
    }

    /** Updates as fast as possible, first of many characters, then of many frames. The node reads them slowly. */
    private void updates() {
        for (boolean isLong : List.of(true, false)) {
            double throttled = node.metrics().sum("rotunda_signaling_throttled_total");
            double merged = node.metrics().sum("rotunda_rooms_updates_merged_total");
            int count = isLong ? LONG_UPDATES : SHORT_UPDATES;
            try (HostileParticipant flooder = join("flooder-" + count)) {
                for (int i = 0; i < count; i++) {
                    flooder.send(update(2 + i, isLong ? LONG_UPDATE_CHARS : 0));
                }
                Await.until(
                        "a pause in the flood",
                        PATIENCE,
                        () -> node.metrics().sum("rotunda_signaling_throttled_total") > throttled);
                onDone.accept("a flood of " + count + " updates");
            }
            say(
                    "flood of %d updates: %.0f pauses, %.0f merged",
                    count,
                    node.metrics().sum("rotunda_signaling_throttled_total") - throttled,
                    node.metrics().sum("rotunda_rooms_updates_merged_total") - merged);
        }
    }

    private HostileParticipant join(String identity) {
        return HostileParticipant.join(node.signaling(), HostileCall.ROOM, identity, HostileOffers.wide(1, 1));
    }

    /** Returns an update that switches a track on or off, with characters that the gateway reads and ignores. */
    private static String update(long revision, int ignoredChars) {
        return "{\"type\":\"msg\",\"body\":{\"type\":\"update\",\"version\":2,\"session\":\"s\",\"participant\":{"
                + "\"revision\":" + revision + ",\"tracks\":[{\"id\":\"flood\",\"kind\":\"data\",\"name\":\"flood\","
                + "\"enabled\":" + (revision % 2 == 0) + "}]},\"ignored\":\"" + "x".repeat(ignoredChars) + "\"}}";
    }

    /** Texts that are too long or cannot be stored, at the door and from a participant who is in the room. */
    private void texts() {
        double malformed = node.metrics().sum("rotunda_signaling_malformed_total");
        assertThat(refusal(CONNECTION_ID, "c".repeat(LONG_ID_CHARS)))
                .as("a long connection id")
                .isEqualTo(MALFORMED);
        assertThat(refusal(CONNECTION_ID, SURROGATE))
                .as("a connection id with a surrogate")
                .isEqualTo(MALFORMED);
        assertThat(refusal(TRACK_ID, "label" + SURROGATE))
                .as("the id of a data track with a surrogate")
                .isEqualTo(MALFORMED);
        assertThat(refusal(ROOM_NAME, "room" + SURROGATE))
                .as("a room name with a surrogate")
                .isEqualTo(ROOM_NAME_INVALID);
        for (int i = 0; i < INVENTED_SESSIONS; i++) {
            assertThat(signaling.refusalOf(sync(i), 10))
                    .as("an invented session")
                    .isEqualTo(SESSION_UNKNOWN);
        }

        HostileParticipant writer = join("writer");
        String track = "\"id\":\"t\",\"kind\":\"data\",\"enabled\":true,\"name\":\"name" + SURROGATE + '"';
        assertThat(writer.hears(
                        message("\"participant\":{\"revision\":2,\"tracks\":[{" + track + "}]}"),
                        body -> body.toString().contains("\"code\":" + TRACK_NAME_INVALID),
                        PATIENCE))
                .as("the track fails")
                .isTrue();
        assertThat(writer.isEnded()).isFalse();
        writer.send(message("\"participant\":{\"revision\":3,\"tracks\":[]},\"peer_connections\":[{\"id\":\""
                + "c".repeat(LONG_ID_CHARS) + "\"}]"));
        assertThat(writer.end(PATIENCE).code())
                .as("a long connection id in an update")
                .isEqualTo(MALFORMED);
        double more = node.metrics().sum("rotunda_signaling_malformed_total") - malformed;
        say("texts: %.0f frames refused", more);
        // The room name and the track name are errors of the room's protocol. A replay sends further malformed
        // frames if the refusal of the first one takes longer than usual.
        assertThat(more).isGreaterThanOrEqualTo(4);
        onDone.accept("texts that cannot be stored");
    }

    private int refusal(Pattern field, String value) {
        String replacement = "$1" + Matcher.quoteReplacement(value);
        return signaling.refusal(frame -> field.matcher(frame).replaceFirst(replacement), 10);
    }

    private static String message(String fields) {
        return "{\"type\":\"msg\",\"body\":{\"type\":\"update\",\"version\":2,\"session\":\"s\"," + fields + "}}";
    }

    /** Returns a hello that resumes a session of a room that does not exist. */
    private static String sync(int number) {
        String session = String.format(Locale.ROOT, "RM%032x.PA%032x.%032x", number, number, number);
        return "{\"type\":\"hello\",\"version\":2,\"id\":\"h\",\"timeout\":5000,\"body\":{\"type\":\"sync\","
                + "\"version\":2,\"name\":\"" + HostileCall.ROOM + "\",\"session\":\"" + session + "\",\"token\":\""
                + Tokens.forAnyRoom("resumer") + "\",\"participant\":{\"revision\":1,\"tracks\":[]},"
                + "\"peer_connections\":[]}}";
    }

    /** REST requests: texts that cannot be stored, a name that was no valid id of an entity, and floods. */
    private void requests() {
        assertThat(rest.tryRooms("UniqueName=%00").code()).as("NUL in a filter").isEqualTo(PARAMETER_INVALID);
        assertThat(rest.tryCreateRoom("room\0").code()).as("NUL in a name").isEqualTo(ROOM_NAME_INVALID);
        assertThat(rest.tryRoom("%ED%A0%80").status())
                .as("a surrogate in a path")
                .isEqualTo(404);

        String name = "a|b";
        String sid = rest.createRoom(name, Map.of()).path("sid").asText();
        try (HostileParticipant participant =
                HostileParticipant.join(node.signaling(), name, "mallory", HostileOffers.wide(1, 1))) {
            assertThat(participant.isEnded()).as("the participant is refused").isFalse();
            assertThat(rest.room("a%7Cb").path("sid").asText()).isEqualTo(sid);
            assertThat(rest.completeRoom(sid).path("status").asText()).isEqualTo("completed");
            assertThat(participant.end(PATIENCE).code()).isEqualTo(ROOM_COMPLETED);
        }

        HostileRequests requests = new HostileRequests(node.url());
        String room = "/v1/Rooms/" + HostileCall.ROOM;
        Map<Integer, Integer> valid = requests.get(room, Tokens.AUTH_TOKEN, REQUESTS);
        Map<Integer, Integer> forbidden = requests.get(room, "wrong", REQUESTS);
        Map<Integer, Integer> large = requests.post("/v1/Rooms", LARGE_FORM_BYTES, LARGE_FORMS);
        say("requests: valid %s, without credentials %s, large %s", valid, forbidden, large);
        assertThat(valid).containsOnlyKeys(200);
        assertThat(forbidden).containsOnlyKeys(401);
        assertThat(large.keySet()).isSubsetOf(413, HostileRequests.NO_ANSWER);
        onDone.accept("floods of requests");
    }

    private static void say(String format, Object... values) {
        HostileTrafficTest.say(format, values);
    }
}
