package org.rotunda.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.gateway.account.AccountRowSamples.KEY;
import static org.rotunda.gateway.account.AccountRowSamples.NOW;
import static org.rotunda.gateway.account.AccountRowSamples.PARENT;
import static org.rotunda.gateway.account.AccountRowSamples.SUBACCOUNT;
import static org.rotunda.gateway.account.AccountRowSamples.key;
import static org.rotunda.gateway.account.AccountRowSamples.parent;
import static org.rotunda.gateway.account.AccountRowSamples.subaccount;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.auth.Account;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.Accounts.Caller;
import org.rotunda.gateway.auth.ApiKey;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.auth.SecretBox;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.Changes;
import org.rotunda.room.protocol.AccountStore.KeyRow;

/** Tests how the accounts of the configuration and those of the database become one set. */
class AccountDirectoryTest {
    private static final String CONFIGURED_KEY = "SK" + "4".repeat(32);

    private final AccountStatistics statistics = new AccountStatistics(Clock.systemUTC());
    private final AccountDirectory directory = directory(List.of(Account.configured(
            PARENT,
            List.of(Secret.of("configured")),
            List.of(new ApiKey(CONFIGURED_KEY, Secret.of("configured secret"))))));

    private AccountDirectory directory(List<Account> configured) {
        return new AccountDirectory(new Accounts(configured), new SecretBox(List.of(), new SecureRandom()), statistics);
    }

    private static Changes changes(List<AccountRow> accounts, List<KeyRow> keys) {
        return new Changes(1, accounts, keys);
    }

    @Test
    void knowsTheConfigurationBeforeTheDatabase() {
        assertThat(directory.get().authenticate(PARENT.value(), "configured"))
                .contains(new Caller(PARENT, false, true));
        assertThat(directory.get().key(KEY)).isEmpty();
    }

    @Test
    void addsTheSubaccountsAndKeysOfTheDatabase() {
        directory.apply(
                changes(
                        List.of(parent(Map.of("AudioOnly", "true")), subaccount(AccountStatus.ACTIVE, "p1:second")),
                        List.of(key(PARENT, null))),
                true);
        Accounts accounts = directory.get();

        assertThat(accounts.authenticate(SUBACCOUNT.value(), "first")).contains(new Caller(SUBACCOUNT, false, true));
        assertThat(accounts.authenticate(SUBACCOUNT.value(), "second")).contains(new Caller(SUBACCOUNT, false, true));
        assertThat(accounts.primaryAuthToken(SUBACCOUNT)).contains(Secret.of("first"));
        assertThat(accounts.authenticate(KEY, "hush")).contains(new Caller(PARENT, true, true));
        assertThat(accounts.authenticate(PARENT.value(), "configured")).isPresent();
        assertThat(accounts.authenticate(CONFIGURED_KEY, "configured secret")).isPresent();
        assertThat(accounts.account(PARENT).orElseThrow().roomSettings()).containsEntry("AudioOnly", "true");
        assertThat(accounts.account(SUBACCOUNT).orElseThrow().roomSettings()).containsEntry("MaxParticipants", "7");
        assertThat(statistics.accounts()).isEqualTo(2);
        assertThat(statistics.keys()).isEqualTo(2);
    }

    @Test
    void appliesChangesToSingleRows() {
        directory.apply(
                changes(
                        List.of(parent(Map.of()), subaccount(AccountStatus.ACTIVE, null)),
                        List.of(key(SUBACCOUNT, null))),
                true);

        directory.apply(changes(List.of(subaccount(AccountStatus.SUSPENDED, null)), List.of()), false);
        assertThat(directory.get().authenticate(SUBACCOUNT.value(), "first"))
                .contains(new Caller(SUBACCOUNT, false, false));
        assertThat(directory.get().authenticate(KEY, "hush")).contains(new Caller(SUBACCOUNT, true, false));
        assertThat(directory.get().isActive(SUBACCOUNT)).isFalse();

        directory.apply(changes(List.of(subaccount(AccountStatus.ACTIVE, null)), List.of()), false);
        assertThat(directory.get().isActive(SUBACCOUNT)).isTrue();

        directory.apply(changes(List.of(), List.of(key(SUBACCOUNT, NOW))), false);
        assertThat(directory.get().key(KEY)).as("it is revoked").isEmpty();
        assertThat(directory.get().authenticate(SUBACCOUNT.value(), "first")).isPresent();
    }

    @Test
    void forgetsRowsThatAWholeReadDoesNotContain() {
        directory.apply(changes(List.of(subaccount(AccountStatus.ACTIVE, null)), List.of(key(PARENT, null))), true);
        directory.apply(changes(List.of(), List.of()), true);

        assertThat(directory.get().account(SUBACCOUNT)).isEmpty();
        assertThat(directory.get().key(KEY)).isEmpty();
    }

    /** An operator takes an account away by taking it out of the configuration. The database still has its rows. */
    @Test
    void anAccountThatIsNoLongerConfiguredTakesItsKeysAndSubaccountsWithIt() {
        AccountDirectory without = directory(List.of());
        without.apply(
                changes(List.of(parent(Map.of()), subaccount(AccountStatus.ACTIVE, null)), List.of(key(PARENT, null))),
                true);

        assertThat(without.get().account(PARENT)).isEmpty();
        assertThat(without.get().key(KEY)).isEmpty();
        assertThat(without.get().authenticate(SUBACCOUNT.value(), "first"))
                .contains(new Caller(SUBACCOUNT, false, false));
    }

    @Test
    void theConfigurationDecidesAboutItsOwnKeys() {
        directory.apply(
                changes(
                        List.of(subaccount(AccountStatus.ACTIVE, null)),
                        List.of(new KeyRow(CONFIGURED_KEY, SUBACCOUNT, null, "p1:other", NOW, NOW, null))),
                true);

        assertThat(directory.get().authenticate(CONFIGURED_KEY, "other")).isEmpty();
        assertThat(directory.get().key(CONFIGURED_KEY).orElseThrow().owner()).isEqualTo(PARENT);
    }

    @Test
    void refusesAndCountsSecretsThatItCannotDecrypt() {
        KeyRow unreadable = new KeyRow(KEY, PARENT, null, "g1:00000000:AAAA", NOW, NOW, null);
        directory.apply(changes(List.of(), List.of(unreadable)), true);

        assertThat(directory.get().key(KEY)).isEmpty();
        assertThat(statistics.unreadable()).isEqualTo(1);

        directory.apply(changes(List.of(), List.of(key(PARENT, null))), false);
        assertThat(directory.get().key(KEY)).isPresent();
        assertThat(statistics.unreadable()).isZero();
    }

    @Test
    void anotherAccountIsUnknown() {
        assertThat(directory.get().isActive(new AccountSid("AC" + "9".repeat(32))))
                .isFalse();
    }
}
