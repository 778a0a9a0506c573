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
 * What the database itself says of who decided for a room. Every life of an owner writes under a name of its own, so one that wrote again after
 * another had begun shows: the room was split.
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

    /** The decisions of each owner of a room, in order. */
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

    /** Whether no owner decided anything after the next one had begun. */
    boolean isOneAfterTheOther(String roomSid) {
        List<Block> blocks = owners(roomSid);
        for (int i = 1; i < blocks.size(); i++) {
            if (blocks.get(i).first() <= blocks.get(i - 1).last()) {
                return false;
            }
        }
        return !blocks.isEmpty();
    }

    /** Events of one owner, by their sequence numbers. */
    record Block(String writer, long first, long last) {}
}
