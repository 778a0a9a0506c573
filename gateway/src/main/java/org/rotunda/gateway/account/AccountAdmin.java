package org.rotunda.gateway.account;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.rotunda.gateway.auth.Secret;
import org.rotunda.gateway.auth.SecretBox;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.AccountStore.AccountFilter;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.KeyRow;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/**
 * Changes accounts and keys in the database. Makes SIDs and secrets, and encrypts the secrets. A stage of a change
 * completes when this node accepts the change; the other nodes follow within {@code refresh}. Safe to call from any
 * thread.
 */
public final class AccountAdmin {
    /** The time for which the row of a revoked key stays, so that every node learns that the key is revoked. */
    static final Duration REVOKED_KEPT = Duration.ofHours(1);

    /** The time for which the row of a closed subaccount stays. */
    static final Duration CLOSED_KEPT = Duration.ofDays(30);

    static final int SECRET_CHARS = 32;
    private static final int SID_BYTES = 16;
    private static final int AUTH_TOKEN_BYTES = 16;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final AccountStore store;
    private final SecretBox secrets;
    private final AccountDirectory directory;
    private final AccountSettings settings;
    private final Supplier<CompletionStage<Done>> refresh;
    private final Clock clock;
    private final SecureRandom random;

    /** @param refresh makes this node read the changes at once */
    public AccountAdmin(
            AccountStore store,
            SecretBox secrets,
            AccountDirectory directory,
            AccountSettings settings,
            Supplier<CompletionStage<Done>> refresh,
            Clock clock,
            SecureRandom random) {
        this.store = store;
        this.secrets = secrets;
        this.directory = directory;
        this.settings = settings;
        this.refresh = refresh;
        this.clock = clock;
        this.random = random;
    }

    /** A new key with its secret, which is shown only once. */
    public record NewKey(KeyRow key, Secret secret) {}

    /** An account with a new auth token. */
    public record NewToken(AccountRow account, Secret token) {}

    /** Returns the row of an account of the configuration, for a database that does not have it yet. */
    public static AccountRow configured(AccountSid sid, Clock clock) {
        Instant now = now(clock);
        return new AccountRow(sid, null, sid.value(), AccountStatus.ACTIVE, null, null, Map.of(), now, now);
    }

    public CompletionStage<Optional<AccountRow>> account(AccountSid sid) {
        return store.account(sid);
    }

    /** Lists an account and its subaccounts. */
    public CompletionStage<Page<AccountRow>> family(AccountSid parent, AccountFilter filter, PageRequest page) {
        return store.family(parent, filter, page);
    }

    /** Creates a subaccount; empty if the parent has {@code subaccounts-max} already. */
    public CompletionStage<Optional<AccountRow>> createSubaccount(AccountSid parent, String friendlyName) {
        AccountSid sid = AccountSid.random(random);
        Instant now = now(clock);
        AccountRow account = new AccountRow(
                sid,
                parent,
                friendlyName,
                AccountStatus.ACTIVE,
                secrets.seal(sid.value(), newAuthToken()),
                null,
                Map.of(),
                now,
                now);
        return changed(store.insert(account, settings.subaccountsMax(), now.minus(CLOSED_KEPT)))
                .thenApply(inserted -> inserted ? Optional.of(account) : Optional.empty());
    }

    /**
     * Changes an account.
     *
     * @param change may throw; the stage then fails with the same exception
     * @return empty if there is no such account
     */
    public CompletionStage<Optional<AccountRow>> update(AccountSid sid, UnaryOperator<AccountRow> change) {
        Instant now = now(clock);
        return changed(store.update(sid, row -> {
            AccountRow next = change.apply(row);
            return new AccountRow(
                    next.sid(),
                    next.parent(),
                    next.friendlyName(),
                    next.status(),
                    next.primaryToken(),
                    next.secondaryToken(),
                    next.roomSettings(),
                    next.createdAt(),
                    now);
        }));
    }

    /**
     * Returns the primary auth token, which signs callbacks; empty if the account has none or if this node cannot
     * decrypt it.
     */
    public Optional<Secret> authToken(AccountRow account) {
        String sealed = account.primaryToken();
        if (sealed == null) {
            return directory.get().primaryAuthToken(account.sid());
        }
        return open(account.sid().value(), sealed);
    }

