package org.rotunda.load.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.rest.video.v1.Room;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.load.bot.BotNode;
import org.rotunda.load.client.Metrics;
import org.rotunda.load.client.Tokens;
import org.rotunda.load.library.HelperLibrary.Outcome;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.TcpProxy;
import org.rotunda.room.testkit.PostgresServer;

/** A create that the stock helper libraries repeat after a 5xx leaves one room. The 5xx comes from a lost database. */
class RepeatedCreateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CREATE = "POST /v1/Rooms";
    private static final TourStep NAMED = TourStep.of(CREATE, "a room with a name")
            .java((client, v) -> Room.creator().setUniqueName(v.get("name")).create(client))
            .node("client.video.v1.rooms.create({ uniqueName: v.name })");
    private static final TourStep UNNAMED = TourStep.of(CREATE, "a room without a name")
            .java((client, v) -> Room.creator().create(client))
            .node("client.video.v1.rooms.create()");
    private static final TourStep LIST = TourStep.of("GET /v1/Rooms", "all rooms in progress")
            .java((client, v) -> Room.reader().read(client))
            .node("client.video.v1.rooms.list()");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static PostgresServer postgres;

    private TcpProxy proxy;
    private BotNode node;

    @BeforeAll
    static void startServer(@TempDir Path directory) {
        postgres = PostgresServer.start(directory);
    }

    @AfterAll
    static void stopServer() {
        postgres.close();
    }

    @BeforeEach
    void start() throws IOException {
        proxy = new TcpProxy("127.0.0.1", postgres.port());
        String url = postgres.createDatabase().replace(":" + postgres.port(), ":" + proxy.port());
        Map<String, String> settings = new HashMap<>();
        postgres.config(url).forEach((key, value) -> settings.put(key, "\"" + value + "\""));
        settings.put("rotunda.http.answer-timeout", "6 s"); // The default waits longer than the test needs.
        node = new BotNode(settings);
    }

    @AfterEach
    void close() throws IOException {
        proxy.restore();
        node.close();
        proxy.close();
    }

    /** twilio-java repeats by itself while the database comes back. If that is not enough, the application repeats too. */
    @Test
    void twilioJavaMakesOneRoomAlthoughTheFirstTryGotA5xx() {
        try (HelperLibrary library = new JavaLibrary(node.node().httpUrl())) {
            makesOneRoom(library, NAMED);
            makesOneRoom(library, UNNAMED);
        }
    }

    /** twilio-node repeats after no 5xx, so the application does. */
    @Test
    void anApplicationThatRepeatsWithTwilioNodeMakesOneRoom() {
        try (HelperLibrary library = new NodeLibrary(node.node().httpUrl())) {
            makesOneRoom(library, NAMED);
            makesOneRoom(library, UNNAMED);
        }
    }

    private void makesOneRoom(HelperLibrary library, TourStep create) {
        TourVars vars = Tour.vars("repeated", Tokens.ACCOUNT, Tokens.AUTH_TOKEN);
        double before = failures();
        proxy.cut();
        // The call has a thread of its own: the node in this process needs the common pool.
        CompletableFuture<Outcome> creation = CompletableFuture.supplyAsync(
                () -> library.call(create, vars), task -> new Thread(task, "library").start());
        Await.until("a create that fails", PATIENCE, () -> failures() > before);
        proxy.restore();

        Outcome[] last = {
            creation.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()
        };
        Await.until(() -> "a create that succeeds, but the last is " + last[0], PATIENCE, () -> {
            if (last[0].status() != 0) {
                last[0] = library.call(create, vars);
            }
            return last[0].status() == 0;
        });

        assertOneRoom(library, vars, last[0]);
    }

    private void assertOneRoom(HelperLibrary library, TourVars vars, Outcome created) {
        String sid = created.result().path("sid").asText();
        // The room's row is written late if the database was away when the room was created.
        Await.until(
                "the room in the list",
                PATIENCE,
                () -> !library.call(LIST, vars).result().isEmpty());
        assertThat(library.call(LIST, vars).result())
                .as("%s", created)
                .hasSize(1)
                .allSatisfy(room -> assertThat(room.path("sid").asText()).isEqualTo(sid));
        TourStep end = TourStep.of("POST /v1/Rooms/{Room}", "the end of the room")
                .java((client, v) ->
                        Room.updater(sid, Room.RoomStatus.COMPLETED).update(client))
                .node("client.video.v1.rooms('" + sid + "').update({ status: 'completed' })");
        assertThat(library.call(end, vars).status()).isZero();
        Await.until(
                "no room in progress",
                PATIENCE,
                () -> library.call(LIST, vars).result().isEmpty());
    }

    /** Returns the number of creates that the node has answered with a 5xx. */
    private double failures() {
        try {
            URI metrics = URI.create(node.node().managementUrl() + "/metrics");
            String page = HTTP.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
            return Metrics.parse(page).values().entrySet().stream()
                    .filter(each -> each.getKey().startsWith("rotunda_http_request_duration_seconds_count")
                            && each.getKey().contains("method=\"POST\"")
                            && each.getKey().contains("status=\"5"))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }
}
