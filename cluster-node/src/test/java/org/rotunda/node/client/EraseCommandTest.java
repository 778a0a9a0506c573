package org.rotunda.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.testkit.FakeErasure.Asked;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.IdentityErasure.Place;
import org.rotunda.room.protocol.IdentityErasure.Step;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import picocli.CommandLine;

/** Tests {@code rotunda erase} against a gateway whose erasing the test plays. */
class EraseCommandTest {
    private static final Random RANDOM = new Random(4);
    private static final String ERIN = "erin+1 \"é\"";

    private static GatewayFixture server;

    /** The output and the exit code of a command. */
    private record Result(int code, String out, String err) {}

    @BeforeAll
    static void start() {
        server = GatewayFixture.start("pekko.fail-mixed-versions = off");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Result run(CommandLine command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url",
                "http://127.0.0.1:" + server.address().getPort(),
                "--user",
                GatewayFixture.ACCOUNT.value(),
                "--password",
                GatewayFixture.AUTH_TOKEN));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    private static Result erase(String... arguments) {
        return run(new CommandLine(new EraseCommand()), arguments);
    }

    @Test
    void goesOnToTheLastStepAndAddsUp() throws IOException {
        Place place = new Place(
                RoomStatus.COMPLETED,
                Instant.parse("2024-03-01T10:15:30Z"),
                RoomSid.random(RANDOM).value());
        server.erasure.prepare(new Step(50, 3, 2, 1, List.of(), place));
        server.erasure.prepare(new Step(7, 1, 1, 0, List.of(), null));

        Result result = erase("--identity", ERIN, "--json");

        assertThat(result.code()).as(result.err()).isZero();
        JsonNode summary = new ObjectMapper().readTree(result.out());
        assertThat(summary).isEqualTo(new ObjectMapper().readTree("""
                {"account_sid":"%s","rooms_searched":57,"participants_erased":4,"journals_deleted":3,
                 "status_callbacks_erased":1,"rooms_left":[]}""".formatted(GatewayFixture.ACCOUNT)));
        assertThat(server.erasure.takeAsked())
                .containsExactly(
                        new Asked(GatewayFixture.ACCOUNT, ERIN, null), new Asked(GatewayFixture.ACCOUNT, ERIN, place));
    }

    @Test
    void namesTheRoomsInWhichTheIdentityIsLeft() {
        RoomSid left = RoomSid.random(RANDOM);
        server.erasure.prepare(new Step(1, 0, 0, 0, List.of(left), null));

        Result result = erase("--identity", ERIN);

        assertThat(result.code()).isEqualTo(EraseCommand.EXIT_LEFT);
        assertThat(result.err()).contains(left.value());
        assertThat(result.out()).contains("participants_erased");
        server.erasure.takeAsked();
    }

    @Test
    void erasesInASubaccount() {
        Result created = run(new CommandLine(new AccountCommand()), "create", "team");
        String subaccount = created.out().replaceAll("(?s).*(AC[0-9a-f]{32}).*", "$1");

        Result result = erase("--identity", ERIN, "--account", subaccount);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(server.erasure.takeAsked()).containsExactly(new Asked(new AccountSid(subaccount), ERIN, null));
    }

    @Test
    void reportsBadCommandLinesAndRefusals() {
        assertThat(erase().code()).isEqualTo(2);
        assertThat(erase("--identity", "x".repeat(129)).err()).contains("20001");
        assertThat(erase("--identity", ERIN, "--account", "AC" + "0".repeat(32)).code())
                .isEqualTo(1);
        assertThat(server.erasure.takeAsked()).isEmpty();
    }
}
