package org.rotunda.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.IllegalHeaderException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.gateway.GatewaySettings;
import org.rotunda.gateway.account.AccountAdmin;
import org.rotunda.gateway.account.AccountDirectory;
import org.rotunda.gateway.account.AccountStatistics;
import org.rotunda.gateway.auth.AccessTokens;
import org.rotunda.gateway.auth.SecretBox;
import org.rotunda.gateway.connection.GatewayStatistics;
import org.rotunda.gateway.connection.Sessions;
import org.rotunda.gateway.connection.SignalingFlow;
import org.rotunda.gateway.insights.InsightsFlow;
import org.rotunda.gateway.insights.InsightsStatistics;
import org.rotunda.gateway.limit.LimitStatistics;
import org.rotunda.gateway.limit.RequestLimits;
import org.rotunda.gateway.rest.RoomDefaults;
import org.rotunda.gateway.rest.VideoApi;
import org.rotunda.gateway.testkit.FakeAccounts;
import org.rotunda.gateway.testkit.FakeCallbacks;
import org.rotunda.gateway.testkit.FakeErasure;
import org.rotunda.gateway.testkit.FakeInsights;
import org.rotunda.gateway.testkit.FakeRooms;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.StorableText;

/**
 * Fuzzes the routes of the HTTP port: credentials, paths, queries, forms, and the headers that we read. An input is a
 * request as text: method and URI, header lines, an empty line, and the body. No request may cause an internal error.
 */
class HttpFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2024-03-01T10:30:00Z");
    private static final Config CONFIG = ConfigFactory.parseString("""
        rotunda {
          http { dev-token = on, demo-page = on }
          accounts = [{ sid = %s, auth-tokens = [%s], keys = [{ sid = %s, secret = %s }] }]
        }
        pekko.loglevel = WARNING
        """.formatted(
                    GatewayFixture.ACCOUNT, GatewayFixture.AUTH_TOKEN, GatewayFixture.KEY, GatewayFixture.KEY_SECRET))
            .withFallback(ConfigFactory.load())
            .resolve();
    private static final ActorTestKit KIT = ActorTestKit.create("http-fuzz", CONFIG);
    private static final GatewaySettings SETTINGS = GatewaySettings.from(CONFIG);
    private static final Materializer MATERIALIZER = Materializer.createMaterializer(KIT.system());
    private static final SignalingFlow SIGNALING = new SignalingFlow(
            KIT.system(), KIT.<Sessions.Command>createTestProbe().getRef(), SETTINGS.sessions());
    /** The rooms of all requests. They refuse every command that has an answer. */
    private static final ActorRef<RoomCommand> ROOMS = KIT.spawn(Behaviors.receiveMessage(command -> {
        if (command instanceof RoomCommand.Request<?> request) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        }
        return Behaviors.same();
    }));

    private static final String ROOM_SID = new FakeRooms(ROOMS)
            .room(GatewayFixture.ACCOUNT, "daily", NOW)
            .sid()
            .value();
    private static final String BASIC = "Authorization: Basic "
            + Base64.getEncoder()
                    .encodeToString(
                            (GatewayFixture.ACCOUNT + ":" + GatewayFixture.AUTH_TOKEN).getBytes(StandardCharsets.UTF_8))
            + "\n";

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    static Stream<byte[]> seeds() {
        String form = "Content-Type: application/x-www-form-urlencoded\n";
        String multipart = "Content-Type: multipart/form-data; boundary=x\n";
        return Stream.of(
                        "GET /v1/Rooms?Status=in-progress&PageSize=2&Page=0&DateCreatedAfter=2024-03-01T10:00:00Z\n"
                                + BASIC,
                        "GET /v1/Rooms?UniqueName=a%20b&DateCreatedBefore=2024-03-01&PageToken=PTMTcwOTI4NzIwMC4w\n"
                                + BASIC + "Host: example.com:8080\nX-Forwarded-Proto: https\n"
                                + "X-Forwarded-Host: video.example.com, inner\nX-Forwarded-For: 192.0.2.1, ::1\n",
                        "POST /v1/Rooms\n" + BASIC + form
                                + "\nUniqueName=new&Type=group&MaxParticipants=5&VideoCodecs=VP8,H264&MediaRegion=gll"
                                + "&EmptyRoomTimeout=5&AudioOnly=false&LargeRoom=true",
                        "POST /v1/Rooms\n" + BASIC + form
                                + "\nStatusCallback=https%3A%2F%2Fexample.com%2Fx&StatusCallbackMethod=GET",
                        "POST /v1/Rooms\n" + BASIC + multipart
                                + "\n"
                                + "--x\r\n"
                                + "Content-Disposition: form-data; name=\"UniqueName\"\r\n\r\n"
                                + "new\r\n"
                                + "--x--\r\n",
                        "GET /v1/Rooms/" + ROOM_SID + "\n" + BASIC,
                        "POST /v1/Rooms/daily\n" + BASIC + form + "\nStatus=completed",
                        "GET /v1/Rooms/daily/Participants?Status=connected&Identity=alice\n" + BASIC,
                        "GET /v1/Rooms/daily/Participants/alice\n" + BASIC,
                        "POST /v1/Rooms/daily/Participants/alice\n" + BASIC + form + "\nStatus=disconnected",
                        "GET /v1/Rooms/daily/Recordings\n" + BASIC,
                        "GET /v1/Rooms/daily/Participants/alice/SubscribedTracks?PageSize=5\n" + BASIC,
                        "POST /v1/Rooms/daily/Participants/alice/SubscribeRules\n" + BASIC + form
                                + "\nRules=%5B%7B%22type%22%3A%22exclude%22%2C%22publisher%22%3A%22bob%22%7D%5D",
                        "GET /v1/StatusCallbacks?Status=failed&RoomSid=" + ROOM_SID + "\n" + BASIC,
                        "POST /v1/RoomSettings/Default\n" + BASIC + form + "\nType=group-small&AudioOnly=",
                        "POST /2010-04-01/Accounts/" + GatewayFixture.ACCOUNT + "/Keys.json\n" + BASIC + form
                                + "\nFriendlyName=phone",
                        "OPTIONS /v1/Rooms\nOrigin: https://example.com\n",
                        "GET /dev/token?identity=alice&room=daily\nOrigin: http://localhost:3000\n",
                        "GET /\nAccept-Encoding: gzip;q=0.5, br\nIf-None-Match: \"abc\", W/\"def\"\n",
                        "GET /assets/page.js\nAccept-Encoding: identity\nIf-None-Match: *\n",
                        "GET /signaling\nSec-WebSocket-Protocol: sip\nUpgrade: websocket\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void answersEveryRequest(byte[] bytes) throws JsonProcessingException {
        Optional<HttpRequest> request = request(bytes);
        if (request.isEmpty()) {
            return; // Pekko's HTTP server refuses such a request before our code sees it.
        }
        FakeRooms rooms = new FakeRooms(ROOMS);
        rooms.put(rooms.room(GatewayFixture.ACCOUNT, "daily", NOW));
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        HttpRoutes routes = new HttpRoutes(
                SETTINGS.http(),
                SETTINGS.accounts(),
                api(rooms, clock),
                SIGNALING,
                insights(rooms, clock),
                clock,
                new GatewayStatistics(),
                new Random(1),
                MATERIALIZER);
        HttpResponse response = GatewayFixture.await(routes.handle(request.get()));
        int status = response.status().intValue();
        assertThat(status).isBetween(200, 499);
        assertThat(response.getHeader("Twilio-Request-Id")).isPresent();
        assertThat(rooms.all()).allMatch(room -> StorableText.isStorable(room.uniqueName()));
        if (status >= 400) {
            JsonNode error =
                    JSON.readTree(GatewayFixture.await(response.entity().toStrict(1_000, MATERIALIZER))
                            .getData()
                            .utf8String());
            assertThat(error.path("status").asInt()).isEqualTo(status);
            assertThat(error.path("code").asInt()).isPositive();
        }
    }

    private static InsightsFlow insights(FakeRooms rooms, Clock clock) {
        return new InsightsFlow(
                KIT.system(),
                SETTINGS.insights(),
                new AccessTokens(SETTINGS::accounts, clock),
                rooms,
                new FakeInsights(),
                clock,
                new Random(2),
                new InsightsStatistics());
    }

    private static VideoApi api(FakeRooms rooms, Clock clock) {
        SecureRandom random = new SecureRandom();
        SecretBox secrets = new SecretBox(SETTINGS.accountStore().secretsKeys(), random);
        AccountDirectory accounts = new AccountDirectory(SETTINGS.accounts(), secrets, new AccountStatistics(clock));
        FakeAccounts store = new FakeAccounts();
        SETTINGS.accounts().all().forEach(account -> store.put(AccountAdmin.configured(account.sid(), clock)));
        return new VideoApi(
                accounts,
                new AccountAdmin(
                        store,
                        secrets,
                        accounts,
                        SETTINGS.accountStore(),
                        () -> CompletableFuture.completedFuture(Done.getInstance()),
                        clock,
                        random),
                new RoomDefaults(accounts, SETTINGS.rest(), SETTINGS.adHoc()),
                rooms,
                new CheckedQueries(rooms),
                new FakeCallbacks(),
                new FakeErasure(),
                new RequestLimits(SETTINGS.requestRates(), () -> 1, clock, new LimitStatistics()),
                SETTINGS.rest(),
                clock,
                MATERIALIZER);
    }

    private static Optional<HttpRequest> request(byte[] bytes) {
        // One byte is one character, so that the body keeps its bytes.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        String[] head = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
        String[] first = head[0].split(" ", 2);
        HttpRequest request;
        try {
            request = HttpRequest.create()
                    .withMethod(method(first[0]))
                    .withUri(Uri.create(first.length < 2 ? "/" : first[1], Uri.RELAXED));
        } catch (IllegalUriException refused) {
            return Optional.empty();
        }
        ContentType type = ContentTypes.APPLICATION_OCTET_STREAM;
        for (int i = 1; i < head.length; i++) {
            String[] header = head[i].split(":", 2);
            String value = header.length < 2 ? "" : header[1].strip();
            if (header[0].equalsIgnoreCase("Content-Type")) {
                try {
                    type = ContentTypes.parse(value);
                } catch (NoSuchElementException refused) {
                    return Optional.empty();
                }
            } else {
                Optional<HttpHeader> read = header(header[0], value);
                if (read.isPresent()) {
                    request = request.addHeader(read.get());
                }
            }
        }
        return Optional.of(
                end < 0
                        ? request
                        : request.withEntity(type, text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1)));
    }

    /**
     * Returns a header as Pekko's HTTP server does: unread if its value is not what its name demands, and nothing if its
     * name or value has characters that no header may have.
     */
    private static Optional<HttpHeader> header(String name, String value) {
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || !value.matches("[\\t\\x20-\\x7E\\x80-\\xFF]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(HttpHeader.parse(name, value));
        } catch (IllegalArgumentException | IllegalHeaderException unread) {
            return Optional.of(RawHeader.create(name, value));
        }
    }

    private static HttpMethod method(String name) {
        return HttpMethods.lookup(name).orElse(HttpMethods.GET);
    }

    /** The queries of rooms. Each condition must be a value that the database takes. */
    private record CheckedQueries(RoomQueries rooms) implements RoomQueries {
        @Override
        public CompletionStage<Page<RoomView>> rooms(AccountSid account, RoomFilter filter, PageRequest page) {
            check(filter.uniqueName(), filter.createdAfter(), filter.createdBefore(), page);
            return rooms.rooms(account, filter, page);
        }

        @Override
        public CompletionStage<Page<ParticipantView>> participants(
                RoomSid room, ParticipantFilter filter, PageRequest page) {
            check(filter.identity(), filter.createdAfter(), filter.createdBefore(), page);
            return rooms.participants(room, filter, page);
        }

        private static void check(
                @Nullable String name, @Nullable Instant after, @Nullable Instant before, PageRequest page) {
            assertThat(name == null || StorableText.isStorable(name)).isTrue();
            assertThat(page.size()).isBetween(1, 1_000);
            for (Instant moment : new @Nullable Instant[] {after, before, page.afterCreated()}) {
                if (moment != null) {
                    assertThat(moment.atOffset(ZoneOffset.UTC).getYear()).isBetween(1, 9_999);
                }
            }
        }
    }
}
