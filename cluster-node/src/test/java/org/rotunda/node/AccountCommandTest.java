package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.CommandNode.ACCOUNT;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.rotunda.node.CommandNode.Result;

/** Tests {@code rotunda account} and {@code rotunda key} against a node. */
class AccountCommandTest {
    private static final CommandNode NODE = CommandNode.start("account-command");

    @AfterAll
    static void stop() {
        NODE.close();
    }

    private static Result run(String... arguments) {
        return NODE.run(arguments);
    }

    private static Result runAs(String user, String password, String... arguments) {
        return NODE.runAs(user, password, arguments);
    }

    @Test
    void createsListsSuspendsAndClosesSubaccounts() {
        JsonNode created = run("account", "create", "Team A", "--json").json();
        String sid = created.path("sid").asText();
        assertThat(created.path("friendly_name").asText()).isEqualTo("Team A");

        assertThat(run("account", "list", "--json").json().findValuesAsText("sid"))
                .contains(sid, ACCOUNT);
        Result table = run("account", "list", "--status", "active");
        assertThat(table.out().lines().findFirst().orElseThrow())
                .startsWith("sid")
                .contains("status", "friendly_name", "date_created");
        assertThat(table.out()).contains(sid).contains("Team A");
        assertThat(run("account", "suspend", sid).out()).contains("suspended");
        assertThat(run("account", "activate", sid).out()).contains("active");
        assertThat(run("account", "close", sid).out()).contains("closed");
        Result again = run("account", "activate", sid);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).startsWith("rotunda: ").contains("20409", "409");
    }

    @Test
    void changesAnAuthTokenInTwoSteps() {
        JsonNode created = run("account", "create", "--json").json();
        String sid = created.path("sid").asText();
        String first = created.path("auth_token").asText();
        assertThat(run("account", "rotate-token", sid).out()).contains("secondary_auth_token");
        assertThat(run("account", "rotate-token", sid, "--cancel").out()).contains("deleted");
        String second = run("account", "rotate-token", sid, "--json")
                .json()
                .path("secondary_auth_token")
                .asText();

        JsonNode promoted =
                run("account", "rotate-token", sid, "--promote", "--json").json();

        assertThat(promoted.path("auth_token").asText()).isEqualTo(second);
        assertThat(runAs(sid, first, "key", "list").exitCode()).isEqualTo(1);
        assertThat(runAs(sid, second, "key", "list").exitCode()).isZero();
        assertThat(runAs(sid, second, "account", "rotate-token", sid).exitCode())
                .isZero();
        assertThat(run("account", "rotate-token", sid, "--promote", "--cancel").exitCode())
                .isEqualTo(2);
    }

    @Test
    void createsListsAndRevokesKeys() {
        JsonNode key = run("key", "create", "signer", "--json").json();
        String sid = key.path("sid").asText();
        assertThat(key.path("secret").asText()).hasSize(32);
        assertThat(run("key", "list").out())
                .contains(sid, "signer")
                .doesNotContain(key.path("secret").asText());
        String subaccount =
                run("account", "create", "--json").json().path("sid").asText();
        String theirs = run("key", "create", "--account", subaccount, "--json")
                .json()
                .path("sid")
                .asText();
        assertThat(run("key", "list", "--account", subaccount).out())
                .contains(theirs)
                .doesNotContain(sid);

        assertThat(run("key", "revoke", sid).out()).contains(sid);

        assertThat(run("key", "list", "--json").json().findValuesAsText("sid")).doesNotContain(sid);
        Result again = run("key", "revoke", sid);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("20404");
    }

    @Test
    void replacesControlCharactersOfNames() {
        run("account", "create", "evil\u001B[31m\nname");

        assertThat(run("account", "list").out()).contains("evil?[31m?name");
    }

    @Test
    void saysWhyThereIsNoAnswer() {
        assertThat(runAs(ACCOUNT, "wrong", "account", "list").err()).contains("20003");
        Result refused = runAs(ACCOUNT, "wrong", "account", "list");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).doesNotContain("wrong");
        StringWriter err = new StringWriter();
        int exitCode = Main.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute("key", "list", "--url", "http://127.0.0.1:1", "--user", ACCOUNT, "--password", "x");
        assertThat(exitCode).isEqualTo(69);
        assertThat(err.toString()).contains("does not answer");
        assertThat(run("account").exitCode()).isEqualTo(2);
        assertThat(run("account", "create", "--version").out()).startsWith("rotunda ");
    }
}
