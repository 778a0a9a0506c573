package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command about the drain of one node, which the management port of that node answers. */
abstract class ManagementCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NODE",
            defaultValue = "127.0.0.1:7626",
            description = "Host and port of the node's management port; 127.0.0.1:7626 unless given.")
    private String node = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "rotunda.management.token of a node on another machine; else ROTUNDA_MANAGEMENT_TOKEN.")
    private @Nullable String token;

    @Option(names = "--json", description = "Prints JSON as the node answers it.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec; // Picocli sets it before it calls the command.

    /** Sends the request, and returns the state of the drain. */
    abstract JsonNode run(ManagementClient client) throws RestRefusal;

    @Override
    public final Integer call() {
        try {
            JsonNode drain = run(new ManagementClient(node, token()));
            print(drain);
            return 0;
        } catch (RestRefusal refusal) {
            commandLine().getErr().println("rotunda: " + refusal.getMessage());
            return refusal.exitCode();
        }
    }

    private Optional<String> token() {
        return Optional.ofNullable(token == null ? System.getenv("ROTUNDA_MANAGEMENT_TOKEN") : token)
                .filter(secret -> !secret.isEmpty());
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command");
        }
        return spec.commandLine();
    }

    private void print(JsonNode drain) {
        PrintWriter out = commandLine().getOut();
        if (json) {
            out.println(drain.toPrettyString());
            return;
        }
        out.println(drain.path("state").asText() + (drain.path("blocked").asBoolean() ? ", blocked" : "")
                + ": " + drain.path("moved").asInt() + " connections moved, "
                + drain.path("leaving").asInt() + " leaving, "
                + drain.path("left").asInt() + " left; "
                + drain.path("sessions").asInt() + " signaling sockets"
                + (drain.path("stops").asBoolean() ? "; the process stops afterwards" : ""));
        for (JsonNode other : drain.path("waits_for")) {
            out.println("  waits for " + other.asText() + ", which is emptied first");
        }
        for (JsonNode room : drain.path("rooms")) {
            out.println("  " + room.path("sid").asText() + "  "
                    + room.path("connections").asInt()
                    + (room.path("leaving").asBoolean() ? "  leaving" : ""));
        }
    }
}