    /**
     * Adds a second auth token, which is accepted beside the first one.
     *
     * @param check may refuse the change by an exception
     */
    public CompletionStage<Optional<NewToken>> addSecondaryToken(AccountSid sid, UnaryOperator<AccountRow> check) {
        String token = newAuthToken();
        String sealed = secrets.seal(sid.value(), token);
        return update(sid, row -> withTokens(check.apply(row), row.primaryToken(), sealed))
                .thenApply(account -> account.map(row -> new NewToken(row, Secret.of(token))));
    }

    /** Deletes the second auth token. */
    public CompletionStage<Optional<AccountRow>> deleteSecondaryToken(AccountSid sid, UnaryOperator<AccountRow> check) {
        return update(sid, row -> withTokens(check.apply(row), row.primaryToken(), null));
    }

    /** Makes the second auth token the only one. The first one is no longer accepted. */
    public CompletionStage<Optional<AccountRow>> promoteSecondaryToken(
            AccountSid sid, UnaryOperator<AccountRow> check) {
        return update(sid, row -> withTokens(check.apply(row), row.secondaryToken(), null));
    }

    private static AccountRow withTokens(AccountRow row, @Nullable String primary, @Nullable String secondary) {
        return new AccountRow(
                row.sid(),
                row.parent(),
                row.friendlyName(),
                row.status(),
                primary,
                secondary,
                row.roomSettings(),
                row.createdAt(),
                row.updatedAt());
    }

    /** Creates a key; empty if the account has {@code keys-max} already. */
    public CompletionStage<Optional<NewKey>> createKey(AccountSid account, @Nullable String friendlyName) {
        String sid = "SK" + hex(SID_BYTES);
        String secret = newSecret();
        Instant now = now(clock);
        KeyRow key = new KeyRow(sid, account, friendlyName, secrets.seal(sid, secret), now, now, null);
        return changed(store.insert(key, settings.keysMax(), now.minus(REVOKED_KEPT)))
                .thenApply(inserted -> inserted ? Optional.of(new NewKey(key, Secret.of(secret))) : Optional.empty());
    }

    public CompletionStage<Optional<KeyRow>> key(AccountSid account, String sid) {
        return store.key(account, sid);
    }

    public CompletionStage<Page<KeyRow>> keys(AccountSid account, PageRequest page) {
        return store.keys(account, page);
    }

    public CompletionStage<Optional<KeyRow>> renameKey(AccountSid account, String sid, @Nullable String friendlyName) {
        Instant now = now(clock);
        return changed(store.update(
                account,
                sid,
                key -> new KeyRow(
                        key.sid(), key.account(), friendlyName, key.secret(), key.createdAt(), now, key.revokedAt())));
    }

    /** Revokes a key for ever. */
    public CompletionStage<Optional<KeyRow>> revokeKey(AccountSid account, String sid) {
        Instant now = now(clock);
        return changed(store.update(
                account,
                sid,
                key -> new KeyRow(
                        key.sid(), key.account(), key.friendlyName(), key.secret(), key.createdAt(), now, now)));
    }

    /** Returns the stage of a change, completed after this node has read the change. */
    private <T> CompletionStage<T> changed(CompletionStage<T> change) {
        // If the read fails, the change is made all the same, and this node reads it later.
        return change.thenCompose(result -> refresh.get().handle((done, failure) -> result));
    }

    private Optional<Secret> open(String owner, String sealed) {
        try {
            return Optional.of(secrets.open(owner, sealed));
        } catch (SecretBox.UnreadableException e) {
            return Optional.empty(); // The directory has logged the reason.
        }
    }

    private String newAuthToken() {
        return hex(AUTH_TOKEN_BYTES);
    }

    private String newSecret() {
        StringBuilder secret = new StringBuilder(SECRET_CHARS);
        for (int i = 0; i < SECRET_CHARS; i++) {
            secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return secret.toString();
    }

    private String hex(int bytes) {
        byte[] filled = new byte[bytes];
        random.nextBytes(filled);
        return HexFormat.of().formatHex(filled);
    }

    /** Returns the time in the precision of the database. */
    private static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
