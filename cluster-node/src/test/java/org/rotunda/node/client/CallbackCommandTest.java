package org.rotunda.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;
import picocli.CommandLine;

/** Tests {@code rotunda callback} against a gateway with callbacks in memory. */
class CallbackCommandTest {
    private static final Instant HAPPENED = Instant.parse("2024-03-01T10:15:30Z");
    private static final Random RANDOM = new Random(4);

    private static GatewayFixture server;

    /** The output and the exit code of a command. */
    private record Result(int code, String out, String err) {}

    @BeforeAll
    static void start() {
        // An older version of pekko-discovery is on the class path of this module (rotunda-pekko.conf).
        server = GatewayFixture.start("pekko.fail-mixed-versions = off");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url",
                "http://127.0.0.1:" + server.address().getPort(),
                "--user",
                GatewayFixture.ACCOUNT.value(),
                "--password",
                GatewayFixture.AUTH_TOKEN));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            int code = new CommandLine(new CallbackCommand()).execute(all.toArray(String[]::new));
            return new Result(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static CallbackSid put(RoomSid room, int number, CallbackStatus status) {
        CallbackSid sid = CallbackSid.of(room, number);
        server.callbacks.put(new StatusCallback(
                sid,
                room,
                GatewayFixture.ACCOUNT,
                number,
                "room-created",
                HAPPENED.plusSeconds(number),
                "https://hooks.example.com/",
                "POST",
                "RoomName=daily",
                status,
                3,
                HAPPENED,
                new FailedAttempt(HAPPENED, CallbackFailure.REFUSED, 404, "The receiver answered with status 404")));
        return sid;
    }

    private static List<StatusCallback> of(RoomSid room) {
        return server.callbacks.all().stream()
                .filter(each -> each.room().equals(room))
                .toList();
    }

    @Test
    void listsFailedCallbacksAsATableOrAsJson() throws IOException {
        RoomSid room = RoomSid.random(RANDOM);
        CallbackSid first = put(room, 0, CallbackStatus.FAILED);
        CallbackSid second = put(room, 1, CallbackStatus.FAILED);
        CallbackSid waiting = put(room, 2, CallbackStatus.WAITING);

        Result table = run("list", "--room", room.value());
        Result json = run("list", "--room", room.value(), "--limit", "1", "--json");
        Result still = run("list", "--room", room.value(), "--status", "waiting");

        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out().lines()).hasSize(3);
        assertThat(table.out())
                .contains("error_message", "The receiver answered with status 404", "11200")
                .doesNotContain(waiting.value());
        assertThat(table.out().indexOf(second.value())).isLessThan(table.out().indexOf(first.value()));
        JsonNode listed = new ObjectMapper().readTree(json.out());
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("sid").asText()).isEqualTo(second.value());
        assertThat(still.out()).contains(waiting.value()).doesNotContain(first.value());
    }

    @Test
    void resendsNamedCallbacksOrAllThatFailedInARoom() {
        RoomSid room = RoomSid.random(RANDOM);
        CallbackSid first = put(room, 0, CallbackStatus.FAILED);
        put(room, 1, CallbackStatus.FAILED);
        put(room, 2, CallbackStatus.FAILED);

        assertThat(run("resend", first.value()).code()).isZero();
        assertThat(of(room))
                .extracting(StatusCallback::status)
                .containsExactly(CallbackStatus.WAITING, CallbackStatus.FAILED, CallbackStatus.FAILED);

        Result rest = run("resend", "--failed", "--room", room.value());
        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(rest.out().lines()).hasSize(3);
        assertThat(of(room)).extracting(StatusCallback::status).containsOnly(CallbackStatus.WAITING);
    }

    @Test
    void reportsRefusalsAndBadCommandLines() {
        Result unknown = run("resend", "SC" + "0".repeat(32));
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("20404");

        assertThat(run("resend").code()).isEqualTo(2);
        assertThat(run("resend", "SC" + "0".repeat(32), "--failed").code()).isEqualTo(2);
        assertThat(run("list", "--limit", "0").code()).isEqualTo(2);
        assertThat(run("list", "--status", "delivered").err()).contains("20001");
    }
}
