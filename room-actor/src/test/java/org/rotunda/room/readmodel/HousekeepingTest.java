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
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
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
    private final Housekeeping housekeeping = new Housekeeping(database.dataSource(), settings);

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
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, false));
        clock.advance(Duration.ofMillis(1));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 0, 0, false));

        assertThat(count("\"event_journal\"", over)).isZero();
        assertThat(count("\"snapshot\"", over)).isZero();
        assertThat(number("SELECT COUNT(*) FROM \"event_tag\"")).isEqualTo(1); // Only the live room's tag remains.
        assertThat(count("\"event_journal\"", live)).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM rooms")).isEqualTo(2);
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, false));
    }

    @Test
    void keepsAJournalWhoseCompletionIsNotProjectedYet() throws SQLException {
        RoomSid over = room();
        try (Connection connection = database.dataSource().getConnection()) {
            // The room's row says that the room is over, but the projection has not set projected_at in the row yet.
            RoomRows.complete(connection, over, clock.instant(), 2);
        }

        clock.advance(Duration.ofDays(400));

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 0, false));
        assertThat(count("\"event_journal\"", over)).isEqualTo(1);
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
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 1, 0, false));
        clock.advance(Duration.ofDays(1));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(0, 0, 1, false));

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

        assertThat(run()).isEqualTo(new Housekeeping.Deleted(RUN_MAX, 0, 0, true));
        assertThat(run()).isEqualTo(new Housekeeping.Deleted(1, 0, 0, false));
    }

    @Test
    void refusesToForgetRoomsBeforeTheirJournals() {
        assertThatThrownBy(() -> new HousekeepingSettings(
                        Duration.ofDays(7),
                        Duration.ofDays(6),
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
                        Duration.ofMinutes(-1),
                        BATCH,
                        RUN_MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first-after");
    }

    private Housekeeping.Deleted run() throws SQLException {
        return housekeeping.run(clock.instant());
    }

    /** Writes a room in progress with one event, the event's tag, and a snapshot. */
    private RoomSid room() throws SQLException {
        RoomSid sid = RoomSid.random(random);
        String id = RoomEntity.persistenceId(sid.value());
        try (Connection connection = database.dataSource().getConnection()) {
            execute(
                    connection,
                    "INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\", \"writer\","
                            + " \"write_timestamp\", \"adapter_manifest\", \"event_payload\", \"event_ser_id\","
                            + " \"event_ser_manifest\") VALUES (?, 1, 'w', 0, '', CAST('' AS BYTEA), 1, '')",
                    id);
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
        return sid;
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
            statement.executeUpdate();
        }
    }
}
