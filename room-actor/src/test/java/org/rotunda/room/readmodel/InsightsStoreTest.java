package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.InsightsEvent;
import org.rotunda.room.protocol.InsightsStore.Stored;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;

/** Tests insights events on a real database. */
class InsightsStoreTest {
    private static final int THREADS = 8;
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final AccountSid ACCOUNT = new AccountSid("AC" + "1".repeat(32));
    private static final AccountSid OTHER = new AccountSid("AC" + "2".repeat(32));
    private static final ParticipantSid ALICE = new ParticipantSid("PA" + "3".repeat(32));

    private final Config config = RoomConfig.complete(
            ConfigFactory.parseString("rotunda.housekeeping { insights-keep = 7d, batch = 2, run-max = 4 }")
                    .withFallback(ConfigFactory.parseMap(emptyDatabase())));
    private final Database database = Database.open(config.getConfig("rotunda.db"));
    private final ExecutorService blocking = Executors.newFixedThreadPool(THREADS);
    private final JdbcInsightsStore store = new JdbcInsightsStore(database, blocking, new InsightsLimits(5, 8));

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of("rotunda.db.url", "jdbc:h2:mem:insights-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void close() {
        blocking.shutdownNow();
        database.close();
    }

    private static RoomSid room(int number) {
        return new RoomSid("RM%032x".formatted(number));
    }

    private static InsightsEvent event(AccountSid account, RoomSid room, int number, Instant receivedAt) {
        return event(account, room, ALICE, number, receivedAt);
    }

    private static InsightsEvent event(
            AccountSid account, RoomSid room, ParticipantSid participant, int number, Instant receivedAt) {
        return new InsightsEvent(
                account,
                room,
                participant,
                "insights-1",
                "quality",
                "event-" + number,
                "info",
                receivedAt.minusSeconds(1),
                receivedAt,
                "{\"number\":" + number + "}");
    }

    private static List<InsightsEvent> events(AccountSid account, RoomSid room, int count) {
        List<InsightsEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(account, room, i, NOW));
        }
        return events;
    }

    private Stored insert(List<InsightsEvent> events) {
        return await(store.insert(events));
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private void assertTotalsAreRight() throws SQLException {
        assertThat(number("SELECT COUNT(*) FROM insights_totals t WHERE t.events <> (SELECT COUNT(*) FROM"
                        + " insights_events e WHERE e.room_sid = t.sid OR e.account_sid = t.sid)"))
                .isZero();
        assertThat(number("SELECT COUNT(DISTINCT account_sid) + COUNT(DISTINCT room_sid) FROM insights_events"))
                .isEqualTo(number("SELECT COUNT(*) FROM insights_totals WHERE events > 0"));
    }

    @Test
    void storesEvents() throws SQLException {
        assertThat(insert(events(ACCOUNT, room(1), 3))).isEqualTo(new Stored(3, 0, 0));

        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM insights_events ORDER BY id")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString("account_sid")).isEqualTo(ACCOUNT.value());
            assertThat(row.getString("room_sid")).isEqualTo(room(1).value());
            assertThat(row.getString("participant_sid")).isEqualTo(ALICE.value());
            assertThat(row.getString("event_group")).isEqualTo("quality");
            assertThat(row.getString("event_name")).isEqualTo("event-0");
            assertThat(row.getString("event_level")).isEqualTo("info");
            assertThat(row.getString("payload")).isEqualTo("{\"number\":0}");
            assertThat(RoomRows.instant(row, "received_at")).isEqualTo(NOW);
            assertThat(RoomRows.instant(row, "happened_at")).isEqualTo(NOW.minusSeconds(1));
        }
        assertTotalsAreRight();
    }

    @Test
    void aRoomHasNoMoreEventsThanItMayHave() throws SQLException {
        assertThat(insert(events(ACCOUNT, room(1), 4))).isEqualTo(new Stored(4, 0, 0));
        assertThat(insert(events(ACCOUNT, room(1), 3))).isEqualTo(new Stored(1, 2, 0));
        assertThat(insert(events(ACCOUNT, room(1), 1))).isEqualTo(new Stored(0, 1, 0));
        assertTotalsAreRight();
    }

    @Test
    void anAccountHasNoMoreEventsThanItMayHave() throws SQLException {
        assertThat(insert(events(ACCOUNT, room(1), 5))).isEqualTo(new Stored(5, 0, 0));
        assertThat(insert(events(ACCOUNT, room(2), 4))).isEqualTo(new Stored(3, 0, 1));
        assertThat(insert(events(OTHER, room(3), 5))).isEqualTo(new Stored(5, 0, 0));
        assertTotalsAreRight();
    }

    @Test
    void severalGatewaysAtOnceStoreNoMoreThanTheLimits() throws SQLException {
        List<CompletionStage<Stored>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(store.insert(events(i % 2 == 0 ? ACCOUNT : OTHER, room(i % 4), 1)));
        }

        int stored = all.stream().mapToInt(each -> await(each).stored()).sum();

        assertThat(stored).isEqualTo(16); // Eight for each account.
        assertThat(number("SELECT COUNT(*) FROM insights_events")).isEqualTo(16);
        assertTotalsAreRight();
    }

    @Test
    void anAnonymizedParticipantHasNoReports() throws SQLException {
        ParticipantSid bob = new ParticipantSid("PA" + "4".repeat(32));
        insert(events(ACCOUNT, room(1), 2));
        insert(List.of(event(ACCOUNT, room(1), bob, 3, NOW), event(ACCOUNT, room(2), bob, 4, NOW)));

        try (Connection connection = database.dataSource().getConnection()) {
            RoomRows.anonymize(connection, bob, NOW);
        }

        assertThat(number("SELECT COUNT(*) FROM insights_events")).isEqualTo(2);
        assertThat(number("SELECT COUNT(*) FROM insights_events WHERE participant_sid = '" + bob + "'"))
                .isZero();
        assertTotalsAreRight();
    }

    @Test
    void housekeepingDeletesOldEventsAndMakesRoomForNewOnes() throws SQLException {
        insert(events(ACCOUNT, room(1), 5));
        insert(List.of(event(ACCOUNT, room(2), 1, NOW.plus(Duration.ofDays(1)))));
        HousekeepingSettings settings = HousekeepingSettings.from(config.getConfig("rotunda"));
        Housekeeping housekeeping = new Housekeeping(database.dataSource(), settings, new HousekeepingStatistics());

        assertThat(housekeeping.run(NOW.plus(Duration.ofDays(7))).insights()).isZero();
        Instant later = NOW.plus(Duration.ofDays(7)).plusMillis(1);
        Housekeeping.Deleted first = housekeeping.run(later);
        assertThat(first.insights()).isEqualTo(4); // As many as one run may delete.
        assertThat(first.more()).isTrue();
        assertThat(housekeeping.run(later).insights()).isEqualTo(1);

        assertThat(number("SELECT COUNT(*) FROM insights_events")).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM insights_totals")).isEqualTo(2);
        assertTotalsAreRight();
        assertThat(insert(events(ACCOUNT, room(1), 6))).isEqualTo(new Stored(5, 1, 0));
    }
}
