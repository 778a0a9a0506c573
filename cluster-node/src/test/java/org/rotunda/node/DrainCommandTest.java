package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rotunda.node.config.NodeConfiguration;
import picocli.CommandLine;

/** Tests {@code rotunda drain} and {@code rotunda undrain} against a whole node. */
class DrainCommandTest {
    private static RotundaNode node;

    @BeforeAll
    static void start() {
        node = RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.management.port", "0",
                "rotunda.media.bind", "127.0.0.1",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:drain-command;DB_CLOSE_DELAY=-1\"")));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private record Result(int exitCode, String out, String err) {}

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = line.execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    private static String address() {
        return URI.create(node.managementUrl()).getAuthority();
    }

    @Test
    void drainsShowsAndTakesBack() {
        Result refused = run("drain", address());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("only node of the cluster with the role media");
        Result bad = run("drain", address(), "--within", "-1", "--force");
        assertThat(bad.exitCode()).isEqualTo(1);
        assertThat(bad.err()).contains("within");

        Result begun = run("drain", address(), "--force", "--within", "30s");
        assertThat(begun.exitCode()).as(begun.err()).isZero();
        assertThat(begun.out()).contains("0 connections moved, 0 leaving, 0 left; 0 signaling sockets");
        assertThat(run("drain", address(), "--status").out()).startsWith("drain");

        Result undone = run("undrain", address(), "--json");
        assertThat(undone.exitCode()).isZero();
        assertThat(undone.out()).contains("\"state\" : \"serving\"");
    }

    @Test
    void saysWhatIsWrongWithTheNode() {
        assertThat(run("drain", "nowhere", "--status").exitCode()).isEqualTo(2);
        assertThat(run("drain", "127.0.0.1:1", "--status").exitCode()).isEqualTo(69);
    }
}
