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
        assertThat(await(claim.take(FIRST))).isEmpty();
        assertThat(await(claim.take(SECOND))).contains(FIRST);
        assertThat(await(claim.take(FIRST))).as("the same start asks again").isEmpty();
    }

    @Test
    void aClaimIsStaleTwentySecondsAfterItsLastRefresh() throws SQLException {
        await(claim.take(FIRST));
        seenSecondsAgo(21);
        assertThat(await(claim.refresh())).isEqualTo(FIRST);
        assertThat(await(claim.take(SECOND))).contains(FIRST);

        seenSecondsAgo(19);
        assertThat(await(claim.take(SECOND))).contains(FIRST);
        seenSecondsAgo(21);

        assertThat(await(claim.take(SECOND))).isEmpty();
        assertThat(await(claim.take(FIRST))).contains(SECOND);
        assertThat(await(claim.refresh()))
                .as("the cluster that lost its claim hears that")
                .isEqualTo(SECOND);
    }

    /**
     * The node that keeps the claim may be the only node that cannot reach the database. So any other node of the
     * cluster refreshes a claim that has become old.
     */
    @Test
    void anyNodeOfTheClusterRefreshesAnOldClaim() throws SQLException {
        await(claim.take(FIRST));
        seenSecondsAgo(19);
        assertThat(await(claim.refreshIfOld())).isEqualTo(FIRST);
        passSeconds(10);
        assertThat(await(claim.take(SECOND))).as("it was refreshed").contains(FIRST);

        seenSecondsAgo(5);
        assertThat(await(claim.refreshIfOld())).isEqualTo(FIRST);
        passSeconds(16);
        assertThat(await(claim.take(SECOND)))
                .as("it was fresh, so it was not refreshed")
                .isEmpty();
    }

    @Test
    void aReleasedClaimIsFree() {
        await(claim.take(FIRST));
        await(claim.release());
        await(claim.refreshIfOld());
        assertThat(await(claim.take(SECOND))).isEmpty();
    }

    @Test
    void oneOfManyNodesThatAskAtTheSameTimeGetsAStaleClaim() throws SQLException {
        await(claim.take(FIRST));
        for (int round = 0; round < 10; round++) {
            seenSecondsAgo(21);
            List<CompletionStage<Optional<String>>> asked = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                asked.add(claim.take("round " + round + " node " + node));
            }
            assertThat(asked.stream().map(ClusterClaimTest::await).filter(Optional::isEmpty))
                    .hasSize(1);
        }
    }

    @Test
    void withoutADatabaseNobodyGetsTheClaim() {
        database.close();
        assertThatThrownBy(() -> await(claim.take(FIRST)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfAny(RoomRefusal.class, SQLException.class);
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
