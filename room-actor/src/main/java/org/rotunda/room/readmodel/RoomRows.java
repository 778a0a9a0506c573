package org.rotunda.room.readmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;

/**
 * The SQL statements for rooms and participants, in the dialect that H2 and PostgreSQL share. The functions block on
 * the given connection.
 */
final class RoomRows {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final String UPDATE_ROOM = "UPDATE rooms SET status = ?, updated_at = ?, ended_at = ?,"
            + " event_number = ? WHERE sid = ? AND event_number <= ?";
    private static final String INSERT_ROOM = "INSERT INTO rooms (sid, account_sid, unique_name, status, properties,"
            + " created_at, updated_at, ended_at, event_number)"
            + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM rooms WHERE sid = ?)";
    private static final String SELECT_ROOM = "SELECT * FROM rooms WHERE sid = ?";
    private static final String COMPLETE_ROOM = "UPDATE rooms SET status = 'COMPLETED', updated_at = ?, ended_at = ?,"
            + " event_number = ? WHERE sid = ? AND event_number <= ?";
    private static final String INSERT_PARTICIPANT = "INSERT INTO participants (sid, room_sid, identity, status,"
            + " started_at, updated_at)"
            + " SELECT ?, ?, ?, 'CONNECTED', ?, ? WHERE NOT EXISTS (SELECT 1 FROM participants WHERE sid = ?)";
    private static final String UPDATE_PARTICIPANT =
            "UPDATE participants SET status = ?, updated_at = ?, ended_at = ? WHERE sid = ?";
    private static final String ANONYMIZE_PARTICIPANT =
            "UPDATE participants SET identity = sid, updated_at = ? WHERE sid = ?";
    private static final String END_PARTICIPANTS = "UPDATE participants SET status = 'DISCONNECTED', updated_at = ?,"
            + " ended_at = ? WHERE room_sid = ? AND status <> 'DISCONNECTED'";

    /** Sets the time at which the projection has seen a room's end, unless an earlier time is already set. */
    private static final String PROJECTED = "UPDATE rooms SET projected_at = ? WHERE sid = ? AND projected_at IS NULL";

    private RoomRows() {}

    /** Writes the room's row, unless the row already comes from a later event. */
    static void upsert(Connection connection, RoomView room, long eventNumber) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_ROOM)) {
            update.setString(1, room.status().name());
            setInstant(update, 2, room.updatedAt());
            setInstant(update, 3, room.endedAt());
            update.setLong(4, eventNumber);
            update.setString(5, room.sid().value());
            update.setLong(6, eventNumber);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ROOM)) {
            insert.setString(1, room.sid().value());
            insert.setString(2, room.account().value());
            insert.setString(3, room.uniqueName());
            insert.setString(4, room.status().name());
            insert.setString(5, json(room.properties()));
            setInstant(insert, 6, room.createdAt());
            setInstant(insert, 7, room.updatedAt());
            setInstant(insert, 8, room.endedAt());
            insert.setLong(9, eventNumber);
            insert.setString(10, room.sid().value());
            insert.executeUpdate();
        }
    }

    static void complete(Connection connection, RoomSid room, Instant at, long eventNumber) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(COMPLETE_ROOM)) {
            setInstant(update, 1, at);
            setInstant(update, 2, at);
            update.setLong(3, eventNumber);
            update.setString(4, room.value());
            update.setLong(5, eventNumber);
            update.executeUpdate();
        }
        try (PreparedStatement update = connection.prepareStatement(END_PARTICIPANTS)) {
            setInstant(update, 1, at);
            setInstant(update, 2, at);
            update.setString(3, room.value());
            update.executeUpdate();
        }
    }

    /** Notes that the projection has seen all events of a room that is over. */
    static void projected(Connection connection, RoomSid room, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(PROJECTED)) {
            setInstant(update, 1, now);
            update.setString(2, room.value());
            update.executeUpdate();
        }
    }

    static void insert(Connection connection, RoomSid room, ParticipantSid sid, String identity, Instant at)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_PARTICIPANT)) {
            insert.setString(1, sid.value());
            insert.setString(2, room.value());
            insert.setString(3, identity);
            setInstant(insert, 4, at);
            setInstant(insert, 5, at);
            insert.setString(6, sid.value());
            insert.executeUpdate();
        }
    }

    static void update(
            Connection connection, ParticipantSid sid, ParticipantStatus status, Instant at, @Nullable Instant endedAt)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_PARTICIPANT)) {
            update.setString(1, status.name());
            setInstant(update, 2, at);
            setInstant(update, 3, endedAt);
            update.setString(4, sid.value());
            update.executeUpdate();
        }
    }

    /** Replaces the identity of a participant by its SID. */
    static void anonymize(Connection connection, ParticipantSid sid, Instant at) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ANONYMIZE_PARTICIPANT)) {
            setInstant(update, 1, at);
            update.setString(2, sid.value());
            update.executeUpdate();
        }
        JdbcInsightsStore.deleteOf(connection, sid);
    }

    static Optional<RoomView> find(Connection connection, RoomSid sid) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_ROOM)) {
            select.setString(1, sid.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(room(row)) : Optional.empty();
            }
        }
    }

    static RoomView room(ResultSet row) throws SQLException {
        return new RoomView(
                new RoomSid(row.getString("sid")),
                new AccountSid(row.getString("account_sid")),
                row.getString("unique_name"),
                RoomStatus.valueOf(row.getString("status")),
                properties(row.getString("properties")),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                instantOrNull(row, "ended_at"));
    }

    static ParticipantView participant(ResultSet row, AccountSid account) throws SQLException {
        return new ParticipantView(
                new ParticipantSid(row.getString("sid")),
                new RoomSid(row.getString("room_sid")),
                account,
                row.getString("identity"),
                ParticipantStatus.valueOf(row.getString("status")),
                instant(row, "started_at"),
                instant(row, "updated_at"),
                instantOrNull(row, "ended_at"));
    }

    static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static void setInstant(PreparedStatement statement, int index, @Nullable Instant instant) throws SQLException {
        if (instant == null) {
            statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setObject(index, timestamp(instant));
        }
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static String json(RoomProperties properties) {
        try {
            return JSON.writeValueAsString(properties);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("room properties cannot be written as JSON", e);
        }
    }

    private static RoomProperties properties(String json) throws SQLException {
        try {
            return JSON.readValue(json, RoomProperties.class);
        } catch (JsonProcessingException e) {
            throw new SQLException("the table rooms holds properties that cannot be read", e);
        }
    }
}
