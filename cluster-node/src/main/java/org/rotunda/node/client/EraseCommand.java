package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rotunda erase}: erases the identity of a person from all records of an account. */
@Command(
        name = "erase",
        description = "Erases the identity of a person from all records of rooms that are over.",
        footer = {
            "",
            "The SID of each participant takes the place of the identity. The journals of these rooms are deleted."
                    + " This cannot be undone.",
            "Ends with exit code 3 if the identity is left in rooms that are in progress or have just ended: run the"
                    + " command again when they have been over for two minutes."
        },
        mixinStandardHelpOptions = true)
public final class EraseCommand extends RestCommand {
    /** The exit code if the identity is left in some rooms. */
    static final int EXIT_LEFT = 3;

    private static final String ERASURES = "/v1/Erasures";
    private static final List<String> COUNTS =
            List.of("rooms_searched", "participants_erased", "journals_deleted", "status_callbacks_erased");

    @Option(
            names = "--identity",
            paramLabel = "IDENTITY",
            required = true,
            description = "The identity, as in the access tokens of the person.")
    private String identity = "";

    @Option(
            names = "--account",
            paramLabel = "SID",
            description = "The account of the rooms: the account of --user, or a subaccount of it.")
    private @Nullable String account;

    @Override
    void run(RestClient client) throws RestRefusal {
        RestClient owner = owner(client);
        Map<String, Long> counts = new LinkedHashMap<>();
        Set<String> left = new LinkedHashSet<>();
        String token = "";
        do {
            JsonNode step = owner.post(
                    ERASURES,
                    token.isEmpty() ? Map.of("Identity", identity) : Map.of("Identity", identity, "PageToken", token));
            for (String count : COUNTS) {
                counts.merge(count, step.path(count).asLong(), Long::sum);
            }
            step.path("rooms_left").forEach(room -> left.add(room.asText()));
            token = step.path("next_page_token").asText("");
        } while (!token.isEmpty() && !token.equals("null"));
        print(summary(owner.user(), counts, left), fields());
        if (!left.isEmpty()) {
            throw new RestRefusal(
                    "the identity is left in " + left.size() + " rooms that are in progress or have just ended: "
                            + String.join(" ", left),
                    EXIT_LEFT);
        }
    }

    private static ObjectNode summary(String account, Map<String, Long> counts, Set<String> left) {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        summary.put("account_sid", account);
        counts.forEach(summary::put);
        ArrayNode rooms = summary.putArray("rooms_left");
        left.forEach(rooms::add);
        return summary;
    }

    private static String[] fields() {
        return COUNTS.toArray(String[]::new);
    }

    /** Returns a client with the credentials of the account, which a parent may read. */
    private RestClient owner(RestClient client) throws RestRefusal {
        if (account == null || account.equals(client.user())) {
            return client;
        }
        JsonNode subaccount = client.get(AccountCommand.ACCOUNTS + "/" + RestClient.segment(account) + ".json");
        return client.as(account, subaccount.path("auth_token").asText());
    }
}
