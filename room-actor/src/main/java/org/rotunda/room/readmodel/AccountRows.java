package org.rotunda.room.readmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AccountStatus;
import org.rotunda.room.protocol.AccountStore.AccountRow;
import org.rotunda.room.protocol.AccountStore.KeyRow;

/**
 * The SQL statements for accounts and API keys, in the dialect that H2 and PostgreSQL share. The functions block on the
 * given connection.
 */
final class AccountRows {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private static final String NEXT_CHANGE =
            "UPDATE account_changes SET change_number = change_number + 1 WHERE id = 1";
    private static final String LAST_CHANGE = "SELECT change_number FROM account_changes WHERE id = 1";
    private static final String INSERT_ACCOUNT = "INSERT INTO accounts (sid, parent_sid, friendly_name, status,"
            + " primary_token, secondary_token, room_settings, created_at, updated_at, change_number)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE_ACCOUNT = "UPDATE accounts SET friendly_name = ?, status = ?, primary_token = ?,"
            + " secondary_token = ?, room_settings = ?, updated_at = ?, change_number = ? WHERE sid = ?";
    private static final String SELECT_ACCOUNT = "SELECT * FROM accounts WHERE sid = ?";
    private static final String COUNT_SUBACCOUNTS =
            "SELECT COUNT(*) FROM accounts WHERE parent_sid = ? AND status <> 'CLOSED'";
    private static final String COUNT_CLOSED =
            "SELECT COUNT(*) FROM accounts WHERE parent_sid = ? AND status = 'CLOSED'";
    private static final String CLOSED_BEFORE =
            " accounts WHERE parent_sid = ? AND status = 'CLOSED' AND updated_at < ?";
    private static final String DELETE_CLOSED = "DELETE FROM" + CLOSED_BEFORE;
    private static final String DELETE_KEYS_OF_CLOSED =
            "DELETE FROM api_keys WHERE account_sid IN (SELECT sid FROM" + CLOSED_BEFORE + ")";
    private static final String ACCOUNTS_AFTER = "SELECT * FROM accounts WHERE change_number > ?";
    private static final String INSERT_KEY = "INSERT INTO api_keys (sid, account_sid, friendly_name, secret,"
            + " created_at, updated_at, revoked_at, change_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String UPDATE_KEY = "UPDATE api_keys SET friendly_name = ?, updated_at = ?, revoked_at = ?,"
            + " change_number = ? WHERE sid = ?";
    private static final String SELECT_KEY =
            "SELECT * FROM api_keys WHERE sid = ? AND account_sid = ? AND revoked_at IS NULL";
    private static final String COUNT_KEYS =
            "SELECT COUNT(*) FROM api_keys WHERE account_sid = ? AND revoked_at IS NULL";
    private static final String COUNT_REVOKED =
            "SELECT COUNT(*) FROM api_keys WHERE account_sid = ? AND revoked_at IS NOT NULL";
    private static final String DELETE_REVOKED = "DELETE FROM api_keys WHERE account_sid = ? AND revoked_at < ?";
    private static final String KEYS_AFTER = "SELECT * FROM api_keys WHERE change_number > ?";

    private AccountRows() {}

    /**
     * Takes the number of the next change. Other changes wait until this transaction ends, so the numbers become
     * visible in their order.
     */
    static long nextChange(Connection connection) throws SQLException {
        try (PreparedStatement next = connection.prepareStatement(NEXT_CHANGE)) {
            next.executeUpdate();
        }
        return lastChange(connection);
    }

    static long lastChange(Connection connection) throws SQLException {
        return number(connection, LAST_CHANGE, null);
    }

