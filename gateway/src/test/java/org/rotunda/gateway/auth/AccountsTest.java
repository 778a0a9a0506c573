package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;

class AccountsTest {
    private static final String SID = "AC00000000000000000000000000000001";
    private static final String KEY = "SK00000000000000000000000000000001";
    private static final String TEXT =
            "accounts = [{sid = %s, auth-tokens = [first, second], keys = [{sid = %s, secret = hush}]}]"
                    .formatted(SID, KEY);

    private static Accounts accounts(String text) {
        return Accounts.from(ConfigFactory.parseString(text).getConfigList("accounts"));
    }

    @Test
    void acceptsEveryTokenAndKeyOfAnAccount() {
        Accounts accounts = accounts(TEXT);
        AccountSid sid = new AccountSid(SID);

        assertThat(accounts.authenticate(SID, "first")).contains(sid);
        assertThat(accounts.authenticate(SID, "second")).contains(sid);
        assertThat(accounts.authenticate(KEY, "hush")).contains(sid);
    }

    @Test
    void refusesAllOtherCredentials() {
        Accounts accounts = accounts(TEXT);

        assertThat(accounts.authenticate(SID, "hush")).isEmpty();
        assertThat(accounts.authenticate(SID, "")).isEmpty();
        assertThat(accounts.authenticate(KEY, "first")).isEmpty();
        assertThat(accounts.authenticate("", "")).isEmpty();
    }

    @Test
    void neverPrintsSecrets() {
        assertThat(accounts(TEXT).key(KEY).orElseThrow().toString()).doesNotContain("hush");
        assertThat(new Account(new AccountSid(SID), java.util.List.of(Secret.of("first")), java.util.List.of()))
                .asString()
                .doesNotContain("first");
    }

    @Test
    void refusesAmbiguousConfiguration() {
        assertThatThrownBy(() -> accounts(TEXT.replace("]}]", "]}, {sid = " + SID + "}]")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> accounts("accounts = [{sid = " + SID + ", keys = [{sid = XX, secret = a}]}]"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
