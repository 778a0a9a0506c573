package org.rotunda.node.client;

import picocli.CommandLine.Option;

/** The option that limits the length of a list. */
final class ListLimit {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    /** Returns the most records to read. */
    int max() throws RestRefusal {
        if (limit < 1) {
            throw new RestRefusal("--limit must be at least 1", RestCommand.EXIT_USAGE);
        }
        return limit;
    }
}