    static void insert(Connection connection, AccountRow account, long change) throws SQLException {
        AccountSid parent = account.parent();
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ACCOUNT)) {
            insert.setString(1, account.sid().value());
            insert.setString(2, parent == null ? null : parent.value());
            insert.setString(3, account.friendlyName());
            insert.setString(4, account.status().name());
            insert.setString(5, account.primaryToken());
            insert.setString(6, account.secondaryToken());
            insert.setString(7, json(account.roomSettings()));
            RoomRows.setInstant(insert, 8, account.createdAt());
            RoomRows.setInstant(insert, 9, account.updatedAt());
            insert.setLong(10, change);
            insert.executeUpdate();
        }
    }

    /** Writes everything that can change in an account. */
    static void update(Connection connection, AccountRow account, long change) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_ACCOUNT)) {
            update.setString(1, account.friendlyName());
            update.setString(2, account.status().name());
            update.setString(3, account.primaryToken());
            update.setString(4, account.secondaryToken());
            update.setString(5, json(account.roomSettings()));
            RoomRows.setInstant(update, 6, account.updatedAt());
            update.setLong(7, change);
            update.setString(8, account.sid().value());
            update.executeUpdate();
        }
    }

    static Optional<AccountRow> account(Connection connection, AccountSid sid) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_ACCOUNT)) {
            select.setString(1, sid.value());
            return accounts(select).stream().findFirst();
        }
    }

    /** Returns the number of subaccounts that are not closed. */
    static long subaccounts(Connection connection, AccountSid parent) throws SQLException {
        return number(connection, COUNT_SUBACCOUNTS, parent);
    }

    static long closedSubaccounts(Connection connection, AccountSid parent) throws SQLException {
        return number(connection, COUNT_CLOSED, parent);
    }

    /** Deletes the subaccounts that were closed before an instant, and their keys. */
    static void deleteClosed(Connection connection, AccountSid parent, Instant before) throws SQLException {
        delete(connection, DELETE_KEYS_OF_CLOSED, parent, before);
        delete(connection, DELETE_CLOSED, parent, before);
    }

    static List<AccountRow> accountsAfter(Connection connection, long change) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ACCOUNTS_AFTER)) {
            select.setLong(1, change);
            return accounts(select);
        }
    }

    static void insert(Connection connection, KeyRow key, long change) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_KEY)) {
            insert.setString(1, key.sid());
            insert.setString(2, key.account().value());
            insert.setString(3, key.friendlyName());
            insert.setString(4, key.secret());
            RoomRows.setInstant(insert, 5, key.createdAt());
            RoomRows.setInstant(insert, 6, key.updatedAt());
            RoomRows.setInstant(insert, 7, key.revokedAt());
            insert.setLong(8, change);
            insert.executeUpdate();
        }
    }

    /** Writes everything that can change in a key. */
    static void update(Connection connection, KeyRow key, long change) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_KEY)) {
            update.setString(1, key.friendlyName());
            RoomRows.setInstant(update, 2, key.updatedAt());
            RoomRows.setInstant(update, 3, key.revokedAt());
            update.setLong(4, change);
            update.setString(5, key.sid());
            update.executeUpdate();
        }
    }

    /** Finds a key in use. */
    static Optional<KeyRow> key(Connection connection, AccountSid account, String sid) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_KEY)) {
            select.setString(1, sid);
            select.setString(2, account.value());
            return keys(select).stream().findFirst();
        }
    }

    /** Returns the number of an account's keys in use. */
    static long keys(Connection connection, AccountSid account) throws SQLException {
        return number(connection, COUNT_KEYS, account);
    }

    static long revokedKeys(Connection connection, AccountSid account) throws SQLException {
        return number(connection, COUNT_REVOKED, account);
    }

    static void deleteRevoked(Connection connection, AccountSid account, Instant before) throws SQLException {
        delete(connection, DELETE_REVOKED, account, before);
    }

    private static void delete(Connection connection, String sql, AccountSid account, Instant before)
            throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, account.value());
            RoomRows.setInstant(delete, 2, before);
            delete.executeUpdate();
        }
    }

    static List<KeyRow> keysAfter(Connection connection, long change) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(KEYS_AFTER)) {
            select.setLong(1, change);
            return keys(select);
        }
    }

    static AccountRow account(ResultSet row) throws SQLException {
        String parent = row.getString("parent_sid");
        return new AccountRow(
                new AccountSid(row.getString("sid")),
                parent == null ? null : new AccountSid(parent),
                row.getString("friendly_name"),
                AccountStatus.valueOf(row.getString("status")),
                row.getString("primary_token"),
                row.getString("secondary_token"),
                texts(row.getString("room_settings")),
                RoomRows.instant(row, "created_at"),
                RoomRows.instant(row, "updated_at"));
    }

    static KeyRow key(ResultSet row) throws SQLException {
        return new KeyRow(
                row.getString("sid"),
                new AccountSid(row.getString("account_sid")),
                row.getString("friendly_name"),
                row.getString("secret"),
                RoomRows.instant(row, "created_at"),
                RoomRows.instant(row, "updated_at"),
                RoomRows.instantOrNull(row, "revoked_at"));
    }

    private static List<AccountRow> accounts(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<AccountRow> all = new ArrayList<>();
            while (rows.next()) {
                all.add(account(rows));
            }
            return all;
        }
    }

    private static List<KeyRow> keys(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<KeyRow> all = new ArrayList<>();
            while (rows.next()) {
                all.add(key(rows));
            }
            return all;
        }
    }

    private static long number(Connection connection, String sql, @Nullable AccountSid account) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            if (account != null) {
                select.setString(1, account.value());
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static String json(Map<String, String> texts) {
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("room settings cannot be written as JSON", e);
        }
    }

    private static Map<String, String> texts(String json) throws SQLException {
        try {
            return JSON.readValue(json, TEXTS);
        } catch (JsonProcessingException e) {
            throw new SQLException("the table accounts holds room settings that cannot be read", e);
        }
    }
}
