package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomQueries;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomView;

/**
 * Lists rooms and participants from the tables. Each page begins after the last record of the previous page, so that
 * every page costs the same. While the database is away, the stages fail as busy.
 */
public final class JdbcRoomQueries implements RoomQueries {
    private static final String ACCOUNT_OF_ROOM = "SELECT account_sid FROM rooms WHERE sid = ?";

    private static final PageRequest ONE = new PageRequest(1, null, null);

    private final Database database;
    private final Executor blocking;

    public JdbcRoomQueries(Database database, Executor blocking) {
        this.database = database;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Page<RoomView>> rooms(AccountSid account, RoomFilter filter, PageRequest page) {
        Select select = roomsOf(account, filter, page);
        return run(select, page, RoomRows::room);
    }

    static Select roomsOf(AccountSid account, RoomFilter filter, PageRequest page) {
        Select select = new Select("rooms");
        select.where("account_sid", account.value());
        select.where("status", filter.status().name());
        select.where("unique_name", filter.uniqueName());
        select.newestFirst("created_at", filter.createdAfter(), filter.createdBefore(), page);
        return select;
    }

    @Override
    public CompletionStage<Page<ParticipantView>> participants(
            RoomSid room, ParticipantFilter filter, PageRequest page) {
        return participants(room, participantsOf(room, filter, page), page);
    }

    static Select participantsOf(RoomSid room, ParticipantFilter filter, PageRequest page) {
        Select select = new Select("participants");
        select.where("room_sid", room.value());
        select.where("status", nameOf(filter.status()));
        select.where("identity", filter.identity());
        select.newestFirst("started_at", filter.createdAfter(), filter.createdBefore(), page);
        return select;
    }

    @Override
    public CompletionStage<Optional<ParticipantView>> participant(RoomSid room, ParticipantSid sid) {
        Select select = new Select("participants");
        select.where("room_sid", room.value());
        select.where("sid", sid.value());
        select.newestFirst("started_at", null, null, ONE);
        return participants(room, select, ONE)
                .thenApply(page -> page.records().stream().findFirst());
    }

    /** Reads the account of the room first, because the rows of participants do not have it. */
    private CompletionStage<Page<ParticipantView>> participants(RoomSid room, Select select, PageRequest page) {
        return database.use(blocking, connection -> {
            Optional<AccountSid> account = accountOf(connection, room);
            return account.isEmpty()
                    ? new Page<>(List.of(), false)
                    : select.page(connection, page, row -> RoomRows.participant(row, account.get()));
        });
    }

    private static Optional<AccountSid> accountOf(Connection connection, RoomSid room) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACCOUNT_OF_ROOM)) {
            statement.setString(1, room.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new AccountSid(row.getString("account_sid"))) : Optional.empty();
            }
        }
    }

    /** Finds one room, in any state. */
    public CompletionStage<Optional<RoomView>> room(RoomSid sid) {
        Select select = new Select("rooms");
        select.where("sid", sid.value());
        select.newestFirst("created_at", null, null, ONE);
        return run(select, ONE, RoomRows::room)
                .thenApply(page -> page.records().stream().findFirst());
    }

    private static @Nullable String nameOf(@Nullable ParticipantStatus status) {
        return status == null ? null : status.name();
    }

    private <T> CompletionStage<Page<T>> run(Select select, PageRequest page, RowReader<T> reader) {
        return database.use(blocking, connection -> select.page(connection, page, reader));
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * A statement that is being built, and its arguments. The statement can be answered by reading a single range of an
     * index: equal values first, then the creation time and the SID, both falling. The columns with equal values also
     * stand in ORDER BY, because only then H2 reads the index in its order and does not sort.
     */
    static final class Select {
        private final StringBuilder sql;
        private final StringBuilder order = new StringBuilder();
        private final List<Object> arguments = new ArrayList<>();

        private Select(String table) {
            sql = new StringBuilder("SELECT * FROM ").append(table);
        }

        String sql() {
            return sql.toString();
        }

        List<Object> arguments() {
            return arguments;
        }

        /** Selects the rows with this value, unless the value is null. */
        private void where(String column, @Nullable Object value) {
            if (value != null) {
                and(column + " = ?", value);
                order.append(column).append(", ");
            }
        }

        private void and(String condition, Object argument) {
            sql.append(arguments.isEmpty() ? " WHERE " : " AND ").append(condition);
            arguments.add(argument);
        }

        private void newestFirst(String created, @Nullable Instant from, @Nullable Instant before, PageRequest page) {
            if (from != null) {
                and(created + " >= ?", RoomRows.timestamp(from));
            }
            if (before != null) {
                and(created + " < ?", RoomRows.timestamp(before));
            }
            Instant afterCreated = page.afterCreated();
            String afterSid = page.afterSid();
            if (afterCreated != null && afterSid != null) {
                // H2 seeks only by the first of these two conditions, which follows from the second.
                and(created + " <= ?", RoomRows.timestamp(afterCreated));
                and("(" + created + ", sid) < (?, ?)", RoomRows.timestamp(afterCreated));
                arguments.add(afterSid);
            }
            sql.append(" ORDER BY ").append(order).append(created).append(" DESC, sid DESC LIMIT ?");
            // The query asks for one more record than the page holds, to see whether further records follow.
            arguments.add(page.size() + 1);
        }

        private <T> Page<T> page(Connection connection, PageRequest page, RowReader<T> reader) throws SQLException {
            List<T> records = read(connection, reader);
            boolean more = records.size() > page.size();
            return new Page<>(more ? records.subList(0, page.size()) : records, more);
        }

        private <T> List<T> read(Connection connection, RowReader<T> reader) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
                for (int i = 0; i < arguments.size(); i++) {
                    statement.setObject(i + 1, arguments.get(i));
                }
                try (ResultSet rows = statement.executeQuery()) {
                    List<T> records = new ArrayList<>();
                    while (rows.next()) {
                        records.add(reader.read(rows));
                    }
                    return records;
                }
            }
        }
    }
}
