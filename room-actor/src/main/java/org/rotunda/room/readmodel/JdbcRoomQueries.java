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
    private static final String PARTICIPANTS_OF_ROOM =
            "SELECT p.*, r.account_sid FROM participants p JOIN rooms r ON r.sid = p.room_sid WHERE p.room_sid = ?";

    private final Database database;
    private final Executor blocking;

    public JdbcRoomQueries(Database database, Executor blocking) {
        this.database = database;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Page<RoomView>> rooms(AccountSid account, RoomFilter filter, PageRequest page) {
        Select select = new Select("SELECT r.* FROM rooms r WHERE r.account_sid = ?", account.value());
        select.and("r.status = ?", filter.status().name());
        select.and("r.unique_name = ?", filter.uniqueName());
        select.createdBetween("r.created_at", filter.createdAfter(), filter.createdBefore());
        select.newestFirst("r.created_at", "r.sid", page);
        return run(select, page, RoomRows::room);
    }

    @Override
    public CompletionStage<Page<ParticipantView>> participants(
            RoomSid room, ParticipantFilter filter, PageRequest page) {
        Select select = new Select(PARTICIPANTS_OF_ROOM, room.value());
        select.and("p.status = ?", nameOf(filter.status()));
        select.and("p.identity = ?", filter.identity());
        select.createdBetween("p.started_at", filter.createdAfter(), filter.createdBefore());
        select.newestFirst("p.started_at", "p.sid", page);
        return run(select, page, RoomRows::participant);
    }

    @Override
    public CompletionStage<Optional<ParticipantView>> participant(RoomSid room, ParticipantSid sid) {
        PageRequest one = new PageRequest(1, null, null);
        Select select = new Select(PARTICIPANTS_OF_ROOM, room.value());
        select.and("p.sid = ?", sid.value());
        select.newestFirst("p.started_at", "p.sid", one);
        return run(select, one, RoomRows::participant)
                .thenApply(page -> page.records().stream().findFirst());
    }

    /** Finds one room, in any state. */
    public CompletionStage<Optional<RoomView>> room(RoomSid sid) {
        PageRequest one = new PageRequest(1, null, null);
        Select select = new Select("SELECT r.* FROM rooms r WHERE r.sid = ?", sid.value());
        select.newestFirst("r.created_at", "r.sid", one);
        return run(select, one, RoomRows::room)
                .thenApply(page -> page.records().stream().findFirst());
    }

    private static @Nullable String nameOf(@Nullable ParticipantStatus status) {
        return status == null ? null : status.name();
    }

    private <T> CompletionStage<Page<T>> run(Select select, PageRequest page, RowReader<T> reader) {
        return database.use(blocking, connection -> {
            List<T> records = select.read(connection, reader);
            boolean more = records.size() > page.size();
            return new Page<>(more ? records.subList(0, page.size()) : records, more);
        });
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A statement that is being built, and its arguments. */
    private static final class Select {
        private final StringBuilder sql;
        private final List<Object> arguments = new ArrayList<>();

        private Select(String head, Object argument) {
            sql = new StringBuilder(head);
            arguments.add(argument);
        }

        /** Adds a condition to the statement, unless the argument is null. */
        private void and(String condition, @Nullable Object argument) {
            if (argument != null) {
                sql.append(" AND ").append(condition);
                arguments.add(argument);
            }
        }

        private void createdBetween(String column, @Nullable Instant from, @Nullable Instant before) {
            and(column + " >= ?", from == null ? null : RoomRows.timestamp(from));
            and(column + " < ?", before == null ? null : RoomRows.timestamp(before));
        }

        private void newestFirst(String created, String sid, PageRequest page) {
            Instant afterCreated = page.afterCreated();
            String afterSid = page.afterSid();
            if (afterCreated != null && afterSid != null) {
                and("(" + created + ", " + sid + ") < (?, ?)", RoomRows.timestamp(afterCreated));
                arguments.add(afterSid);
            }
            sql.append(" ORDER BY ")
                    .append(created)
                    .append(" DESC, ")
                    .append(sid)
                    .append(" DESC LIMIT ?");
            // The query asks for one more record than the page holds, to see whether further records follow.
            arguments.add(page.size() + 1);
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
