package org.rotunda.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;

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

        assertThat(accounts.authenticate(SID, "first")).contains(new Accounts.Caller(sid, false, true));
        assertThat(accounts.authenticate(SID, "second")).contains(new Accounts.Caller(sid, false, true));
        assertThat(accounts.authenticate(KEY, "hush")).contains(new Accounts.Caller(sid, true, true));
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
        assertThat(Account.configured(new AccountSid(SID), List.of(Secret.of("first")), List.of()))
                .asString()
                .doesNotContain("first");
    }

    @Test
    void aSubaccountIsActiveOnlyWhileItsParentIsConfigured() {
        AccountSid parent = new AccountSid(SID);
        AccountSid sid = new AccountSid("AC" + "2".repeat(32));
        Account configured = Account.configured(parent, List.of(), List.of());
        for (AccountStatus status : AccountStatus.values()) {
            Account subaccount = new Account(sid, parent, status, List.of(Secret.of("x")), List.of(), Map.of());

            assertThat(new Accounts(List.of(configured, subaccount)).isActive(sid))
                    .isEqualTo(status == AccountStatus.ACTIVE);
            assertThat(new Accounts(List.of(subaccount)).isActive(sid)).isFalse();
            assertThat(new Accounts(List.of(subaccount)).authenticate(sid.value(), "x"))
                    .contains(new Accounts.Caller(sid, false, false));
        }
    }

    @Test
    void theFirstAuthTokenSignsCallbacks() {
        assertThat(accounts(TEXT).primaryAuthToken(new AccountSid(SID))).contains(Secret.of("first"));
    }

    @Test
    void refusesAmbiguousConfiguration() {
        assertThatThrownBy(() -> accounts(TEXT.replace("]}]", "]}, {sid = " + SID + "}]")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> accounts("accounts = [{sid = " + SID + ", keys = [{sid = XX, secret = a}]}]"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
