package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.InsightsStore;
import org.rotunda.room.protocol.ParticipantSid;

/**
 * Writes reports of clients on the blocking dispatcher. A row of totals for each room and for each account keeps the
 * numbers of stored events. A transaction that adds events locks these rows, so a total is exact, however many gateways
 * write. It locks them in the order of their SIDs, so two transactions never wait for each other.
 */
public final class JdbcInsightsStore implements InsightsStore {
    private static final String LOCK_TOTAL = "SELECT events FROM insights_totals WHERE sid = ? FOR UPDATE";
    private static final String NEW_TOTAL = "INSERT INTO insights_totals (sid, events)"
            + " SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM insights_totals WHERE sid = ?)";
    private static final String ADD = "UPDATE insights_totals SET events = events + ? WHERE sid = ?";
    private static final String INSERT = "INSERT INTO insights_events (account_sid, room_sid, participant_sid, session,"
            + " event_group, event_name, event_level, happened_at, received_at, payload)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String OLDEST = "SELECT id, account_sid, room_sid FROM insights_events WHERE received_at < ?"
            + " ORDER BY received_at LIMIT ?";
    private static final String OF_PARTICIPANT =
            "SELECT id, account_sid, room_sid FROM insights_events WHERE participant_sid = ?";
    private static final String DELETE = "DELETE FROM insights_events WHERE id = ?";
    private static final String FORGET_EMPTY = "DELETE FROM insights_totals WHERE sid = ? AND events <= 0";

    /** The SQLSTATE of a row that exists already: another gateway has just made the same row of totals. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final int ATTEMPTS_MAX = 5;

    private final Database database;
    private final Executor blocking;
    private final InsightsLimits limits;

    public JdbcInsightsStore(Database database, Executor blocking, InsightsLimits limits) {
        this.database = database;
        this.blocking = blocking;
        this.limits = limits;
    }

    @Override
    public CompletionStage<Stored> insert(List<InsightsEvent> events) {
        return database.use(blocking, connection -> {
            connection.setAutoCommit(false);
            for (int attempt = 1; ; attempt++) {
                try {
                    Stored stored = insert(connection, events);
                    connection.commit(); // Closing the connection without a commit rolls back.
                    return stored;
                } catch (SQLException failure) {
                    if (!UNIQUE_VIOLATION.equals(failure.getSQLState()) || attempt == ATTEMPTS_MAX) {
                        throw failure;
                    }
                    connection.rollback();
                }
            }
        });
    }

    private Stored insert(Connection connection, List<InsightsEvent> events) throws SQLException {
        Map<String, Long> free = new TreeMap<>();
        for (InsightsEvent event : events) {
            free.put(event.account().value(), limits.accountEventsMax());
            free.put(event.room().value(), limits.roomEventsMax());
        }
        for (Map.Entry<String, Long> each : free.entrySet()) {
            each.setValue(each.getValue() - lockTotal(connection, each.getKey()));
        }
        List<InsightsEvent> kept = new ArrayList<>();
        int roomFull = 0;
        int accountFull = 0;
        Map<String, Long> added = new TreeMap<>();
        for (InsightsEvent event : events) {
            String room = event.room().value();
            String account = event.account().value();
            if (free.getOrDefault(room, 0L) <= 0) {
                roomFull++;
            } else if (free.getOrDefault(account, 0L) <= 0) {
                accountFull++;
            } else {
                kept.add(event);
                for (String sid : List.of(room, account)) {
                    free.merge(sid, -1L, Long::sum);
                    added.merge(sid, 1L, Long::sum);
                }
            }
        }
        insertRows(connection, kept);
        addToTotals(connection, added);
        return new Stored(kept.size(), roomFull, accountFull);
    }

    private static long lockTotal(Connection connection, String sid) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(NEW_TOTAL)) {
            insert.setString(1, sid);
            insert.setString(2, sid);
            insert.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement(LOCK_TOTAL)) {
            select.setString(1, sid);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static void insertRows(Connection connection, List<InsightsEvent> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (InsightsEvent event : events) {
                insert.setString(1, event.account().value());
                insert.setString(2, event.room().value());
                insert.setString(3, event.participant().value());
                insert.setString(4, event.session());
                insert.setString(5, event.group());
                insert.setString(6, event.name());
                insert.setString(7, event.level());
                insert.setObject(8, RoomRows.timestamp(event.happenedAt()));
                insert.setObject(9, RoomRows.timestamp(event.receivedAt()));
                insert.setString(10, event.payload());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void addToTotals(Connection connection, Map<String, Long> added) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            for (Map.Entry<String, Long> each : added.entrySet()) {
                add.setLong(1, each.getValue());
                add.setString(2, each.getKey());
                add.addBatch();
            }
            add.executeBatch();
        }
    }

    /** Deletes the oldest events received before the given instant, at most {@code max}. Returns their number. */
    static int delete(Connection connection, Instant before, int max) throws SQLException {
        List<Row> rows;
        try (PreparedStatement select = connection.prepareStatement(OLDEST)) {
            select.setObject(1, RoomRows.timestamp(before));
            select.setInt(2, max);
            rows = rows(select);
        }
        delete(connection, rows);
        return rows.size();
    }

    /** Deletes all events that name this participant, because they describe the person's device and network. */
    static void deleteOf(Connection connection, ParticipantSid participant) throws SQLException {
        List<Row> rows;
        try (PreparedStatement select = connection.prepareStatement(OF_PARTICIPANT)) {
            select.setString(1, participant.value());
            rows = rows(select);
        }
        delete(connection, rows);
    }

    /** An event that is to be deleted. */
    private record Row(long id, String account, String room) {}

    private static List<Row> rows(PreparedStatement select) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet result = select.executeQuery()) {
            while (result.next()) {
                rows.add(new Row(result.getLong("id"), result.getString("account_sid"), result.getString("room_sid")));
            }
        }
        return rows;
    }

    private static void delete(Connection connection, List<Row> rows) throws SQLException {
        Map<String, Long> gone = rows.stream()
                .flatMap(row -> List.of(row.account(), row.room()).stream())
                .sorted(Comparator.naturalOrder())
                .collect(Collectors.groupingBy(sid -> sid, TreeMap::new, Collectors.counting()));
        for (String sid : gone.keySet()) {
            lockTotal(connection, sid);
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            for (Row row : rows) {
                delete.setLong(1, row.id());
                delete.addBatch();
            }
            delete.executeBatch();
        }
        gone.replaceAll((sid, events) -> -events);
        addToTotals(connection, gone);
        try (PreparedStatement forget = connection.prepareStatement(FORGET_EMPTY)) {
            for (String sid : gone.keySet()) {
                forget.setString(1, sid);
                forget.addBatch();
            }
            forget.executeBatch();
        }
    }
}
