package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/**
 * The claim of a cluster on its database. The claim keeps a second cluster from being formed on the same database
 * beside a living cluster, because two clusters would run the same rooms. A node takes the claim before it forms a
 * cluster, and one node of the cluster keeps the claim fresh. A running cluster goes on even if it cannot refresh its
 * claim. The claim also names the versions of the nodes that run ({@link ClaimedVersions}), so that a node of a version
 * that does not fit can be refused.
 *
 * <p>All times are those of the database's clock, so the clocks of the nodes do not matter. Callable from any thread.
 */
public final class ClusterClaim {
    /**
     * The time since the last refresh after which the claim is stale: the cluster that has the claim counts as ended.
     */
    public static final Duration STALE_AFTER = Duration.ofSeconds(20);

    /** The time between two refreshes of a claim. A claim stays fresh even if several refreshes in a row fail. */
    public static final Duration REFRESH_EVERY = Duration.ofSeconds(2);

    /**
     * The time since the last refresh after which any node of the cluster refreshes the claim, because the node that
     * keeps the claim may be the only node that cannot reach the database.
     */
    private static final Duration OLD_AFTER = Duration.ofSeconds(6);

    /** The condition under which the claim is stale. */
    static final String STALE = olderThan(STALE_AFTER);

    private static final String TAKE = "UPDATE cluster_claim SET formed_by = ?, formed_at = CURRENT_TIMESTAMP,"
            + " seen_at = CURRENT_TIMESTAMP, lowest_version = ?, highest_version = ?"
            + " WHERE id = 1 AND (seen_at IS NULL OR formed_by = ? OR " + STALE + ")";
    private static final String REFRESH = "UPDATE cluster_claim SET seen_at = CURRENT_TIMESTAMP,"
            + " lowest_version = ?, highest_version = ? WHERE id = 1";
    private static final String REFRESH_OLD = REFRESH + " AND " + olderThan(OLD_AFTER);
    private static final String RELEASE = "UPDATE cluster_claim SET seen_at = NULL WHERE id = 1";
    private static final String FORMED_BY = "SELECT formed_by FROM cluster_claim WHERE id = 1";

    private final Database database;
    private final Executor blocking;

    /** @param blocking runs the statements */
    public ClusterClaim(Database database, Executor blocking) {
        this.database = database;
        this.blocking = blocking;
    }

    /**
     * Takes the claim if it is free or stale. The same start of a node may take the claim again. The stage fails if the
     * database does not answer.
     *
     * @param node names this start of the node
     * @param version the number of the node's version; empty if it is unknown
     * @return the node that formed the cluster which has the claim; empty if this node has the claim now
     */
    public CompletionStage<Optional<String>> take(String node, OptionalInt version) {
        return database.use(blocking, connection -> {
            // One statement decides, so two nodes cannot both take the claim.
            try (PreparedStatement take = connection.prepareStatement(TAKE)) {
                take.setString(1, node);
                set(take, 2, version);
                set(take, 3, version);
                take.setString(4, node);
                if (take.executeUpdate() == 1) {
                    return Optional.empty();
                }
            }
            return Optional.of(formedBy(connection));
        });
    }

    /**
     * Notes that the cluster is alive, and the versions of its nodes. Returns the node that formed the cluster which has
     * the claim.
     *
     * @param running empty if no version is known
     */
    public CompletionStage<String> refresh(Optional<ClaimedVersions.Running> running) {
        return refresh(REFRESH, running);
    }

    /**
     * Refreshes like {@link #refresh}, but only if the last refresh is older than {@link #OLD_AFTER}. Used by the nodes
     * that do not keep the claim fresh.
     *
     * @param running empty if no version is known
     */
    public CompletionStage<String> refreshIfOld(Optional<ClaimedVersions.Running> running) {
        return refresh(REFRESH_OLD, running);
    }

    private CompletionStage<String> refresh(String sql, Optional<ClaimedVersions.Running> running) {
        return database.use(blocking, connection -> {
            try (PreparedStatement refresh = connection.prepareStatement(sql)) {
                set(
                        refresh,
                        1,
                        running.map(versions -> OptionalInt.of(versions.lowest()))
                                .orElse(OptionalInt.empty()));
                set(
                        refresh,
                        2,
                        running.map(versions -> OptionalInt.of(versions.highest()))
                                .orElse(OptionalInt.empty()));
                refresh.executeUpdate();
            }
            return formedBy(connection);
        });
    }

    private static void set(PreparedStatement statement, int index, OptionalInt version) throws SQLException {
        if (version.isPresent()) {
            statement.setInt(index, version.getAsInt());
        } else {
            statement.setNull(index, Types.INTEGER);
        }
    }

    /** Gives up the claim, so that the next cluster need not wait until the claim is stale. */
    public CompletionStage<Done> release() {
        return database.use(blocking, connection -> {
            try (Statement release = connection.createStatement()) {
                release.executeUpdate(RELEASE);
            }
            return Done.getInstance();
        });
    }

    private static String olderThan(Duration age) {
        return "seen_at < CURRENT_TIMESTAMP - INTERVAL '" + age.toSeconds() + "' SECOND";
    }

    private static String formedBy(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FORMED_BY)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
