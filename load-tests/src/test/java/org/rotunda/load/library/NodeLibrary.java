package org.rotunda.load.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The stock twilio-node, in a process of its own that makes one call after another. */
final class NodeLibrary implements HelperLibrary {
    private static final Path DIRECTORY = Path.of("src", "test", "node");
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedWriter calls;
    private final BufferedReader outcomes;

    /** @param base the URL of the node, without a slash at the end */
    NodeLibrary(String base) {
        try {
            process = new ProcessBuilder("node", "tour.mjs", base)
                    .directory(DIRECTORY.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        calls = process.outputWriter(StandardCharsets.UTF_8);
        outcomes = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public Outcome call(TourStep step, TourVars vars) {
        JsonNode line = exchangeLines(Map.of(
                "user", vars.get(step.caller()),
                "password", vars.get(step.caller() + "Token"),
                "script", step.node(),
                "v", vars.all()));
        assertThat(line.path("failure").asText("")).as("%s", step).isEmpty();
        List<Exchange> exchanges = new ArrayList<>();
        for (JsonNode each : line.path("exchanges")) {
            exchanges.add(new Exchange(
                    each.path("method").asText(),
                    each.path("path").asText(),
                    each.path("status").asInt(),
                    each.path("body").asText()));
        }
        JsonNode error = line.path("error");
        return new Outcome(
                line.path("result"),
                error.path("status").asInt(),
                error.path("code").asInt(),
                exchanges);
    }

    private JsonNode exchangeLines(Map<String, Object> call) {
        try {
            calls.write(JSON.writeValueAsString(call));
            calls.newLine();
            calls.flush();
            String line = CompletableFuture.supplyAsync(this::readLine, task -> new Thread(task, "twilio-node").start())
                    .orTimeout(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)
                    .join();
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readLine() {
        try {
            String line = outcomes.readLine();
            if (line == null) {
                throw new AssertionError("the process of twilio-node has ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public String toString() {
        return "twilio-node";
    }
}
