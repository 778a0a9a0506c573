package org.rotunda.load.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.room.testkit.PostgresServer;

/**
 * The journals of rooms in the database, which show whether a room was ever split. Each owner of a room writes under a
 * new writer id. If one writer wrote again after a later writer had begun, two owners made decisions at the same time.
 */
final class RoomJournal {
    private static final String BLOCKS = """
        SELECT writer, MIN(sequence_number), MAX(sequence_number)
        FROM public.event_journal WHERE persistence_id = ? GROUP BY writer ORDER BY 2
        """;

    private final PostgresServer postgres;

    RoomJournal(PostgresServer postgres) {
        this.postgres = postgres;
    }

    /** Returns the ranges of events that the successive owners of a room wrote, in order. */
    List<Block> owners(String roomSid) {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                PreparedStatement query = connection.prepareStatement(BLOCKS)) {
            query.setString(1, "Room|" + roomSid);
            List<Block> blocks = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    blocks.add(new Block(rows.getString(1), rows.getLong(2), rows.getLong(3)));
                }
            }
            return blocks;
        } catch (SQLException failure) {
            throw new AssertionError("the database must answer", failure);
        }
    }

    /** Returns whether every owner had written its last event before the next owner began to write. */
    boolean isOneAfterTheOther(String roomSid) {
        List<Block> blocks = owners(roomSid);
        for (int i = 1; i < blocks.size(); i++) {
            if (blocks.get(i).first() <= blocks.get(i - 1).last()) {
                return false;
            }
        }
        return !blocks.isEmpty();
    }

    /** The first and last sequence numbers of one writer's events. */
    record Block(String writer, long first, long last) {}
}
