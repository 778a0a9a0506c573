package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.RoomRefusal;

/**
 * Tests the claim of a cluster on a real database. The tests change the time of the last refresh in the database
 * instead of waiting.
 */
class ClusterClaimTest {
    private static final long DEADLINE_SECONDS = 30;
    private static final String FIRST = "10.0.0.1:7355#1";
    private static final String SECOND = "10.0.0.2:7355#2";
    private static final int NODES = 8;

    private final Config config = RoomConfig.complete(ConfigFactory.parseMap(emptyDatabase()));
    private final Database database = Database.open(config.getConfig("rotunda.db"));
    private final ExecutorService blocking = Executors.newFixedThreadPool(NODES);
    private final ClusterClaim claim = new ClusterClaim(database, blocking);

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of("rotunda.db.url", "jdbc:h2:mem:claim-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void close() {
        blocking.shutdownNow();
        database.close();
    }

    @Test
    void onlyTheFirstOfTwoNodesGetsAFreeClaim() {
        assertThat(await(take(FIRST))).isEmpty();
        assertThat(await(take(SECOND))).contains(FIRST);
        assertThat(await(take(FIRST))).as("the same start asks again").isEmpty();
    }

    @Test
    void aClaimIsStaleTwentySecondsAfterItsLastRefresh() throws SQLException {
        await(take(FIRST));
        seenSecondsAgo(21);
        assertThat(await(claim.refresh(Optional.empty()))).isEqualTo(FIRST);
        assertThat(await(take(SECOND))).contains(FIRST);

        seenSecondsAgo(19);
        assertThat(await(take(SECOND))).contains(FIRST);
        seenSecondsAgo(21);

        assertThat(await(take(SECOND))).isEmpty();
        assertThat(await(take(FIRST))).contains(SECOND);
        assertThat(await(claim.refresh(Optional.empty())))
                .as("the cluster that lost its claim hears that")
                .isEqualTo(SECOND);
    }

    /**
     * The node that keeps the claim may be the only node that cannot reach the database. So any other node of the
     * cluster refreshes a claim that has become old.
     */
    @Test
    void anyNodeOfTheClusterRefreshesAnOldClaim() throws SQLException {
        await(take(FIRST));
        seenSecondsAgo(19);
        assertThat(await(claim.refreshIfOld(Optional.empty()))).isEqualTo(FIRST);
        passSeconds(10);
        assertThat(await(take(SECOND))).as("it was refreshed").contains(FIRST);

        seenSecondsAgo(5);
        assertThat(await(claim.refreshIfOld(Optional.empty()))).isEqualTo(FIRST);
        passSeconds(16);
        assertThat(await(take(SECOND)))
                .as("it was fresh, so it was not refreshed")
                .isEmpty();
    }

    @Test
    void aReleasedClaimIsFree() {
        await(take(FIRST));
        await(claim.release());
        await(claim.refreshIfOld(Optional.empty()));
        assertThat(await(take(SECOND))).isEmpty();
    }

    @Test
    void oneOfManyNodesThatAskAtTheSameTimeGetsAStaleClaim() throws SQLException {
        await(take(FIRST));
        for (int round = 0; round < 10; round++) {
            seenSecondsAgo(21);
            List<CompletionStage<Optional<String>>> asked = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                asked.add(take("round " + round + " node " + node));
            }
            assertThat(asked.stream().map(ClusterClaimTest::await).filter(Optional::isEmpty))
                    .hasSize(1);
        }
    }

    @Test
    void theVersionsThatRunAreThoseOfTheLiveCluster() throws SQLException {
        assertThat(versions()).isEqualTo(ClaimedVersions.NONE);
        await(claim.take(FIRST, OptionalInt.of(2)));
        assertThat(versions().running()).contains(new ClaimedVersions.Running(2, 2));

        await(claim.refresh(Optional.of(new ClaimedVersions.Running(2, 3))));
        assertThat(versions().running()).contains(new ClaimedVersions.Running(2, 3));
        seenSecondsAgo(7);
        await(claim.refreshIfOld(Optional.of(new ClaimedVersions.Running(3, 3))));
        assertThat(versions().running()).contains(new ClaimedVersions.Running(3, 3));

        seenSecondsAgo(21);
        assertThat(versions().running()).as("a cluster that has ended").isEmpty();
        await(claim.refresh(Optional.of(new ClaimedVersions.Running(3, 3))));
        await(claim.release());
        assertThat(versions().running()).as("a claim that was given up").isEmpty();
        await(claim.take(SECOND, OptionalInt.empty()));
        assertThat(versions().running()).as("a node without a version").isEmpty();
    }

    @Test
    void theNewestVersionNeverFalls() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            ClaimedVersions.raise(connection, 3);
            ClaimedVersions.raise(connection, 2);
        }
        assertThat(versions().newest()).hasValue(3);
        await(claim.take(FIRST, OptionalInt.of(2)));
        assertThat(versions())
                .isEqualTo(new ClaimedVersions(Optional.of(new ClaimedVersions.Running(2, 2)), OptionalInt.of(3)));
    }

    @Test
    void withoutADatabaseNobodyGetsTheClaim() {
        database.close();
        assertThatThrownBy(() -> await(take(FIRST)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfAny(RoomRefusal.class, SQLException.class);
    }

    private CompletionStage<Optional<String>> take(String node) {
        return claim.take(node, OptionalInt.empty());
    }

    private ClaimedVersions versions() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            return ClaimedVersions.read(connection);
        }
    }

    private void seenSecondsAgo(int seconds) throws SQLException {
        see("CURRENT_TIMESTAMP - INTERVAL '" + seconds + "' SECOND");
    }

    private void passSeconds(int seconds) throws SQLException {
        see("seen_at - INTERVAL '" + seconds + "' SECOND");
    }

    private void see(String time) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE cluster_claim SET seen_at = " + time))
                    .isEqualTo(1);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
