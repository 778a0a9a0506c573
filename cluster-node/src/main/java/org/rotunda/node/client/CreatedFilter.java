package org.rotunda.node.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that filter a list by the time at which its records were created. */
final class CreatedFilter {
    @Option(
            names = "--created-after",
            paramLabel = "TIME",
            description = "Only those created at this time or later: 2024-03-01, or 2024-03-01T10:15:30Z.")
    private @Nullable String after;

    @Option(names = "--created-before", paramLabel = "TIME", description = "Only those created before this time.")
    private @Nullable String before;

    /** Adds the filters that were given. */
    void addTo(Map<String, String> filters) {
        if (after != null) {
            filters.put("DateCreatedAfter", after);
        }
        if (before != null) {
            filters.put("DateCreatedBefore", before);
        }
    }
}
