package org.rotunda.room.readmodel;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.rotunda.room.protocol.RoomSid;

/** Searches all tables of a database, for tests outside this package. */
public final class DatabaseTexts {
    private static final String TABLES = "SELECT table_name FROM information_schema.tables"
            + " WHERE LOWER(table_schema) = 'public' AND table_type LIKE '%TABLE%' ORDER BY table_name";

    /** The types of columns with bytes. */
    private static final Set<Integer> BYTES = Set.of(Types.BLOB, Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY);

    private DatabaseTexts() {}

    /**
     * Returns the rows that contain one of the texts, in a column of text or, as UTF-8, in a column of bytes. A row
     * begins with the name of its table.
     */
    public static List<String> rowsWith(Database database, List<String> texts) {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection()) {
            for (String table : tables(connection)) {
                try (Statement select = connection.createStatement();
                        ResultSet rows = select.executeQuery("SELECT * FROM \"" + table + "\"")) {
                    while (rows.next()) {
                        String row = text(rows);
                        if (texts.stream().anyMatch(row::contains)) {
                            found.add(table.toLowerCase(Locale.ROOT) + " " + row);
                        }
                    }
                }
            }
        } catch (SQLException e) {
            throw new AssertionError("the database must answer", e);
        }
        return found;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        if (tables.size() < 10) {
            throw new AssertionError("only these tables: " + tables);
        }
        return tables;
    }

    /** Returns all columns of a row. Bytes are read as UTF-8, so that a text within them stays one. */
    private static String text(ResultSet row) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            if (BYTES.contains(row.getMetaData().getColumnType(i))) {
                byte[] value = row.getBytes(i);
                text.append(value == null ? "" : new String(value, StandardCharsets.UTF_8));
            } else {
                text.append(row.getString(i));
            }
            text.append(' ');
        }
        return text.toString();
    }

    /** Returns whether the tables have all events of a room that is over. */
    public static boolean isProjected(Database database, RoomSid room) {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT 1 FROM rooms WHERE sid = ? AND projected_at IS NOT NULL")) {
            select.setString(1, room.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        && Housekeeping.isProjected(connection, room.value(), Housekeeping.offsets(connection));
            }
        } catch (SQLException e) {
            throw new AssertionError("the database must answer", e);
        }
    }
}
