package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rotunda drain NODE}: makes a node move its calls to other nodes. */
@Command(
        name = "drain",
        description = "Moves the calls of a node to other nodes, so that it can be stopped.",
        footer = "The command does not wait: --status shows how far the drain is.",
        mixinStandardHelpOptions = true)
public final class DrainCommand extends ManagementCommand {
    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "Time limit, such as 20s or 2m; else that of the node's configuration.")
    private @Nullable String within;

    @Option(names = "--stop", description = "Ends the process with status 0 after the drain.")
    private boolean stop;

    @Option(names = "--force", description = "Drains even the only node with the role media or room.")
    private boolean force;

    @Option(names = "--status", description = "Only shows how far the drain is.")
    private boolean status;

    @Override
    JsonNode run(ManagementClient client) throws RestRefusal {
        if (status) {
            return client.get("/drain");
        }
        String query =
                "?stop=" + stop + "&force=" + force + (within == null ? "" : "&within=" + RestClient.segment(within));
        return client.post("/drain" + query);
    }
}
