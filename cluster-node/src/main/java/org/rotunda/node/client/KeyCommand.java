package org.rotunda.node.client;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rotunda key …}: administers the API keys of an account. */
@Command(
        name = "key",
        description = "Creates, lists and revokes API keys of a running cluster.",
        mixinStandardHelpOptions = true,
        subcommands = {KeyCommand.Create.class, KeyCommand.ListAll.class, KeyCommand.Revoke.class})
public final class KeyCommand {
    private static final String[] FIELDS = {"sid", "friendly_name", "date_created"};

    /** A command about the keys of one account. */
    abstract static class OfAccount extends RestCommand {
        @Option(
                names = "--account",
                paramLabel = "SID",
                description = "The account of the keys: the account of --user, or a subaccount of it.")
        private @Nullable String account;

        final String keysOf(RestClient client) {
            return AccountCommand.ACCOUNTS + "/" + RestClient.segment(account == null ? client.user() : account)
                    + "/Keys";
        }
    }

    @Command(
            name = "create",
            description = "Creates an API key and prints its secret, which is shown only now.",
            mixinStandardHelpOptions = true)
    static final class Create extends OfAccount {
        @Parameters(arity = "0..1", paramLabel = "NAME", description = "A name for people, up to 64 characters.")
        private @Nullable String name;

        @Override
        void run(RestClient client) throws RestRefusal {
            Map<String, String> form = new HashMap<>();
            if (name != null) {
                form.put("FriendlyName", name);
            }
            print(client.post(keysOf(client) + ".json", form), "sid", "friendly_name", "secret");
        }
    }

    @Command(
            name = "list",
            description = "Lists the API keys that were created on the running cluster, newest first.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends OfAccount {
        @Override
        void run(RestClient client) throws RestRefusal {
            print(client.list(keysOf(client) + ".json", "keys"), FIELDS);
        }
    }

    @Command(
            name = "revoke",
            description = "Revokes an API key for ever, and with it all access tokens that it has signed.",
            mixinStandardHelpOptions = true)
    static final class Revoke extends OfAccount {
        @Parameters(paramLabel = "SK…", description = "The key.")
        private String key = "";

        @Override
        void run(RestClient client) throws RestRefusal {
            client.delete(keysOf(client) + "/" + RestClient.segment(key) + ".json");
            say("The key " + key + " is revoked.");
        }
    }
}
