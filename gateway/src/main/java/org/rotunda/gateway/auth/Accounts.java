package org.rotunda.gateway.auth;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;

/** The accounts that exist at one moment, and their keys. Immutable. */
public final class Accounts {
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, OwnedKey> keys = new HashMap<>();

    /** A key and the account that owns it. */
    public record OwnedKey(AccountSid owner, ApiKey key) {}

    /**
     * The caller that HTTP Basic credentials belong to.
     *
     * @param byKey true if the caller has shown an API key, and not an auth token
     * @param isActive false if the account is suspended or closed, or if its parent is not an active account
     */
    public record Caller(AccountSid account, boolean byKey, boolean isActive) {}

    public Accounts(Collection<Account> all) {
        for (Account account : all) {
            if (accounts.put(account.sid().value(), account) != null) {
                throw new IllegalArgumentException("rotunda.accounts names an account twice: " + account.sid());
            }
            for (ApiKey key : account.keys()) {
                if (keys.put(key.sid(), new OwnedKey(account.sid(), key)) != null) {
                    throw new IllegalArgumentException("rotunda.accounts names a key twice: " + key.sid());
                }
            }
        }
    }

    /** Reads a list of {@code {sid, auth-tokens = […], keys = [{sid, secret}]}}. */
    public static Accounts from(List<? extends Config> list) {
        List<Account> all = new ArrayList<>();
        for (Config account : list) {
            List<ApiKey> keys = new ArrayList<>();
            if (account.hasPath("keys")) {
                for (Config key : account.getConfigList("keys")) {
                    keys.add(new ApiKey(key.getString("sid"), Secret.of(key.getString("secret"))));
                }
            }
            List<Secret> authTokens = account.hasPath("auth-tokens")
                    ? account.getStringList("auth-tokens").stream()
                            .map(Secret::of)
                            .toList()
                    : List.of();
            all.add(Account.configured(new AccountSid(account.getString("sid")), authTokens, keys));
        }
        return new Accounts(all);
    }

    /**
     * Finds the caller of HTTP Basic credentials. These are an account's SID and an auth token, or a key's SID and its
     * secret.
     */
    public Optional<Caller> authenticate(String user, String password) {
        Account account = accounts.get(user);
        if (account != null) {
            boolean known = false;
            for (Secret token : account.authTokens()) {
                // The loop has no early exit, so that its duration does not tell which token matched.
                known |= token.matches(password);
            }
            return known ? Optional.of(new Caller(account.sid(), false, isActive(account))) : Optional.empty();
        }
        return key(user)
                .filter(owned -> owned.key().secret().matches(password))
                .map(owned -> new Caller(owned.owner(), true, isActive(owned.owner())));
    }

    /** Returns the auth token that signs the status callbacks of an account: the first of its auth tokens. */
    public Optional<Secret> primaryAuthToken(AccountSid sid) {
        return account(sid).flatMap(account -> account.authTokens().stream().findFirst());
    }

    /** Finds the key with this SID. */
    public Optional<OwnedKey> key(String keySid) {
        return Optional.ofNullable(keys.get(keySid));
    }

    /** Finds the account with this SID, in any status. */
    public Optional<Account> account(AccountSid sid) {
        return Optional.ofNullable(accounts.get(sid.value()));
    }

    /** Returns all accounts, in no particular order. */
    public Collection<Account> all() {
        return List.copyOf(accounts.values());
    }

    /** Returns the number of keys of all accounts. */
    public int keyCount() {
        return keys.size();
    }

    /** Returns whether credentials and access tokens of this account are accepted. */
    public boolean isActive(AccountSid sid) {
        return account(sid).filter(this::isActive).isPresent();
    }

    /**
     * Returns whether an account is active. A subaccount is active only while its parent is in the configuration, so an
     * operator who takes the parent out of the configuration shuts off both.
     */
    private boolean isActive(Account account) {
        AccountSid parent = account.parent();
        return account.status() == AccountStatus.ACTIVE
                && (parent == null
                        || account(parent).filter(Account::isConfigured).isPresent());
    }

    /**
     * Returns the first key of the first account that has a key. The development endpoint signs its tokens with this
     * key.
     */
    public Optional<OwnedKey> anyKey() {
        return accounts.values().stream()
                .sorted(Comparator.comparing(account -> account.sid().value()))
                .flatMap(account -> account.keys().stream().map(key -> new OwnedKey(account.sid(), key)))
                .findFirst();
    }
}
