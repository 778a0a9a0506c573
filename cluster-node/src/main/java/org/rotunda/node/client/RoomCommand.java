package org.rotunda.node.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotunda room …}: shows the rooms of an account, and ends them. */
@Command(
        name = "room",
        description = "Lists, shows and ends rooms of a running cluster.",
        mixinStandardHelpOptions = true,
        subcommands = {RoomCommand.ListAll.class, RoomCommand.Show.class, RoomCommand.End.class})
public final class RoomCommand {
    private static final String ROOMS = "/v1/Rooms";

    private static final String[] COLUMNS = {
        "sid", "unique_name", "status", "type", "max_participants", "date_created", "duration"
    };

    private static final String[] FIELDS = {
        "sid",
        "unique_name",
        "status",
        "type",
        "max_participants",
        "max_participant_duration",
        "empty_room_timeout",
        "unused_room_timeout",
        "video_codecs",
        "audio_only",
        "record_participants_on_connect",
        "media_region",
        "status_callback",
        "status_callback_method",
        "date_created",
        "date_updated",
        "end_time",
        "duration"
    };

    /** Returns the path of a room. */
    static String pathOf(String room) {
        return ROOMS + "/" + RestClient.segment(room);
    }

    @Command(name = "list", description = "Lists rooms, newest first.", mixinStandardHelpOptions = true)
    static final class ListAll extends RestCommand {
        @Option(
                names = "--status",
                paramLabel = "STATUS",
                defaultValue = "in-progress",
                description = "in-progress (the default) or completed.")
        private String status = "";

        @Option(names = "--name", paramLabel = "NAME", description = "Only those with exactly this unique name.")
        private @Nullable String name;

        @Mixin
        private final CreatedFilter created = new CreatedFilter();

        @Mixin
        private final ListLimit limit = new ListLimit();

        @Override
        void run(RestClient client) throws RestRefusal {
            Map<String, String> filters = new LinkedHashMap<>();
            filters.put("Status", status);
            if (name != null) {
                filters.put("UniqueName", name);
            }
            created.addTo(filters);
            print(client.records(ROOMS, "rooms", filters, limit.max()), COLUMNS);
        }
    }

    /** A command about one room. */
    abstract static class OfRoom extends RestCommand {
        @Parameters(
                paramLabel = "ROOM",
                description = "The SID (RM…) of the room, or its unique name while it is in progress.")
        private String room = "";

        final String path() {
            return pathOf(room);
        }
    }

    @Command(name = "show", description = "Shows a room.", mixinStandardHelpOptions = true)
    static final class Show extends OfRoom {
        @Override
        void run(RestClient client) throws RestRefusal {
            print(client.get(path()), FIELDS);
        }
    }

    @Command(
            name = "end",
            description = "Completes a room: everybody in it is disconnected, and nobody can join it again.",
            mixinStandardHelpOptions = true)
    static final class End extends OfRoom {
        @Override
        void run(RestClient client) throws RestRefusal {
            print(client.post(path(), Map.of("Status", "completed")), FIELDS);
        }
    }
}
