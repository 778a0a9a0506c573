package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.rotunda.node.config.NodeConfiguration;
import picocli.CommandLine;

/** A node with the developer's account, and the commands of {@code bin/rotunda} that are run against it. */
final class CommandNode implements AutoCloseable {
    static final String ACCOUNT = "AC00000000000000000000000000000001";
    static final String AUTH_TOKEN = "dev-auth-token";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RotundaNode node;

    private CommandNode(RotundaNode node) {
        this.node = node;
    }

    /** @param database the name of the node's database in memory */
    static CommandNode start(String database) {
        return new CommandNode(RotundaNode.start(NodeConfiguration.dev(Map.of(
                "rotunda.http.port", "0",
                "rotunda.management.port", "0",
                "rotunda.cluster.port", "0",
                "rotunda.media.bind", "127.0.0.1",
                "rotunda.media.port", "0",
                "rotunda.media.loops", "1",
                "rotunda.db.url", "\"jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1\""))));
    }

    /** The output and the exit code of a command. */
    record Result(int exitCode, String out, String err) {
        JsonNode json() {
            assertThat(exitCode).as(err).isZero();
            try {
                return JSON.readTree(out);
            } catch (JsonProcessingException e) {
                throw new AssertionError(out, e);
            }
        }

        /** Returns the value of a field of a resource that was printed for people. */
        String field(String name) {
            return lines().stream()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + out));
        }

        List<String> lines() {
            assertThat(exitCode).as(err).isZero();
            return out.lines().toList();
        }
    }

    String httpUrl() {
        return node.httpUrl();
    }

    /** Runs a command with the credentials of the developer's account. */
    Result run(String... arguments) {
        return runAs(ACCOUNT, AUTH_TOKEN, arguments);
    }

    Result runAs(String user, String password, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--url", node.httpUrl(), "--user", user, "--password", password));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = line.execute(all.toArray(String[]::new));
        return new Result(exitCode, out.toString(), err.toString());
    }

    @Override
    public void close() {
        node.close();
    }
}
