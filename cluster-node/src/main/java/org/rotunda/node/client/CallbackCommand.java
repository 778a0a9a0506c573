package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotunda callback …}: shows the status callbacks that are not delivered, and resends them. */
@Command(
        name = "callback",
        description = "Lists status callbacks that are not delivered, and resends them.",
        mixinStandardHelpOptions = true,
        subcommands = {CallbackCommand.ListAll.class, CallbackCommand.Resend.class})
public final class CallbackCommand {
    private static final String CALLBACKS = "/v1/StatusCallbacks";

    private static final String[] FIELDS = {
        "sid",
        "date_created",
        "room_sid",
        "event",
        "sequence_number",
        "status",
        "attempts",
        "error_code",
        "error_message"
    };

    /**
     * Reads a list of callbacks, newest event first.
     *
     * @param room the SID of a room; null for all rooms of the account
     * @param max the most callbacks to read
     */
    private static List<JsonNode> list(RestClient client, String status, @Nullable String room, int max)
            throws RestRefusal {
        return client.records(
                CALLBACKS,
                "status_callbacks",
                Map.of("Status", status, "RoomSid", Objects.requireNonNullElse(room, "")),
                max);
    }

    @Command(
            name = "list",
            description = "Lists callbacks, those of the newest events first.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends RestCommand {
        @Option(
                names = "--status",
                paramLabel = "STATUS",
                defaultValue = "failed",
                description = "failed: those that were given up (the default). waiting: those still to be sent.")
        private String status = "";

        @Option(names = "--room", paramLabel = "RM…", description = "Only those of this room.")
        private @Nullable String room;

        @Mixin
        private final ListLimit limit = new ListLimit();

        @Override
        void run(RestClient client) throws RestRefusal {
            print(list(client, status, room, limit.max()), FIELDS);
        }
    }

    @Command(
            name = "resend",
            description = "Makes callbacks due at once, with a new keep time.",
            mixinStandardHelpOptions = true)
    static final class Resend extends RestCommand {
        @ArgGroup(multiplicity = "1")
        private Which which = new Which();

        @Option(names = "--room", paramLabel = "RM…", description = "With --failed: only those of this room.")
        private @Nullable String room;

        /** The callbacks to resend. */
        static final class Which {
            @Parameters(arity = "1..*", paramLabel = "SC…", description = "These callbacks, in any status.")
            private List<String> sids = List.of();

            @Option(names = "--failed", required = true, description = "All callbacks that were given up.")
            private boolean failed;
        }

        @Override
        void run(RestClient client) throws RestRefusal {
            List<String> sids = new ArrayList<>(which.sids);
            if (which.failed) {
                list(client, "failed", room, Integer.MAX_VALUE)
                        .forEach(callback -> sids.add(callback.path("sid").asText()));
                Collections.reverse(sids); // Oldest first, so that the callbacks of a room are sent in order.
            }
            List<JsonNode> resent = new ArrayList<>();
            for (String sid : sids) {
                resent.add(client.post(CALLBACKS + "/" + RestClient.segment(sid), Map.of("Status", "waiting")));
            }
            print(resent, "sid", "room_sid", "event", "sequence_number", "status");
        }
    }
}
