package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.readmodel.HousekeepingStatistics.Kind;

/**
 * Deletes old data of rooms. Journals and snapshots are deleted first, rows later. Each batch is one transaction, and
 * the size of a run is bounded, so that live rooms do not wait long for the database. Two runs at the same time do not
 * disturb each other: what one of them has locked, the other leaves alone. Safe to use from any thread; blocks.
 */
public final class Housekeeping {
    /**
     * Selects rooms whose journal has been kept for long enough, from a given place on. Only the projection sets {@code
     * projected_at}, when it has seen that the room is over, so a live room is never selected.
     */
    private static final String JOURNALS_DUE = "SELECT sid, projected_at FROM rooms WHERE journal_kept = TRUE"
            + " AND status = 'COMPLETED' AND projected_at < ? AND projected_at >= ? AND (projected_at, sid) > (?, ?)"
            + " ORDER BY projected_at, sid LIMIT ? FOR UPDATE SKIP LOCKED";

    private static final String LAST_EVENT =
            "SELECT MAX(\"ordering\") FROM \"event_journal\" WHERE \"persistence_id\" = ?";
    private static final String OFFSETS = "SELECT \"projection_key\", \"current_offset\""
            + " FROM \"pekko_projection_offset_store\" WHERE \"projection_name\" = ?";

    /** Deletes the events of a room. The schema also deletes the tags of these events. */
    private static final String DELETE_EVENTS = "DELETE FROM \"event_journal\" WHERE \"persistence_id\" = ?";

    private static final String DELETE_SNAPSHOTS = "DELETE FROM \"snapshot\" WHERE \"persistence_id\" = ?";
    private static final String MARK_DELETED = "UPDATE rooms SET journal_kept = FALSE WHERE sid = ?";

    /** Selects participants who left long ago. The rows of a room in progress stay, however short the keep time is. */
    private static final String PARTICIPANTS_DUE = "SELECT p.sid FROM participants p WHERE p.ended_at < ?"
            + " AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.sid = p.room_sid AND r.status <> 'COMPLETED')"
            + " ORDER BY p.ended_at LIMIT ? FOR UPDATE SKIP LOCKED";

    private static final String DELETE_PARTICIPANT = "DELETE FROM participants WHERE sid = ?";

    /**
     * Selects rooms that ended long ago. A row stays while the room's journal is kept, because the journal is found
     * through the row.
     */
    private static final String ROOMS_DUE = "SELECT sid FROM rooms WHERE journal_kept = FALSE AND ended_at < ?"
            + " ORDER BY ended_at LIMIT ? FOR UPDATE SKIP LOCKED";

    private static final String DELETE_ROOM = "DELETE FROM rooms WHERE sid = ?";

    private static final String OLDEST_JOURNAL =
            "SELECT MIN(projected_at) FROM rooms WHERE journal_kept = TRUE AND projected_at IS NOT NULL";
    private static final String OLDEST_PARTICIPANT = "SELECT MIN(ended_at) FROM participants";
    private static final String OLDEST_ROOM = "SELECT MIN(ended_at) FROM rooms";
    private static final String OLDEST_INSIGHTS = "SELECT MIN(received_at) FROM insights_events";

    /** Selects by {@code ended_at}, because that has an index: the rooms in progress are those without an end. */
    private static final String OVERDUE =
            "SELECT sid FROM rooms WHERE ended_at IS NULL AND created_at < ? ORDER BY created_at LIMIT ?";

    private static final String NAME_PREFIX = RoomName.KEY.name() + PersistenceId.DefaultSeparator();
    private static final String NAMES_DUE = "SELECT \"persistence_id\" FROM \"durable_state\""
            + " WHERE \"persistence_id\" LIKE '" + NAME_PREFIX + "%' AND \"state_timestamp\" < ?"
            + " ORDER BY \"persistence_id\" LIMIT ?";

    private final DataSource dataSource;
    private final HousekeepingSettings settings;
    private final HousekeepingStatistics statistics;

