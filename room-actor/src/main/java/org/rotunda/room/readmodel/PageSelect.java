package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;

/**
 * A statement for one page of a list that is being built, and its arguments. Each page begins after the last record of
 * the previous page. Used by one thread at a time.
 */
final class PageSelect {
    private final StringBuilder sql;
    private final List<Object> arguments = new ArrayList<>();

    /**
     * Begins a statement.
     *
     * @param head the statement up to its first condition
     * @param first the arguments of this condition
     */
    PageSelect(String head, Object... first) {
        sql = new StringBuilder(head);
        arguments.addAll(List.of(first));
    }

    /** Reads one record from the current row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Adds a condition to the statement, unless the argument is null. */
    void and(String condition, @Nullable Object argument) {
        if (argument != null) {
            sql.append(" AND ").append(condition);
            arguments.add(argument);
        }
    }

    void newestFirst(String created, String sid, PageRequest page) {
        Instant afterCreated = page.afterCreated();
        String afterSid = page.afterSid();
        if (afterCreated != null && afterSid != null) {
            and("(" + created + ", " + sid + ") < (?, ?)", RoomRows.timestamp(afterCreated));
            arguments.add(afterSid);
        }
        sql.append(" ORDER BY ").append(created).append(" DESC, ").append(sid).append(" DESC LIMIT ?");
        // The query asks for one more record than the page holds, to see whether further records follow.
        arguments.add(page.size() + 1);
    }

    <T> Page<T> page(Connection connection, PageRequest page, RowReader<T> reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> records = new ArrayList<>();
                while (rows.next()) {
                    records.add(reader.read(rows));
                }
                boolean more = records.size() > page.size();
                return new Page<>(more ? records.subList(0, page.size()) : records, more);
            }
        }
    }
}
