package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.protocol.RoomSid;

/** Counts a room's journal rows in the database, for tests outside this package. */
public final class JournalRows {
    private JournalRows() {}

    /** Returns the number of the room's events. */
    public static int events(Database database, RoomSid room) {
        return count(
                database,
                "SELECT COUNT(*) FROM \"event_journal\" WHERE \"persistence_id\" = ?",
                RoomEntity.persistenceId(room.value()));
    }

    /** Returns the number of events with this persistence id. */
    public static int eventsOf(Database database, String persistenceId) {
        return count(database, "SELECT COUNT(*) FROM \"event_journal\" WHERE \"persistence_id\" = ?", persistenceId);
    }

    /** Returns the number of snapshots with this persistence id. */
    public static int snapshotsOf(Database database, String persistenceId) {
        return count(database, "SELECT COUNT(*) FROM \"snapshot\" WHERE \"persistence_id\" = ?", persistenceId);
    }

    /** Changes rows behind the back of the node. */
    public static void update(Database database, String sql) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError("the database must answer", e);
        }
    }

    /** Returns the number of durable states with this id. */
    public static int states(Database database, String persistenceId) {
        return count(database, "SELECT COUNT(*) FROM \"durable_state\" WHERE \"persistence_id\" = ?", persistenceId);
    }

    private static int count(Database database, String sql, String persistenceId) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, persistenceId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new AssertionError("the database must answer", e);
        }
    }
}