    public Housekeeping(DataSource dataSource, HousekeepingSettings settings, HousekeepingStatistics statistics) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.statistics = statistics;
    }

    /**
     * The numbers of journals and rows that one run has deleted.
     *
     * @param more true if further data may be due for deletion
     */
    public record Deleted(int journals, int participants, int rooms, int insights, boolean more) {}

    /** Deletes the data whose retention time is over. One run deletes at most {@code run-max} items of each kind. */
    public Deleted run(Instant now) throws SQLException {
        Place place = new Place();
        int journals = inBatches(
                settings.journalKeep(), now, (connection, before) -> deleteJournals(connection, before, place));
        int participants = inBatches(settings.participantsKeep(), now, this::deleteParticipants);
        int rooms = inBatches(settings.roomsKeep(), now, this::deleteRooms);
        int insights = inBatches(settings.insightsKeep(), now, this::deleteInsights);
        boolean more = Math.max(Math.max(journals, insights), Math.max(participants, rooms)) >= settings.runMax();
        noteOldest();
        return new Deleted(place.deleted, participants, rooms, insights, more);
    }

    /**
     * Returns the ids of names whose stored state is older than the given time, at most a batch. A name that no live
     * room has is so old only if a node died, or a message was lost, before the name was released.
     */
    public List<String> staleNames(Instant before) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(NAMES_DUE)) {
            select.setLong(1, before.toEpochMilli());
            select.setInt(2, settings.batch());
            return texts(select).stream()
                    .map(id -> id.substring(NAME_PREFIX.length()))
                    .toList();
        }
    }

    /** Returns rooms in progress that were created before the given time, at most a batch. */
    public List<RoomSid> inProgressSince(Instant before) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return due(connection, OVERDUE, before).stream().map(RoomSid::new).toList();
        }
    }

    /**
     * Deletes one batch of data of one kind: journals, rows of participants, rows of rooms, or insights events. Deletes only
     * the data of participants or rooms that ended, and events that came, before the given instant. Returns the number of items that it has looked at.
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

    /** The place in the list of due journals that a run has reached, and the number of journals it has deleted. */
    private static final class Place {
        private Instant projectedAt = Instant.EPOCH;
        private String sid = "";
        private int deleted;
    }

    private int deleteJournals(Connection connection, Instant before, Place place) throws SQLException {
        List<String> rooms = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(JOURNALS_DUE)) {
            select.setObject(1, RoomRows.timestamp(before));
            // H2 seeks only by the first of these two conditions, which follows from the second.
            select.setObject(2, RoomRows.timestamp(place.projectedAt));
            select.setObject(3, RoomRows.timestamp(place.projectedAt));
            select.setString(4, place.sid);
            select.setInt(5, settings.batch());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    place.sid = rows.getString(1);
                    place.projectedAt = rows.getObject(2, OffsetDateTime.class).toInstant();
                    rooms.add(place.sid);
                }
            }
        }
        Map<String, Long> offsets = offsets(connection);
        int journals = 0;
        int events = 0;
        for (String room : rooms) {
            if (isProjected(connection, room, offsets)) {
                events += deleteJournal(connection, room);
                journals++;
            }
        }
        place.deleted += journals;
        statistics.countDeleted(Kind.JOURNALS, journals);
        statistics.countDeleted(Kind.EVENTS, events);
        return rooms.size();
    }

    /** Deletes the journal and the snapshots of a room. Returns the number of events. */
    static int deleteJournal(Connection connection, String room) throws SQLException {
        String persistenceId = RoomEntity.persistenceId(room);
        int events = execute(connection, DELETE_EVENTS, persistenceId);
        execute(connection, DELETE_SNAPSHOTS, persistenceId);
        execute(connection, MARK_DELETED, room);
        return events;
    }

    /** Returns the number of the last event that the projection has read, by tag. */
    static Map<String, Long> offsets(Connection connection) throws SQLException {
        Map<String, Long> offsets = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(OFFSETS)) {
            select.setString(1, RoomProjection.NAME);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    offsets.put(rows.getString(1), Long.parseLong(rows.getString(2)));
                }
            }
        }
        return offsets;
    }

    /**
     * Returns whether the projection has read all events of a room. An identity may be replaced long after the end of a
     * room, and a projection that is rebuilt reads events once more that it has read before.
     */
    static boolean isProjected(Connection connection, String room, Map<String, Long> offsets) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LAST_EVENT)) {
            select.setString(1, RoomEntity.persistenceId(room));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long last = row.getLong(1); // 0 without events
                return last <= offsets.getOrDefault(RoomEntity.tagOf(new RoomSid(room)), 0L);
            }
        }
    }

    private int deleteParticipants(Connection connection, Instant before) throws SQLException {
        List<String> participants = due(connection, PARTICIPANTS_DUE, before);
        for (String participant : participants) {
            execute(connection, DELETE_PARTICIPANT, participant);
        }
        statistics.countDeleted(Kind.PARTICIPANTS, participants.size());
        return participants.size();
    }

    private int deleteRooms(Connection connection, Instant before) throws SQLException {
        List<String> rooms = due(connection, ROOMS_DUE, before);
        int events = 0;
        for (String room : rooms) {
            // A participant may have been anonymized while the journal was being deleted.
            events += deleteJournal(connection, room);
            execute(connection, DELETE_ROOM, room);
        }
        statistics.countDeleted(Kind.ROOMS, rooms.size());
        statistics.countDeleted(Kind.EVENTS, events);
        return rooms.size();
    }

    private int deleteInsights(Connection connection, Instant before) throws SQLException {
        int events = JdbcInsightsStore.delete(connection, before, settings.batch());
        statistics.countDeleted(Kind.INSIGHTS, events);
        return events;
    }

    private List<String> due(Connection connection, String sql, Instant before) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, RoomRows.timestamp(before));
            select.setInt(2, settings.batch());
            return texts(select);
        }
    }

    private void noteOldest() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            statistics.setOldest(Kind.JOURNALS, oldest(connection, OLDEST_JOURNAL));
            statistics.setOldest(Kind.PARTICIPANTS, oldest(connection, OLDEST_PARTICIPANT));
            statistics.setOldest(Kind.ROOMS, oldest(connection, OLDEST_ROOM));
            statistics.setOldest(Kind.INSIGHTS, oldest(connection, OLDEST_INSIGHTS));
        }
    }

    private static @Nullable Instant oldest(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            OffsetDateTime oldest = row.getObject(1, OffsetDateTime.class);
            return oldest == null ? null : oldest.toInstant();
        }
    }

    private static List<String> texts(PreparedStatement select) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static int execute(Connection connection, String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            return statement.executeUpdate();
        }
    }
}
