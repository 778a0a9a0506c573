package org.rotunda.room.protocol;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/**
 * The accounts and API keys in the database. Secrets are stored as the texts that the caller passes, so the caller
 * encrypts them. Safe to call from any thread; never blocks. While the database is away, the stages fail with
 * {@link RoomError#BUSY}.
 *
 * <p>Every change has a number, one more than the change before. A reader that knows all changes up to a number asks
 * only for later ones.
 */
public interface AccountStore {
    /**
     * The number of rows of closed subaccounts, or of revoked keys, for each row in use that the limits allow. Without
     * this limit, a caller who opens and closes without end would fill the tables.
     */
    int DISUSED_FACTOR = 10;

    /**
     * An account.
     *
     * @param parent the account that created this one; null for an account of the nodes' configuration
     * @param primaryToken the encrypted auth token that signs callbacks; null for an account of the configuration
     * @param secondaryToken the encrypted second auth token; null if there is none
     * @param roomSettings the default values of the parameters of a new room, by parameter
     */
    record AccountRow(
            AccountSid sid,
            @Nullable AccountSid parent,
            String friendlyName,
            AccountStatus status,
            @Nullable String primaryToken,
            @Nullable String secondaryToken,
            Map<String, String> roomSettings,
            Instant createdAt,
            Instant updatedAt) {
        public AccountRow {
            roomSettings = Map.copyOf(roomSettings);
        }

        /** Leaves out the tokens, although they are encrypted. */
        @Override
        public String toString() {
            return sid + " " + status.wireName();
        }
    }

    /**
     * An API key.
     *
     * @param secret the encrypted secret
     * @param revokedAt the time at which the key was revoked; null while it is in use
     */
    record KeyRow(
            String sid,
            AccountSid account,
            @Nullable String friendlyName,
            String secret,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant revokedAt) {

        /** Leaves out the secret, although it is encrypted. */
        @Override
        public String toString() {
            return sid + " of " + account;
        }
    }

    /**
     * The rows that have changed since a change. Revoked keys are among them.
     *
     * @param number the number of the last change that the rows contain at least
     */
    record Changes(long number, List<AccountRow> accounts, List<KeyRow> keys) {
        public Changes {
            accounts = List.copyOf(accounts);
            keys = List.copyOf(keys);
        }
    }

    /** Conditions for the accounts of a list; null sets no condition. */
    record AccountFilter(
            @Nullable AccountStatus status, @Nullable String friendlyName) {}

    /**
     * Returns the rows that have changed after the change with this number; all rows if the number is 0. If nothing has
     * changed, one statement finds that out.
     */
    CompletionStage<Changes> changesAfter(long number);

    /** Inserts those of the accounts that have no row yet. */
    CompletionStage<Done> insertAbsent(Collection<AccountRow> accounts);

    /**
     * Inserts a subaccount, and deletes its siblings that were closed before {@code closedBefore}, with their keys. The
     * result is false if the parent already has {@code max} subaccounts that are not closed, or
     * {@link #DISUSED_FACTOR} times as many that are.
     */
    CompletionStage<Boolean> insert(AccountRow account, int max, Instant closedBefore);

    /**
     * Changes an account in one transaction. The change may throw; the stage then fails with the same exception, and
     * the row stays as it is.
     *
     * @return the changed account; empty if there is none with this SID
     */
    CompletionStage<Optional<AccountRow>> update(AccountSid account, UnaryOperator<AccountRow> change);

    CompletionStage<Optional<AccountRow>> account(AccountSid account);

    /** Lists an account and its subaccounts, newest first. */
    CompletionStage<Page<AccountRow>> family(AccountSid parent, AccountFilter filter, PageRequest page);

    /**
     * Inserts a key, and deletes the account's keys that were revoked before {@code revokedBefore}. The result is false
     * if the account already has {@code max} keys in use, or {@link #DISUSED_FACTOR} times as many that are revoked.
     */
    CompletionStage<Boolean> insert(KeyRow key, int max, Instant revokedBefore);

    /**
     * Changes a key in use, like {@link #update(AccountSid, UnaryOperator)}.
     *
     * @return the changed key; empty if the account has no such key in use
     */
    CompletionStage<Optional<KeyRow>> update(AccountSid account, String key, UnaryOperator<KeyRow> change);

    /** Finds a key in use. */
    CompletionStage<Optional<KeyRow>> key(AccountSid account, String key);

    /** Lists the keys of an account that are in use, newest first. */
    CompletionStage<Page<KeyRow>> keys(AccountSid account, PageRequest page);
}
