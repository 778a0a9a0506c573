package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.turn.TurnCredentials;
import org.rotunda.load.client.Tokens;
import org.rotunda.node.RotundaNode;
import org.rotunda.node.config.NodeConfiguration;
import org.rotunda.node.turn.DevTurnServer;

/**
 * Tests the stock SDK with the TURN server that {@code rotunda dev} starts: calls of clients that only take relays, and
 * the SDK's preflight test, which takes a relay always.
 */
@Tag("browser")
@ExtendWith(ChromiumExtension.class)
class TurnTest {
    private static final String RELAY_ADDRESS = "127.0.0.2";
    private static final Map<String, Object> RELAYS_ONLY = Map.of("iceTransportPolicy", "relay");
    private static final int INVALID_ACCESS_TOKEN = 20101;
    private static final int MEDIA_CONNECTION_FAILED = 53405;

    private static DevTurnServer turn;
    private static Config config;
    private static RotundaNode node;
    private static Pages pages;

    /** Starts a node with the settings of {@code dev}. Its media are on the address that {@code dev} finds. */
    @BeforeAll
    static void start(Chromium chromium, @TempDir Path directory) throws IOException {
        Config dev = NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.media.port", "0",
                "rotunda.management.port", "0",
                "rotunda.turn.dev-directory", "\"" + directory + "\"",
                "rotunda.db.url", "\"jdbc:h2:mem:turn-test;DB_CLOSE_DELAY=-1\""));
        turn = DevTurnServer.start(dev);
        assertThat(turn.isRunning()).as(turn.describe()).isTrue();
        config = turn.configure(dev);
        node = RotundaNode.start(config);
        pages = new Pages(chromium);
    }

    @AfterEach
    void closePages() {
        pages.closeAll();
    }

    @AfterAll
    static void stop() {
        pages.close();
        node.close();
        turn.close();
    }

    private static String signalingUrl() {
        return node.httpUrl().replaceFirst("^http", "ws") + "/signaling";
    }

    private static CallPage page(String identity) {
        CallPage page = pages.page(identity, signalingUrl());
        page.addScript("/turn.js");
        return page;
    }

    @Test
    void clientsThatOnlyTakeRelaysHaveAGroupCall() {
        GroupCall call = GroupCall.join(List.of(page("alice"), page("bob")), "relayed", 320, 180, 15, RELAYS_ONLY);

        call.awaitFlowing();

        call.assertEverybodySeesHearsAndReadsEverybody(8);
        call.pages().forEach(page -> assertRelayed(page, "udp", "tcp"));
    }

    /** The second client has no relay, as most clients. */
    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aClientReachesItsRelayOverEitherTransport(String transport) {
        String room = "mixed-" + transport;
        CallPage bob = page("bob");
        bob.join(room, GroupCall.everything("bob", 320, 180, 15), Map.of());
        CallPage alice = page("alice");
        TurnCredentials credentials = TurnCredentials.issue(
                Secret.of(config.getString("rotunda.turn.secret")), "alice", Instant.now(), Duration.ofMinutes(5));
        String url = config.getStringList("rotunda.turn.urls").stream()
                .filter(each -> each.endsWith("?transport=" + transport))
                .findFirst()
                .orElseThrow();
        alice.join(
                room,
                GroupCall.everything("alice", 320, 180, 15),
                Map.of(
                        "iceTransportPolicy",
                        "relay",
                        "iceServers",
                        List.of(Map.of(
                                "urls", List.of(url),
                                "username", credentials.username(),
                                "credential", credentials.password()))));

        List.of(alice, bob).forEach(page -> MediaExpectations.awaitFlowing(page, 2));
        assertRelayed(alice, transport);
        assertThat(CallPage.<Map<String, Object>>castList(bob.evaluate("() => turn.selectedPairs()")))
                .extracting(pair -> pair.get("localType"))
                .isNotEmpty()
                .doesNotContain("relay");
    }

    @Test
    void credentialsOfAnotherSecretGiveNoRelay() {
        CallPage alice = page("alice");
        TurnCredentials forged =
                TurnCredentials.issue(Secret.of("another secret"), "alice", Instant.now(), Duration.ofMinutes(5));

        alice.join(
                "forged",
                GroupCall.everything("alice", 320, 180, 15),
                Map.of(
                        "iceTransportPolicy",
                        "relay",
                        "iceServers",
                        List.of(Map.of(
                                "urls", config.getStringList("rotunda.turn.urls"),
                                "username", forged.username(),
                                "credential", forged.password()))));

        alice.await(
                "the report that there is no media",
                "code => call.events.some(event => event.name === 'reconnecting' && event.code === code)",
                MEDIA_CONNECTION_FAILED);
        assertThat(CallPage.castList(alice.evaluate("() => turn.localCandidates()")))
                .isEmpty();
    }

    /**
     * Asserts that all media of a page go through a relay, and that the page has no other candidate.
     *
     * @param transports the transports of which the page may use one to reach its relay
     */
    private static void assertRelayed(CallPage page, String... transports) {
        List<Map<String, Object>> pairs = CallPage.castList(page.evaluate("() => turn.selectedPairs()"));
        assertThat(pairs).as("%s's connections", page.identity()).hasSize(1);
        Map<String, Object> pair = pairs.get(0);
        assertThat(pair)
                .as("%s's pair", page.identity())
                .containsEntry("localType", "relay")
                .containsEntry("localAddress", RELAY_ADDRESS)
                .containsEntry("remoteAddress", node.settings().media().bind())
                .containsEntry("state", "succeeded");
        assertThat(pair.get("relayProtocol")).isIn((Object[]) transports);
        assertThat(MediaExpectations.number(pair, "bytesReceived")).isPositive();
        assertThat(CallPage.<Map<String, Object>>castList(page.evaluate("() => turn.localCandidates()")))
                .extracting(candidate -> candidate.get("candidateType"))
                .isNotEmpty()
                .containsOnly("relay");
    }

    @Test
    void aPreflightTestCompletesWithAReport() {
        CallPage page = page("alice");

        Map<String, Object> outcome = preflight(page, Tokens.forAnyRoom("alice"), Map.of());

        assertThat(outcome).as("%s", outcome).doesNotContainKey("error");
        assertThat(CallPage.<String>list(outcome, "progress"))
                .contains(
                        "mediaAcquired",
                        "connected",
                        "mediaSubscribed",
                        "mediaStarted",
                        "iceConnected",
                        "dtlsConnected",
                        "peerConnectionConnected");
        Map<String, Object> report = CallPage.object(outcome, "report");
        assertThat(MediaExpectations.number(CallPage.object(report, "testTiming"), "duration"))
                .isGreaterThan(2000);
        Map<String, Object> timing = CallPage.object(report, "networkTiming");
        assertThat(timing).containsOnlyKeys("dtls", "ice", "peerConnection", "connect", "media");
        timing.keySet()
                .forEach(step ->
                        assertThat(CallPage.object(timing, step)).as(step).containsKeys("start", "end", "duration"));
        Map<String, Object> stats = CallPage.object(report, "stats");
        assertThat(stats).containsOnlyKeys("jitter", "rtt", "packetLoss");
        stats.keySet()
                .forEach(kind ->
                        assertThat(CallPage.object(stats, kind)).as(kind).containsKeys("min", "max", "average"));
        Map<String, Object> pair = CallPage.object(report, "selectedIceCandidatePairStats");
        // The statistics are those of the receiver, whose remote candidate is the relay of the sender.
        assertThat(CallPage.object(pair, "remoteCandidate"))
                .containsEntry("candidateType", "relay")
                .containsEntry("address", RELAY_ADDRESS);
        assertThat(CallPage.object(pair, "localCandidate")).containsKeys("candidateType", "protocol");
        assertThat(CallPage.<Map<String, Object>>list(report, "iceCandidateStats"))
                .extracting(candidate -> candidate.get("candidateType"))
                .contains("relay");
        assertThat(CallPage.<Map<String, Object>>list(report, "progressEvents"))
                .hasSize(7)
                .allSatisfy(event -> assertThat(event).containsKeys("duration", "name"));
        assertThat(MediaExpectations.number(CallPage.object(report, "mos"), "average"))
                .isGreaterThan(1);
    }

    @Test
    void aPreflightTestWithABadTokenFailsWithTheErrorOfTheToken() {
        Map<String, Object> outcome = preflight(page("alice"), "nonsense", Map.of());

        assertThat(CallPage.object(outcome, "error")).containsEntry("code", INVALID_ACCESS_TOKEN);
        assertThat(CallPage.<String>list(outcome, "progress")).containsExactly("mediaAcquired");
    }

    /**
     * The preflight test always opens a second socket, for its report, with the token. No option names its address, but
     * the text of {@code environment} becomes a part of it.
     */
    @Test
    void theReportOfAPreflightTestCanBeKeptFromOtherHosts() {
        String own = URI.create(node.httpUrl()).getAuthority();

        CallPage page = page("alice");
        preflight(page, "nonsense", Map.of("environment", "x@" + own + "/v1/VideoEvents?"));

        assertThat(socketHosts(page)).hasSizeGreaterThan(1).containsOnly(own);
        CallPage other = page("bob");
        preflight(other, "nonsense", Map.of());
        assertThat(socketHosts(other)).contains(own, "sdkgw.us1.twilio.com");
    }

    private static List<String> socketHosts(CallPage page) {
        return CallPage.castList(page.evaluate("() => call.sockets.map(socket => new URL(socket.url).host)"));
    }

    private static Map<String, Object> preflight(CallPage page, String token, Map<String, Object> options) {
        page.evaluate(
                "([token, options]) => { turn.preflight(token, options); }",
                token,
                merged(options, Map.of("wsServer", signalingUrl(), "duration", 3000)));
        page.await("the end of the preflight test", "() => turn.outcome !== null");
        return CallPage.cast(page.evaluate("() => turn.outcome"));
    }

    private static Map<String, Object> merged(Map<String, Object> some, Map<String, Object> others) {
        Map<String, Object> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }
}
