package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code rotunda undrain NODE}: lets a node that was drained take calls again. */
@Command(
        name = "undrain",
        description = "Lets a node that was drained take calls again.",
        mixinStandardHelpOptions = true)
public final class UndrainCommand extends ManagementCommand {
    @Override
    JsonNode run(ManagementClient client) throws RestRefusal {
        return client.post("/undrain");
    }
}
