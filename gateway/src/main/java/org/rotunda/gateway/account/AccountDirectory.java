package org.rotunda.gateway.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Account;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.auth.ApiKey;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.auth.SecretBox;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.Changes;
import org.rotunda.room.protocol.AccountStore.KeyRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts that this node accepts: those of its configuration, and those of the database as it last read them. Any
 * thread may ask for the accounts; one actor applies changes. The number of accounts and keys is bounded by
 * {@code subaccounts-max} and {@code keys-max}.
 */
public final class AccountDirectory implements Supplier<Accounts> {
    private static final Logger LOG = LoggerFactory.getLogger(AccountDirectory.class);

    private final Accounts configured;
    private final SecretBox secrets;
    private final AccountStatistics statistics;
    private final Map<AccountSid, Account> rows = new HashMap<>(); // Decrypted, without keys.
    private final Map<String, Accounts.OwnedKey> keys = new HashMap<>(); // Decrypted, in use.
    private final Set<String> unreadable = new HashSet<>(); // SIDs of accounts and keys.
    private volatile Accounts current;

    /** @param configured the accounts of the configuration */
    public AccountDirectory(Accounts configured, SecretBox secrets, AccountStatistics statistics) {
        this.configured = configured;
        this.secrets = secrets;
        this.statistics = statistics;
        this.current = configured;
    }

    /** Returns the accounts as this node knows them now. */
    @Override
    public Accounts get() {
        return current;
    }

    /** Applies rows that have changed. If the changes are the whole content of the database, forgets all other rows. */
    void apply(Changes changes, boolean isWhole) {
        if (isWhole) {
            rows.clear();
            keys.clear();
            unreadable.clear();
        } else if (changes.accounts().isEmpty() && changes.keys().isEmpty()) {
            return;
        }
        changes.accounts().forEach(this::apply);
        changes.keys().forEach(this::apply);
        current = merged();
        statistics.onChanged(current.all().size(), current.keyCount(), unreadable.size());
    }

    private void apply(AccountRow row) {
        unreadable.remove(row.sid().value());
        List<Secret> tokens = new ArrayList<>();
        for (String sealed : new @Nullable String[] {row.primaryToken(), row.secondaryToken()}) {
            Secret token = sealed == null ? null : open(row.sid().value(), sealed);
            if (token != null) {
                tokens.add(token);
            }
        }
        rows.put(row.sid(), new Account(row.sid(), row.parent(), row.status(), tokens, List.of(), row.roomSettings()));
    }

    private void apply(KeyRow row) {
        keys.remove(row.sid());
        unreadable.remove(row.sid());
        Secret secret = row.revokedAt() == null ? open(row.sid(), row.secret()) : null;
        if (secret != null) {
            keys.put(row.sid(), new Accounts.OwnedKey(row.account(), new ApiKey(row.sid(), secret)));
        }
    }

    private @Nullable Secret open(String owner, String sealed) {
        try {
            return secrets.open(owner, sealed);
        } catch (SecretBox.UnreadableException e) {
            unreadable.add(owner);
            LOG.atError()
                    .addKeyValue("sid", owner)
                    .log("A secret in the database cannot be decrypted, so it is refused: {}", e.getMessage());
            return null;
        }
    }

    /**
     * Combines both sources. The configuration decides about its own accounts and keys. A row without a parent belongs
     * to an account of the configuration; if the configuration no longer has that account, neither the row nor its keys
     * count.
     */
    private Accounts merged() {
        Map<AccountSid, List<ApiKey>> keysByOwner = new HashMap<>();
        keys.forEach((sid, owned) -> {
            if (configured.key(sid).isEmpty()) {
                keysByOwner
                        .computeIfAbsent(owned.owner(), owner -> new ArrayList<>())
                        .add(owned.key());
            }
        });
        List<Account> all = new ArrayList<>();
        for (Account account : configured.all()) {
            Account row = rows.get(account.sid());
            List<ApiKey> owned = new ArrayList<>(account.keys());
            owned.addAll(keysByOwner.getOrDefault(account.sid(), List.of()));
            all.add(new Account(
                    account.sid(),
                    null,
                    account.status(),
                    account.authTokens(),
                    owned,
                    row == null ? Map.of() : row.roomSettings()));
        }
        for (Account row : rows.values()) {
            if (row.parent() != null && configured.account(row.sid()).isEmpty()) {
                all.add(new Account(
                        row.sid(),
                        row.parent(),
                        row.status(),
                        row.authTokens(),
                        keysByOwner.getOrDefault(row.sid(), List.of()),
                        row.roomSettings()));
            }
        }
        return new Accounts(all);
    }
}
