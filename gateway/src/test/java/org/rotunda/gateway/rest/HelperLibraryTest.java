package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.exception.ApiException;
import com.twilio.http.HttpMethod;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.video.v1.Composition;
import com.twilio.rest.video.v1.CompositionHook;
import com.twilio.rest.video.v1.CompositionSettings;
import com.twilio.rest.video.v1.Recording;
import com.twilio.rest.video.v1.RecordingSettings;
import com.twilio.rest.video.v1.Room;
import com.twilio.rest.video.v1.room.Participant;
import com.twilio.rest.video.v1.room.RoomRecording;
import com.twilio.rest.video.v1.room.Transcriptions;
import java.net.URI;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.limit.RateLimit;
import org.rotunda.gateway.testkit.ApiContract;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomView;

/** Tests that the unmodified helper library for Java works when its requests go to our server. */
class HelperLibraryTest {
    /**
     * Runs each blocking call of the library in a thread of its own. In the common pool, which may have only one
     * thread, a blocking call would occupy the thread that Scala's futures need.
     */
    private static final Executor CALLER = task -> new Thread(task, "library").start();

    private static GatewayFixture server;
    private static TwilioRestClient client;

    /** Sends the library's requests to our server, because the library's host name is built in. */
    private static final class RewritingHttpClient extends NetworkHttpClient {
        private final String base;

        RewritingHttpClient(String base) {
            this.base = base;
        }

        @Override
        public Response makeRequest(Request request) {
            Request rewritten =
                    new Request(request.getMethod(), request.getUrl().replaceFirst("https?://[^/]+", base));
            request.getQueryParams().forEach((name, all) -> all.forEach(value -> rewritten.addQueryParam(name, value)));
            request.getPostParams().forEach((name, all) -> all.forEach(value -> rewritten.addPostParam(name, value)));
            request.getHeaderParams()
                    .forEach((name, all) -> all.forEach(value -> rewritten.addHeaderParam(name, value)));
            rewritten.setContentType(request.getContentType());
            rewritten.setAuth(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN);
            Response response = super.makeRequest(rewritten);
            String content = response.getContent(); // The content can be read only once.
            ApiContract.check(
                    request.getMethod().name(),
                    URI.create(request.getUrl().replace(" ", "%20")).getRawPath(),
                    response.getStatusCode(),
                    "application/json",
                    content);
            return new Response(content, response.getStatusCode(), response.getHeaders());
        }
    }

