package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomQueries.ParticipantFilter;
import org.rotunda.room.protocol.RoomQueries.RoomFilter;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.readmodel.JdbcRoomQueries.Select;

/**
 * Tests that the cost of a page does not depend on the length of the list. The database shows for each filter that it
 * reads one range of an index, in the order of the index, and does not sort.
 */
class ListPlansTest {
    private static final int ROOMS = 20_000;
    private static final int PARTICIPANTS = 20_000;
    /** The number of rooms that are created in the same second. */
    private static final int SAME_SECOND = 10;

    /** Half of the time range in filters. It contains more records than a page. */
    private static final int RANGE_SECONDS = 500;

    private static final RoomSid ROOM = roomSid(1);
    private static final Instant MIDDLE = START.plusSeconds(ROOMS / SAME_SECOND / 2);

    final Database database = Database.open(config().getConfig("rotunda.db"));
    private final JdbcRoomQueries queries = new JdbcRoomQueries(database, Runnable::run);

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of("rotunda.db.url", "jdbc:h2:mem:plans-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    /** Returns a table with the numbers from 1 to {@code last} in the column i. */
    String series(int last) {
        return "SYSTEM_RANGE(1, " + last + ") AS s(i)";
    }

    /** Tells the database to count its rows, so that it chooses plans as it would in production. */
    String analyze() {
        return "ANALYZE";
    }

    /** Returns whether the plan reads one range of this index, and neither sorts nor reads the whole table. */
    boolean readsOnly(String index, String plan) {
        return plan.toLowerCase(Locale.ROOT).contains(index + ":")
                && plan.contains("/* index sorted */")
                && !plan.contains("tableScan");
    }

    private Config config() {
        return RoomConfig.complete(ConfigFactory.parseMap(emptyDatabase()));
    }

    @BeforeEach
    void fill() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            insertRooms(connection);
            insertParticipants(connection);
        }
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(analyze());
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aPageOfRoomsIsOneRangeOfAnIndex() throws SQLException {
        for (PageRequest page : pages(roomSid(ROOMS / 2).value())) {
            for (Instant[] times : times()) {
                for (RoomStatus status : RoomStatus.values()) {
                    assertReadsOnly(
                            "rooms_by_status",
                            JdbcRoomQueries.roomsOf(ACCOUNT, new RoomFilter(status, null, times[0], times[1]), page));
                    assertReadsOnly(
                            "rooms_by_status_and_name",
                            JdbcRoomQueries.roomsOf(
                                    ACCOUNT, new RoomFilter(status, "daily", times[0], times[1]), page));
                }
            }
        }
    }

    @Test
    void aPageOfParticipantsIsOneRangeOfAnIndex() throws SQLException {
        for (PageRequest page : pages(participantSid(PARTICIPANTS / 2))) {
            for (Instant[] times : times()) {
                ParticipantStatus status = ParticipantStatus.DISCONNECTED;
                assertReadsOnly(
                        "participants_by_status",
                        JdbcRoomQueries.participantsOf(
                                ROOM, new ParticipantFilter(status, null, times[0], times[1]), page));
                assertReadsOnly(
                        "participants_by_status_and_identity",
                        JdbcRoomQueries.participantsOf(
                                ROOM, new ParticipantFilter(status, "alice", times[0], times[1]), page));
            }
        }
    }

    @Test
    void thePagesTogetherAreTheWholeListOnce() {
        Set<String> rooms = new LinkedHashSet<>();
        @Nullable Instant created = null;
        @Nullable String sid = null;
        boolean more = true;
        while (more) {
            Page<RoomView> page = await(queries.rooms(
                    ACCOUNT,
                    new RoomFilter(RoomStatus.COMPLETED, "daily", null, null),
                    new PageRequest(999, created, sid)));
            page.records()
                    .forEach(room -> assertThat(rooms.add(room.sid().value())).isTrue());
            RoomView last = page.records().get(page.records().size() - 1);
            created = last.createdAt();
            sid = last.sid().value();
            more = page.more();
        }
        assertThat(rooms).hasSize(ROOMS / 2);

        Page<ParticipantView> participants = await(queries.participants(
                ROOM,
                new ParticipantFilter(ParticipantStatus.DISCONNECTED, "alice", null, null),
                new PageRequest(1000, MIDDLE, participantSid(PARTICIPANTS / 2))));
        assertThat(participants.records()).hasSize(1000).allSatisfy(participant -> {
            assertThat(participant.identity()).isEqualTo("alice");
            assertThat(participant.account()).isEqualTo(ACCOUNT);
            assertThat(participant.startedAt()).isBeforeOrEqualTo(MIDDLE);
        });
        assertThat(participants.more()).isTrue();
    }

