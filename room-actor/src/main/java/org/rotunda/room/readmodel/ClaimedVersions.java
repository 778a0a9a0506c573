package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The versions that the database knows, as numbers that rise with the version.
 *
 * @param running the versions of the nodes of the cluster that has the claim; empty if there is no such cluster
 * @param newest the newest version that ever made the schema of this database; empty if nobody noted one
 */
public record ClaimedVersions(Optional<Running> running, OptionalInt newest) {
    /** What is known of a database without any version. */
    public static final ClaimedVersions NONE = new ClaimedVersions(Optional.empty(), OptionalInt.empty());

    /** The class of the SQLSTATE codes for a table or a column that does not exist. */
    private static final String UNKNOWN_NAME_STATE = "42";

    private static final String READ = "SELECT lowest_version, highest_version, newest_version,"
            + " seen_at IS NOT NULL AND NOT (" + ClusterClaim.STALE + ") FROM cluster_claim WHERE id = 1";
    private static final String RAISE = "UPDATE cluster_claim SET newest_version = ?"
            + " WHERE id = 1 AND (newest_version IS NULL OR newest_version < ?)";

    /** The versions of the nodes of one cluster. */
    public record Running(int lowest, int highest) {}

    /** Reads the versions. A database whose schema has no versions yet knows none. */
    static ClaimedVersions read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            return row.next() ? of(row) : NONE;
        } catch (SQLException failure) {
            if (failure.getSQLState() != null && failure.getSQLState().startsWith(UNKNOWN_NAME_STATE)) {
                return NONE;
            }
            throw failure;
        }
    }

    private static ClaimedVersions of(ResultSet row) throws SQLException {
        int lowest = row.getInt(1);
        boolean isKnown = !row.wasNull();
        int highest = row.getInt(2);
        isKnown &= !row.wasNull();
        int newest = row.getInt(3);
        OptionalInt noted = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(newest);
        boolean isAlive = row.getBoolean(4);
        return new ClaimedVersions(
                isKnown && isAlive ? Optional.of(new Running(lowest, highest)) : Optional.empty(), noted);
    }

    /** Notes a version that has made the schema, unless a newer one is noted. */
    static void raise(Connection connection, int version) throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(RAISE)) {
            raise.setInt(1, version);
            raise.setInt(2, version);
            raise.executeUpdate();
        }
    }
}