    @BeforeAll
    static void start() {
        server = GatewayFixture.start();
        client = new TwilioRestClient.Builder(GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN)
                .httpClient(new RewritingHttpClient(
                        "http://127.0.0.1:" + server.address().getPort()))
                .build();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void createsFetchesAndListsRooms() {
        Room created = Room.creator()
                .setUniqueName("library room")
                .setType(Room.RoomType.GROUP)
                .setMaxParticipants(10)
                .setVideoCodecs(List.of(Room.VideoCodec.VP8, Room.VideoCodec.H264))
                .setStatusCallback(URI.create("https://hooks.example.com/video?tenant=42"))
                .setStatusCallbackMethod(HttpMethod.GET)
                .create(client);
        assertThat(created.getStatus()).isEqualTo(Room.RoomStatus.IN_PROGRESS);
        assertThat(created.getMaxParticipants()).isEqualTo(10);
        assertThat(created.getStatusCallback()).isEqualTo(URI.create("https://hooks.example.com/video?tenant=42"));
        assertThat(created.getStatusCallbackMethod()).isEqualTo(HttpMethod.GET);
        assertThat(created.getVideoCodecs()).containsExactly(Room.VideoCodec.VP8, Room.VideoCodec.H264);

        assertThat(Room.fetcher("library room").fetch(client).getSid()).isEqualTo(created.getSid());
        assertThatThrownBy(() -> Room.creator().setUniqueName("library room").create(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(53113));
        assertThatThrownBy(() -> Room.fetcher("no such room").fetch(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(20404));
    }

    @Test
    void pagesThroughRooms() {
        for (int i = 0; i < 7; i++) {
            server.rooms.put(server.rooms.room(
                    GatewayFixture.ACCOUNT,
                    "page of library",
                    Instant.parse("2024-03-01T10:00:00Z").plusSeconds(i)));
        }
        List<String> seen = new ArrayList<>();
        Room.reader()
                .setUniqueName("page of library")
                .pageSize(2)
                .read(client)
                .forEach(room -> seen.add(room.getSid()));

        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    }

    /** The library repeats a create after a 5xx. All tries together must make one room. */
    @Test
    void createsOneRoomAlthoughAnswersAreLost() {
        for (String name : new String[] {"library lost", ""}) {
            int before = server.rooms.all().size();
            server.rooms.loseAnswers(2);
            Room created = Room.creator().setUniqueName(name).create(client);

            assertThat(server.rooms.all()).hasSize(before + 1);
            assertThat(Room.fetcher(created.getSid()).fetch(client).getUniqueName())
                    .isEqualTo(name.isEmpty() ? created.getSid() : name);
        }
    }

    @Test
    void readsTheEmptyListsOfMissingEngines() {
        RoomView room = server.rooms.put(
                server.rooms.room(GatewayFixture.ACCOUNT, "engines of library", Instant.parse("2024-03-01T10:00:00Z")));
        String sid = room.sid().value();
        assertThat(Recording.reader()
                        .setGroupingSid(List.of(sid, "PA00112233445566778899aabbccddeeff"))
                        .limit(2500)
                        .read(client))
                .isEmpty();
        assertThat(RoomRecording.reader(sid).read(client)).isEmpty();
        assertThat(Transcriptions.reader(sid).read(client)).isEmpty();
        assertThat(Composition.reader()
                        .setRoomSid(sid)
                        .setDateCreatedAfter(ZonedDateTime.parse("2024-01-01T00:00:00Z"))
                        .read(client))
                .isEmpty();
        assertThat(CompositionHook.reader().setEnabled(true).read(client)).isEmpty();
        assertThat(com.twilio.rest.insights.v1.Room.reader().read(client)).isEmpty();
        assertThat(RecordingSettings.fetcher().fetch(client).getAwsStorageEnabled())
                .isFalse();
        assertThat(CompositionSettings.fetcher().fetch(client).getFriendlyName())
                .isNull();
        assertThatThrownBy(() ->
                        Recording.deleter("RT00112233445566778899aabbccddeeff").delete(client))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(20404));
        assertThatThrownBy(() -> Composition.creator(sid).create(client))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(20404);
                    assertThat(e.getMessage()).contains("not available in this version");
                });
    }

    @Test
    void completesRoomsAndDisconnectsParticipants() {
        RoomView room = server.rooms.put(
                server.rooms.room(GatewayFixture.ACCOUNT, "kick", Instant.parse("2024-03-01T10:00:00Z")));
        ParticipantView gone = new ParticipantView(
                ParticipantSid.random(new Random(5)),
                room.sid(),
                room.account(),
                "alice",
                ParticipantStatus.DISCONNECTED,
                room.createdAt(),
                room.createdAt(),
                room.createdAt().plusSeconds(5));

        CompletableFuture<Participant> removed = CompletableFuture.supplyAsync(
                () -> Participant.updater(room.sid().value(), "alice")
                        .setStatus(Participant.Status.DISCONNECTED)
                        .update(client),
                CALLER);
        RoomCommand.RemoveParticipant remove = server.room.expectMessageClass(RoomCommand.RemoveParticipant.class);
        remove.replyTo().tell(StatusReply.success(gone));
        assertThat(GatewayFixture.await(removed).getStatus()).isEqualTo(Participant.Status.DISCONNECTED);

        CompletableFuture<Room> completed = CompletableFuture.supplyAsync(
                () -> Room.updater("kick", Room.RoomStatus.COMPLETED).update(client), CALLER);
        server.room.expectMessageClass(RoomCommand.Complete.class).replyTo().tell(StatusReply.success(room));
        assertThat(GatewayFixture.await(completed).getSid())
                .isEqualTo(room.sid().value());
    }

    /** The library waits for the time in {@code Retry-After} and repeats the request once. */
    @Test
    void repeatsARequestThatCameTooSoon() {
        try (GatewayFixture limited = GatewayFixture.start("rotunda.limits.writes-per-second = 1")) {
            TwilioRestClient impatient = new TwilioRestClient.Builder(
                            GatewayFixture.ACCOUNT.value(), GatewayFixture.AUTH_TOKEN)
                    .httpClient(new RewritingHttpClient(
                            "http://127.0.0.1:" + limited.address().getPort()))
                    .build();
            int created = 0;
            // A slow machine may let a token come back between two requests.
            while (limited.gateway.limitStatistics().refused(RateLimit.WRITES) == 0) {
                Room.creator().create(impatient);
                created++;
            }

            assertThat(limited.rooms.all()).hasSize(created);
        }
    }
}
