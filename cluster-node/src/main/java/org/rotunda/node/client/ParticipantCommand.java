package org.rotunda.node.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotunda participant …}: shows the participants of a room, and removes them. */
@Command(
        name = "participant",
        description = "Lists, shows and removes participants of rooms of a running cluster.",
        mixinStandardHelpOptions = true,
        subcommands = {ParticipantCommand.ListAll.class, ParticipantCommand.Show.class, ParticipantCommand.Kick.class})
public final class ParticipantCommand {
    private static final String[] COLUMNS = {"sid", "identity", "status", "start_time", "duration"};

    private static final String[] FIELDS = {
        "sid", "identity", "status", "room_sid", "start_time", "date_updated", "end_time", "duration"
    };

    /** A command about the participants of one room. */
    abstract static class OfRoom extends RestCommand {
        @Parameters(
                index = "0",
                paramLabel = "ROOM",
                description = "The SID (RM…) of the room, or its unique name while it is in progress.")
        private String room = "";

        final String path() {
            return RoomCommand.pathOf(room) + "/Participants";
        }
    }

    @Command(
            name = "list",
            description = {
                "Lists the participants of a room, newest first.",
                "In a room in progress: those who are there, unless --status says otherwise. In a completed room:"
                        + " everybody who was there."
            },
            mixinStandardHelpOptions = true)
    static final class ListAll extends OfRoom {
        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description = "Only those who are connected, reconnecting or disconnected.")
        private @Nullable String status;

        @Option(names = "--identity", paramLabel = "NAME", description = "Only those with exactly this identity.")
        private @Nullable String identity;

        @Mixin
        private final CreatedFilter created = new CreatedFilter();

        @Mixin
        private final ListLimit limit = new ListLimit();

        @Override
        void run(RestClient client) throws RestRefusal {
            Map<String, String> filters = new LinkedHashMap<>();
            if (status != null) {
                filters.put("Status", status);
            }
            if (identity != null) {
                filters.put("Identity", identity);
            }
            created.addTo(filters);
            print(client.records(path(), "participants", filters, limit.max()), COLUMNS);
        }
    }

    /** A command about one participant. */
    abstract static class OfParticipant extends OfRoom {
        @Parameters(
                index = "1",
                paramLabel = "PARTICIPANT",
                description = "The SID (PA…) of the participant, or the identity of somebody who is there.")
        private String participant = "";

        final String participantPath() {
            return path() + "/" + RestClient.segment(participant);
        }
    }

    @Command(name = "show", description = "Shows a participant.", mixinStandardHelpOptions = true)
    static final class Show extends OfParticipant {
        @Override
        void run(RestClient client) throws RestRefusal {
            print(client.get(participantPath()), FIELDS);
        }
    }

    @Command(
            name = "kick",
            description =
                    "Removes a participant from its room. A participant with a valid access token can join again.",
            mixinStandardHelpOptions = true)
    static final class Kick extends OfParticipant {
        @Override
        void run(RestClient client) throws RestRefusal {
            print(client.post(participantPath(), Map.of("Status", "disconnected")), FIELDS);
        }
    }
}
