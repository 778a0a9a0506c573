package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.rotunda.room.entity.RoomEntity;

/**
 * Deletes old data of rooms. Journals and snapshots are deleted first, rows later. Each batch is one transaction, and
 * the size of a run is bounded, so that live rooms do not wait long for the database. Safe to use from any thread;
 * blocks.
 */
public final class Housekeeping {
    private static final String JOURNALS_DUE =
            "SELECT sid FROM rooms WHERE journal_kept = TRUE AND projected_at < ?" + " ORDER BY projected_at LIMIT ?";
    /** Deletes the events of a room. The schema also deletes the tags of these events. */
    private static final String DELETE_EVENTS = "DELETE FROM \"event_journal\" WHERE \"persistence_id\" = ?";

    private static final String DELETE_SNAPSHOTS = "DELETE FROM \"snapshot\" WHERE \"persistence_id\" = ?";
    private static final String MARK_DELETED = "UPDATE rooms SET journal_kept = FALSE WHERE sid = ?";
    private static final String DELETE_PARTICIPANTS =
            "DELETE FROM participants WHERE sid IN (SELECT sid FROM participants WHERE ended_at < ? LIMIT ?)";

    /**
     * Deletes the rows of rooms. A row stays while the room's journal is kept, because the journal is found through the
     * row.
     */
    private static final String DELETE_ROOMS = "DELETE FROM rooms WHERE sid IN"
            + " (SELECT sid FROM rooms WHERE journal_kept = FALSE AND ended_at < ? LIMIT ?)";

    private final DataSource dataSource;
    private final HousekeepingSettings settings;

    public Housekeeping(DataSource dataSource, HousekeepingSettings settings) {
        this.dataSource = dataSource;
        this.settings = settings;
    }

    /**
     * The numbers of journals and rows that one run has deleted.
     *
     * @param more true if further data may be due for deletion
     */
    public record Deleted(int journals, int participants, int rooms, boolean more) {}

    /** Deletes the data whose retention time is over. One run deletes at most {@code run-max} items of each kind. */
    public Deleted run(Instant now) throws SQLException {
        int journals = inBatches(settings.journalKeep(), now, this::deleteJournals);
        int participants = inBatches(
                settings.participantsKeep(),
                now,
                (connection, before) -> delete(connection, DELETE_PARTICIPANTS, before));
        int rooms =
                inBatches(settings.roomsKeep(), now, (connection, before) -> delete(connection, DELETE_ROOMS, before));
        boolean more = Math.max(journals, Math.max(participants, rooms)) >= settings.runMax();
        return new Deleted(journals, participants, rooms, more);
    }

    /**
     * Deletes one batch of data of one kind: journals, rows of participants, or rows of rooms. Deletes only the data of
     * participants or rooms that ended before the given instant. Returns the size of the batch.
     */
    @FunctionalInterface
    private interface Step {
        int run(Connection connection, Instant before) throws SQLException;
    }

    private int inBatches(Duration keep, Instant now, Step step) throws SQLException {
        int total = 0;
        int last;
        do {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                last = step.run(connection, now.minus(keep));
                connection.commit(); // Closing the connection without a commit would roll back.
            }
            total += last;
        } while (last == settings.batch() && total + settings.batch() <= settings.runMax());
        return total;
    }

    private int deleteJournals(Connection connection, Instant before) throws SQLException {
        List<String> rooms = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(JOURNALS_DUE)) {
            select.setObject(1, RoomRows.timestamp(before));
            select.setInt(2, settings.batch());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    rooms.add(rows.getString(1));
                }
            }
        }
        for (String room : rooms) {
            String persistenceId = RoomEntity.persistenceId(room);
            execute(connection, DELETE_EVENTS, persistenceId);
            execute(connection, DELETE_SNAPSHOTS, persistenceId);
            execute(connection, MARK_DELETED, room);
        }
        return rooms.size();
    }

    private int delete(Connection connection, String sql, Instant before) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setObject(1, RoomRows.timestamp(before));
            delete.setInt(2, settings.batch());
            return delete.executeUpdate();
        }
    }

    private static void execute(Connection connection, String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            statement.executeUpdate();
        }
    }
}
