package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStore;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/** Reads and writes accounts and API keys on the blocking dispatcher. */
public final class JdbcAccountStore implements AccountStore {
    /** Selects an account and its subaccounts. */
    private static final String FAMILY = "SELECT * FROM accounts WHERE (sid = ? OR parent_sid = ?)";

    private static final String KEYS = "SELECT * FROM api_keys WHERE revoked_at IS NULL AND account_sid = ?";

    private final Database database;
    private final Executor blocking;

    public JdbcAccountStore(Database database, Executor blocking) {
        this.database = database;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Changes> changesAfter(long number) {
        return database.use(blocking, connection -> {
            // The number is read first. A change that is committed after that is read again with the next changes.
            long last = AccountRows.lastChange(connection);
            if (last == number) {
                return new Changes(last, List.of(), List.of());
            }
            return new Changes(
                    last, AccountRows.accountsAfter(connection, number), AccountRows.keysAfter(connection, number));
        });
    }

    @Override
    public CompletionStage<Done> insertAbsent(Collection<AccountRow> accounts) {
        return database.use(blocking, connection -> {
            if (absent(connection, accounts).isEmpty()) {
                return Done.getInstance(); // The usual case takes no change number, so nobody reads anything anew.
            }
            connection.setAutoCommit(false);
            long number = AccountRows.nextChange(connection);
            for (AccountRow account : absent(connection, accounts)) {
                AccountRows.insert(connection, account, number);
            }
            connection.commit();
            return Done.getInstance();
        });
    }

    private static List<AccountRow> absent(Connection connection, Collection<AccountRow> accounts) throws SQLException {
        List<AccountRow> absent = new ArrayList<>();
        for (AccountRow account : accounts) {
            if (AccountRows.account(connection, account.sid()).isEmpty()) {
                absent.add(account);
            }
        }
        return absent;
    }

    @Override
    public CompletionStage<Boolean> insert(AccountRow account, int max, Instant closedBefore) {
        AccountSid parent = account.parent();
        if (parent == null) {
            throw new IllegalArgumentException("not a subaccount: " + account.sid());
        }
        return change((connection, number) -> {
            AccountRows.deleteClosed(connection, parent, closedBefore);
            if (AccountRows.subaccounts(connection, parent) >= max
                    || AccountRows.closedSubaccounts(connection, parent) >= (long) DISUSED_FACTOR * max) {
                return false;
            }
            AccountRows.insert(connection, account, number);
            return true;
        });
    }

    @Override
    public CompletionStage<Optional<AccountRow>> update(AccountSid account, UnaryOperator<AccountRow> change) {
        return change((connection, number) -> {
            Optional<AccountRow> changed =
                    AccountRows.account(connection, account).map(change);
            if (changed.isPresent()) {
                AccountRows.update(connection, changed.get(), number);
            }
            return changed;
        });
    }

    @Override
    public CompletionStage<Optional<AccountRow>> account(AccountSid account) {
        return database.use(blocking, connection -> AccountRows.account(connection, account));
    }

    @Override
    public CompletionStage<Page<AccountRow>> family(AccountSid parent, AccountFilter filter, PageRequest page) {
        PageSelect select = new PageSelect(FAMILY, parent.value(), parent.value());
        select.and(
                "status = ?", filter.status() == null ? null : filter.status().name());
        select.and("friendly_name = ?", filter.friendlyName());
        select.newestFirst("created_at", "sid", page);
        return database.use(blocking, connection -> select.page(connection, page, AccountRows::account));
    }

    @Override
    public CompletionStage<Boolean> insert(KeyRow key, int max, Instant revokedBefore) {
        return change((connection, number) -> {
            AccountRows.deleteRevoked(connection, key.account(), revokedBefore);
            if (AccountRows.keys(connection, key.account()) >= max
                    || AccountRows.revokedKeys(connection, key.account()) >= (long) DISUSED_FACTOR * max) {
                return false;
            }
            AccountRows.insert(connection, key, number);
            return true;
        });
    }

    @Override
    public CompletionStage<Optional<KeyRow>> update(AccountSid account, String key, UnaryOperator<KeyRow> change) {
        return change((connection, number) -> {
            Optional<KeyRow> changed = AccountRows.key(connection, account, key).map(change);
            if (changed.isPresent()) {
                AccountRows.update(connection, changed.get(), number);
            }
            return changed;
        });
    }

    @Override
    public CompletionStage<Optional<KeyRow>> key(AccountSid account, String key) {
        return database.use(blocking, connection -> AccountRows.key(connection, account, key));
    }

    @Override
    public CompletionStage<Page<KeyRow>> keys(AccountSid account, PageRequest page) {
        PageSelect select = new PageSelect(KEYS, account.value());
        select.newestFirst("created_at", "sid", page);
        return database.use(blocking, connection -> select.page(connection, page, AccountRows::key));
    }

    /** Work that changes rows. Its argument is the number of the change. */
    @FunctionalInterface
    private interface Change<T> {
        T with(Connection connection, long number) throws SQLException;
    }

    /**
     * Changes rows in one transaction. Changes wait for each other, so a count that one of them reads stays true until
     * it is committed.
     */
    private <T> CompletionStage<T> change(Change<T> change) {
        return database.use(blocking, connection -> {
            connection.setAutoCommit(false);
            T result = change.with(connection, AccountRows.nextChange(connection));
            connection.commit(); // Closing the connection without a commit rolls back.
            return result;
        });
    }
}