    @Test
    void aRoomWithoutARowHasNoParticipants() {
        Page<ParticipantView> none = await(queries.participants(
                roomSid(ROOMS + 1), new ParticipantFilter(null, null, null, null), new PageRequest(10, null, null)));

        assertThat(none.records()).isEmpty();
    }

    private static List<PageRequest> pages(String afterSid) {
        return List.of(new PageRequest(50, null, null), new PageRequest(100, MIDDLE, afterSid));
    }

    /** Returns the bounds of the creation time: none, the lower, the upper, and both. */
    private static List<@Nullable Instant[]> times() {
        return List.of(
                new @Nullable Instant[] {null, null},
                new @Nullable Instant[] {MIDDLE.minusSeconds(RANGE_SECONDS), null},
                new @Nullable Instant[] {null, MIDDLE.plusSeconds(RANGE_SECONDS)},
                new @Nullable Instant[] {MIDDLE.minusSeconds(RANGE_SECONDS), MIDDLE.plusSeconds(RANGE_SECONDS)});
    }

    private void assertReadsOnly(String index, Select select) throws SQLException {
        String plan = explain(select);
        assertThat(readsOnly(index, plan))
                .as("%s must use %s:%n%s", select.sql(), index, plan)
                .isTrue();
    }

    private String explain(Select select) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + select.sql())) {
            List<Object> arguments = select.arguments();
            for (int i = 0; i < arguments.size(); i++) {
                explain.setObject(i + 1, arguments.get(i));
            }
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
            return String.join("\n", lines);
        }
    }

    /** Inserts rooms of one account. Half of them share a name, and all but a hundred are completed. */
    private void insertRooms(Connection connection) throws SQLException {
        insert(connection, """
                INSERT INTO rooms (sid, account_sid, unique_name, status, properties, created_at, updated_at, event_number)
                SELECT 'RM' || LPAD(CAST(i AS VARCHAR), 32, '0'), '%s',
                    CASE WHEN MOD(i, 2) = 0 THEN 'daily' ELSE 'room-' || i END,
                    CASE WHEN MOD(i, 200) = 1 THEN 'IN_PROGRESS' ELSE 'COMPLETED' END,
                    '%s', CAST('%s' AS TIMESTAMP WITH TIME ZONE) + (i / %d) * INTERVAL '1' SECOND,
                    CURRENT_TIMESTAMP, 1
                FROM %s""".formatted(ACCOUNT, PROPERTIES, START, SAME_SECOND, series(ROOMS)));
    }

    /** Inserts participants who have left one room. Half of them have the same identity. */
    private void insertParticipants(Connection connection) throws SQLException {
        insert(connection, """
                INSERT INTO participants (sid, room_sid, identity, status, started_at, updated_at, ended_at)
                SELECT 'PA' || LPAD(CAST(i AS VARCHAR), 32, '0'), '%s',
                    CASE WHEN MOD(i, 2) = 0 THEN 'alice' ELSE 'guest-' || i END, 'DISCONNECTED',
                    CAST('%s' AS TIMESTAMP WITH TIME ZONE) + (i / %d) * INTERVAL '1' SECOND,
                    CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
                FROM %s""".formatted(ROOM, START, SAME_SECOND, series(PARTICIPANTS)));
    }

    private static void insert(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static final String PROPERTIES = """
            {"type":"GROUP","participantsMax":4,"maxParticipantDurationSeconds":14400,"emptyRoomTimeoutMinutes":5,\
            "unusedRoomTimeoutMinutes":5,"recordParticipantsOnConnect":false,"videoCodecs":["VP8"],"mediaRegion":"us1",\
            "audioOnly":false,"largeRoom":false,"statusCallback":null,"statusCallbackMethod":"POST"}""";

    private static RoomSid roomSid(int number) {
        return new RoomSid("RM%032d".formatted(number));
    }

    private static String participantSid(int number) {
        return "PA%032d".formatted(number);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
