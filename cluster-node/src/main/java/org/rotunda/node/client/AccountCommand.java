package org.rotunda.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotunda account …}: administers the subaccounts of an account of the configuration. */
@Command(
        name = "account",
        description = "Creates, lists, suspends and closes subaccounts of a running cluster; changes auth tokens.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AccountCommand.Create.class,
            AccountCommand.ListAll.class,
            AccountCommand.Suspend.class,
            AccountCommand.Activate.class,
            AccountCommand.Close.class,
            AccountCommand.RotateToken.class
        })
public final class AccountCommand {
    static final String ACCOUNTS = "/2010-04-01/Accounts";

    private static final String[] FIELDS = {"sid", "status", "friendly_name", "date_created"};

    private static String pathOf(String sid) {
        return ACCOUNTS + "/" + RestClient.segment(sid) + ".json";
    }

    @Command(
            name = "create",
            description = "Creates a subaccount and prints its auth token.",
            mixinStandardHelpOptions = true)
    static final class Create extends RestCommand {
        @Parameters(arity = "0..1", paramLabel = "NAME", description = "A name for people, up to 64 characters.")
        private @Nullable String name;

        @Override
        void run(RestClient client) throws RestRefusal {
            Map<String, String> form = name == null ? Map.of() : Map.of("FriendlyName", name);
            print(client.post(ACCOUNTS + ".json", form), "sid", "friendly_name", "auth_token");
        }
    }

    @Command(
            name = "list",
            description = "Lists the account and its subaccounts, newest first.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends RestCommand {
        @Option(names = "--status", paramLabel = "STATUS", description = "Only active, suspended or closed ones.")
        private @Nullable String status;

        @Override
        void run(RestClient client) throws RestRefusal {
            String filter = status == null ? "" : "?Status=" + RestClient.segment(status);
            List<JsonNode> accounts = client.list(ACCOUNTS + ".json" + filter, "accounts");
            print(accounts, FIELDS);
        }
    }

    /** A command that changes the status of a subaccount. */
    abstract static class StatusCommand extends RestCommand {
        @Parameters(paramLabel = "SID", description = "The subaccount.")
        private String sid = "";

        abstract String status();

        @Override
        final void run(RestClient client) throws RestRefusal {
            print(client.post(pathOf(sid), Map.of("Status", status())), FIELDS);
        }
    }

    @Command(
            name = "suspend",
            description = "Refuses all credentials and access tokens of a subaccount until it is activated.",
            mixinStandardHelpOptions = true)
    static final class Suspend extends StatusCommand {
        @Override
        String status() {
            return "suspended";
        }
    }

    @Command(
            name = "activate",
            description = "Accepts the credentials of a suspended subaccount again.",
            mixinStandardHelpOptions = true)
    static final class Activate extends StatusCommand {
        @Override
        String status() {
            return "active";
        }
    }

    @Command(
            name = "close",
            description = "Refuses all credentials and access tokens of a subaccount for ever.",
            mixinStandardHelpOptions = true)
    static final class Close extends StatusCommand {
        @Override
        String status() {
            return "closed";
        }
    }

    @Command(
            name = "rotate-token",
            description = {
                "Changes the auth token of a subaccount in two steps.",
                "Without an option: adds a secondary token and prints it. Both tokens are accepted; the first one signs"
                        + " callbacks.",
                "Then, when the applications use the new token: --promote."
            },
            mixinStandardHelpOptions = true)
    static final class RotateToken extends RestCommand {
        private static final String SECONDARY = "/v1/AuthTokens/Secondary";
        private static final String PROMOTE = "/v1/AuthTokens/Promote";

        @Parameters(paramLabel = "SID", description = "The subaccount.")
        private String sid = "";

        @ArgGroup
        private @Nullable Step step;

        /** The second step, or the way back. */
        static final class Step {
            @Option(names = "--promote", description = "Makes the secondary token the only one.", required = true)
            private boolean promote;

            @Option(names = "--cancel", description = "Deletes the secondary token.", required = true)
            private boolean cancel;
        }

        @Override
        void run(RestClient client) throws RestRefusal {
            RestClient owner = ownerOf(client);
            if (step == null) {
                print(owner.post(SECONDARY, Map.of()), "account_sid", "secondary_auth_token");
                return;
            }
            if (step.promote) {
                print(owner.post(PROMOTE, Map.of()), "account_sid", "auth_token");
            }
            if (step.cancel) {
                owner.delete(SECONDARY);
                say("The secondary auth token of " + sid + " is deleted.");
            }
        }

        /** Returns a client with the credentials of the subaccount, which the parent may read. */
        private RestClient ownerOf(RestClient client) throws RestRefusal {
            if (sid.equals(client.user())) {
                return client;
            }
            JsonNode account = client.get(pathOf(sid));
            return client.as(sid, account.path("auth_token").asText());
        }
    }
}
