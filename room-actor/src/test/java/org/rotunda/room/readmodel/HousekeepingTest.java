package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.readmodel.HousekeepingStatistics.Kind;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.HandClock;

/** Tests deletions on a real database in memory. The test moves the clock. */
class HousekeepingTest {
    private static final int BATCH = 2;
    private static final int RUN_MAX = 4;

    private final Random random = new Random(11);
    private final HandClock clock = new HandClock(START);
    private final Config config = RoomConfig.complete(
            ConfigFactory.parseMap(Map.of("rotunda.housekeeping.batch", BATCH, "rotunda.housekeeping.run-max", RUN_MAX))
                    .withFallback(ConfigFactory.parseMap(emptyDatabase())));
    private final Database database = Database.open(config.getConfig("rotunda.db"));
    private final HousekeepingSettings settings = HousekeepingSettings.from(config.getConfig("rotunda"));
    private final HousekeepingStatistics statistics = new HousekeepingStatistics();
    private final Housekeeping housekeeping = new Housekeeping(database.dataSource(), settings, statistics);

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of(
                "rotunda.db.url", "jdbc:h2:mem:housekeeping-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void deletesAJournalAWeekAfterItsCompletionWasProjected() throws SQLException {
        RoomSid over = room();
        RoomSid live = room();
        project(over, new RoomEvent.RoomCompleted(clock.instant()));

        clock.advance(Duration.ofDays(7));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, 0, false));
        clock.advance(Duration.ofMillis(1));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 0, 0, 0, false));

        assertThat(count("\"event_journal\"", over)).isZero();
        assertThat(count("\"snapshot\"", over)).isZero();
        assertThat(number("SELECT COUNT(*) FROM \"event_tag\"")).isEqualTo(1); // Only the live room's tag remains.
        assertThat(count("\"event_journal\"", live)).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM rooms")).isEqualTo(2);
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, 0, false));
    }

    @Test
    void keepsAJournalWhoseCompletionIsNotProjectedYet() throws SQLException {
        RoomSid over = room();
        try (Connection connection = database.dataSource().getConnection()) {
            // The room's row says that the room is over, but the projection has not set projected_at in the row yet.
            RoomRows.complete(connection, over, clock.instant(), 2);
        }

        clock.advance(Duration.ofDays(400));

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, 0, false));
        assertThat(count("\"event_journal\"", over)).isEqualTo(1);
    }

    /** An identity was replaced long after the end of the room, and the projection has not read that. */
    @Test
    void keepsAJournalWhoseLastEventIsNotProjectedYet() throws SQLException {
        RoomSid over = room();
        project(over, new RoomEvent.RoomCompleted(clock.instant()));
        clock.advance(Duration.ofDays(8));
        insertEvent(over, 2);

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, 0, false));
        assertThat(count("\"event_journal\"", over)).isEqualTo(2);

        projectionReadsEverything();
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 0, 0, 0, false));
    }

    /** Without its offsets the projection reads all journals once more, and fills the tables from them. */
    @Test
    void keepsAllJournalsUntilARebuiltProjectionHasReadThem() throws SQLException {
        for (int i = 0; i < RUN_MAX + 1; i++) {
            project(room(), new RoomEvent.RoomCompleted(clock.instant()));
        }
        clock.advance(Duration.ofDays(8));
        execute("DELETE FROM \"pekko_projection_offset_store\"");

        assertThat(run().journals()).isZero();

        projectionReadsEverything();
        assertThat(run().journals()).isEqualTo(RUN_MAX);
    }

    @Test
    void journalsThatMustStayDoNotHoldUpTheOthers() throws SQLException {
        RoomSid over = room();
        List<RoomSid> lagging = List.of(room(), room());
        for (RoomSid each : lagging) {
            project(each, new RoomEvent.RoomCompleted(clock.instant()));
            insertEvent(each, 2);
        }
        clock.advance(Duration.ofSeconds(1));
        project(over, new RoomEvent.RoomCompleted(clock.instant()));
        clock.advance(Duration.ofDays(8));

        assertThat(run().journals()).isEqualTo(1);
        assertThat(count("\"event_journal\"", over)).isZero();
    }

    /** Two nodes may believe for a moment that the housekeeping is theirs. */
    @Test
    void aRunLeavesAloneWhatAnotherRunHasLocked() throws SQLException {
        RoomSid locked = room();
        project(locked, new RoomEvent.RoomCompleted(clock.instant()));
        RoomSid free = room();
        project(free, new RoomEvent.RoomCompleted(clock.instant()));
        clock.advance(Duration.ofDays(8));
        try (Connection other = database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            execute(other, "SELECT sid FROM rooms WHERE sid = ? FOR UPDATE", locked.value());

            assertThat(run().journals()).isEqualTo(1);

            assertThat(count("\"event_journal\"", free)).isZero();
            assertThat(count("\"event_journal\"", locked)).isEqualTo(1);
            other.rollback();
        }
        assertThat(run().journals()).isEqualTo(1);
    }

    @Test
    void runsAtTheSameTimeDeleteEverythingOnce() throws Exception {
        for (int i = 0; i < 4 * RUN_MAX; i++) {
            project(room(), new RoomEvent.RoomCompleted(clock.instant()));
        }
        RoomSid live = room();
        clock.advance(Duration.ofDays(8));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Integer>> runs = Collections.nCopies(8, () -> {
            int total = 0;
            for (int i = 0; i < 4; i++) {
                total += run().journals();
            }
            return total;
        });
        int deleted = 0;
        for (Future<Integer> run : threads.invokeAll(runs)) {
            deleted += run.get();
        }
        threads.shutdown();
        assertThat(deleted).isEqualTo(4 * RUN_MAX);
        assertThat(number("SELECT COUNT(*) FROM \"event_journal\"")).isEqualTo(1);
        assertThat(count("\"event_journal\"", live)).isEqualTo(1);
    }

    /** A room in progress keeps everything, however long it has been there. */
    @Test
    void neverTouchesALiveRoom() throws SQLException {
        RoomSid live = room();
        ParticipantSid gone = ParticipantSid.random(random);
        project(
                live,
                new RoomEvent.ParticipantConnected(
                        gone, "alice", "hash", true, Map.of(), new Placement("media-1", "pc"), 1, clock.instant()));
        project(live, new RoomEvent.ParticipantDisconnected(gone, Departure.LEFT, clock.instant()));
        clock.advance(Duration.ofDays(4_000));

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, 0, false));

        assertThat(count("\"event_journal\"", live)).isEqualTo(1);
        assertThat(count("\"snapshot\"", live)).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM participants")).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM rooms")).isEqualTo(1);
    }

    /** The event comes from a room that was in memory while its journal was deleted. */
    @Test
    void deletesAnEventThatCameAfterItsJournalWasDeleted() throws SQLException {
        RoomSid over = room();
        project(over, new RoomEvent.RoomCompleted(clock.instant()));
        clock.advance(Duration.ofDays(8));
        run();
        insertEvent(over, 2);
        clock.advance(Duration.ofDays(83));

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 1, 0, false));

        assertThat(count("\"event_journal\"", over)).isZero();
    }

    @Test
    void countsWhatItDeletesAndTellsWhatIsLeft() throws SQLException {
        assertThat(statistics.oldest(Kind.JOURNALS)).isEmpty();
        RoomSid over = room();
        insertEvent(over, 2);
        project(over, new RoomEvent.RoomCompleted(clock.instant()));
        projectionReadsEverything();
        Instant end = clock.instant();
        clock.advance(Duration.ofDays(6));
        run();
        assertThat(statistics.oldest(Kind.JOURNALS)).hasValue(end);
        assertThat(statistics.oldest(Kind.ROOMS)).hasValue(end);
        assertThat(statistics.oldest(Kind.PARTICIPANTS)).isEmpty();

        clock.advance(Duration.ofDays(2));
        run();

        assertThat(statistics.oldest(Kind.JOURNALS)).isEmpty();
        assertThat(statistics.oldest(Kind.ROOMS)).hasValue(end);
        assertThat(statistics.deleted(Kind.JOURNALS)).isEqualTo(1);
        assertThat(statistics.deleted(Kind.EVENTS)).isEqualTo(2);
        clock.advance(Duration.ofDays(83));
        run();
        assertThat(statistics.deleted(Kind.ROOMS)).isEqualTo(1);
        assertThat(statistics.oldest(Kind.ROOMS)).isEmpty();
    }

    @Test
    void findsNamesThatAreOlderThanAnyRoom() throws SQLException {
        insertState("RoomName|" + ACCOUNT + ":daily", START);
        insertState("RoomName|" + ACCOUNT + ":weekly", START.plusSeconds(2));
        insertState("Other|" + ACCOUNT + ":daily", START);

        assertThat(housekeeping.staleNames(START.plusSeconds(1))).containsExactly(ACCOUNT + ":daily");
        insertState("RoomName|" + ACCOUNT + ":a", START);
        insertState("RoomName|" + ACCOUNT + ":b", START);
        assertThat(housekeeping.staleNames(START.plusSeconds(1))).hasSize(BATCH);
    }

    @Test
    void deletesRowsAfterTheirKeepTimes() throws SQLException {
        RoomSid over = room();
        ParticipantSid gone = ParticipantSid.random(random);
        project(
                over,
                new RoomEvent.ParticipantConnected(
                        gone, "alice", "hash", true, Map.of(), new Placement("media-1", "pc"), 1, clock.instant()));
        project(over, new RoomEvent.ParticipantDisconnected(gone, Departure.LEFT, clock.instant()));
        clock.advance(Duration.ofDays(1));
        project(over, new RoomEvent.RoomCompleted(clock.instant()));
        room();

        clock.advance(Duration.ofDays(89).plusMillis(1));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 1, 0, 0, false));
        clock.advance(Duration.ofDays(1));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 1, 0, false));

        assertThat(number("SELECT COUNT(*) FROM rooms")).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM participants")).isZero();
    }

    /** The projection repairs a row that the room could not write, and may read its events again at any time. */
    @Test
    void theProjectionAnonymizesTheRowAgainAndAgain() throws SQLException {
        RoomSid room = room();
        ParticipantSid gone = ParticipantSid.random(random);
        for (int i = 0; i < 2; i++) {
            project(
                    room,
                    new RoomEvent.ParticipantConnected(
                            gone, "alice", "hash", true, Map.of(), new Placement("media-1", "pc"), 1, START));
            project(room, new RoomEvent.ParticipantDisconnected(gone, Departure.LEFT, START));
            project(room, new RoomEvent.ParticipantAnonymized(gone, START));
        }

        assertThat(number("SELECT COUNT(*) FROM participants WHERE identity = '" + gone + "'"))
                .isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM participants WHERE identity = 'alice'"))
                .isZero();
    }

    @Test
    void leavesTheRestToTheNextRunWhenARunReachesItsBound() throws SQLException {
        for (int i = 0; i < RUN_MAX + 1; i++) {
            project(room(), new RoomEvent.RoomCompleted(clock.instant()));
        }
        clock.advance(Duration.ofDays(8));

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(RUN_MAX, 0, 0, 0, true));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 0, 0, 0, false));
    }

    @Test
    void refusesToForgetRoomsBeforeTheirJournals() {
        assertThatThrownBy(() -> new HousekeepingSettings(
                        Duration.ofDays(7),
                        Duration.ofDays(6),
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Duration.ofMinutes(1),
                        BATCH,
                        RUN_MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rotunda.housekeeping.rooms-keep");
    }

    @Test
    void refusesANegativeTimeToTheFirstRun() {
        assertThatThrownBy(() -> new HousekeepingSettings(
                        Duration.ofDays(7),
                        Duration.ofDays(7),
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Duration.ofMinutes(-1),
                        BATCH,
                        RUN_MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first-after");
    }

    private Housekeeping.Deleted run() throws SQLException {
        return housekeeping.run(clock.instant());
    }

    /** Writes a room in progress with one event, the event's tag, and a snapshot. The projection has read the event. */
    private RoomSid room() throws SQLException {
        RoomSid sid = RoomSid.random(random);
        String id = RoomEntity.persistenceId(sid.value());
        insertEvent(sid, 1);
        try (Connection connection = database.dataSource().getConnection()) {
            execute(
                    connection,
                    "INSERT INTO \"event_tag\" SELECT \"ordering\", 'room-1' FROM \"event_journal\" WHERE"
                            + " \"persistence_id\" = ?",
                    id);
            execute(
                    connection,
                    "INSERT INTO \"snapshot\" (\"persistence_id\", \"sequence_number\", \"created\","
                            + " \"snapshot_ser_id\", \"snapshot_ser_manifest\", \"snapshot_payload\")"
                            + " VALUES (?, 1, 0, 1, '', CAST('' AS BYTEA))",
                    id);
        }
        project(sid, new RoomEvent.RoomCreated(sid, ACCOUNT, sid.value(), properties(), clock.instant()));
        projectionReadsEverything();
        return sid;
    }

    private void insertEvent(RoomSid room, int number) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            execute(
                    connection,
                    "INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\", \"writer\","
                            + " \"write_timestamp\", \"adapter_manifest\", \"event_payload\", \"event_ser_id\","
                            + " \"event_ser_manifest\") VALUES (?, " + number
                            + ", 'w', 0, '', CAST('' AS BYTEA), 1, '')",
                    RoomEntity.persistenceId(room.value()));
        }
    }

    private void insertState(String persistenceId, Instant writtenAt) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            execute(
                    connection,
                    "INSERT INTO \"durable_state\" (\"persistence_id\", \"revision\", \"state_payload\","
                            + " \"state_serial_id\", \"state_timestamp\") VALUES (?, 1, CAST('' AS BYTEA), 1, "
                            + writtenAt.toEpochMilli() + ")",
                    persistenceId);
        }
    }

    /** Moves the offsets of the projection of all tags behind the last event. */
    private void projectionReadsEverything() throws SQLException {
        int last = number("SELECT MAX(\"ordering\") FROM \"event_journal\"");
        for (int tag = 0; tag < RoomEntity.TAGS; tag++) {
            setOffset(RoomEntity.TAG_PREFIX + tag, last);
        }
    }

    private void setOffset(String tag, int offset) throws SQLException {
        execute("DELETE FROM \"pekko_projection_offset_store\" WHERE \"projection_key\" = '" + tag + "'");
        execute("INSERT INTO \"pekko_projection_offset_store\" (\"projection_name\", \"projection_key\","
                + " \"current_offset\", \"manifest\", \"mergeable\", \"last_updated\")"
                + " VALUES ('" + RoomProjection.NAME + "', '" + tag + "', '" + offset + "', 'SEQ', FALSE, 0)");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private void project(RoomSid room, RoomEvent event) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            RoomProjection.write(connection, room, event, 1, clock.instant());
        }
    }

    private int count(String table, RoomSid room) throws SQLException {
        return number("SELECT COUNT(*) FROM " + table + " WHERE \"persistence_id\" = '"
                + RoomEntity.persistenceId(room.value()) + "'");
    }

    private int number(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void execute(Connection connection, String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            statement.execute();
        }
    }
}
