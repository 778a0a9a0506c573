package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomQueries.RoomFilter;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.readmodel.JdbcRoomQueries.Select;
import org.rotunda.room.testkit.ManyRooms;
import org.rotunda.room.testkit.PostgresServer;

/**
 * Lists a million rooms of one account on PostgreSQL. The test checks the plans and the number of database pages that
 * one page of the list reads, and prints both with the times of many pages. The report is also in
 * {@code target/million-rooms.txt}. The property {@code bench.rooms} sets another number of rooms.
 */
@Tag("long")
class MillionRoomsTest {
    private static final int ROOMS = Integer.getInteger("bench.rooms", 1_000_000);
    /** One room in so many is in progress. */
    private static final int ONE_LIVE_IN = 1_000;
    /** The time between the creations of two rooms: a million rooms in some 90 days. */
    private static final Duration APART = Duration.ofSeconds(8);

    private static final ManyRooms MANY = new ManyRooms(ACCOUNT.value(), ROOMS, START, APART, ONE_LIVE_IN);

    private static final int PAGE = 50;
    private static final int WARM_UP = 200;
    private static final int TIMED = 1_000;

    /**
     * The most blocks of tables and indexes that a page may read: one for each row, its place in the index, and the way
     * through the levels of the index.
     */
    private static final int BLOCKS_MAX = 3 * PAGE + 20;

    private static final Pattern BLOCKS = Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    private static PostgresServer server;
    private static Database database;
    private static JdbcRoomQueries queries;
    private static final StringBuilder REPORT = new StringBuilder();

    private final Random random = new Random(4);

    /** One kind of page: a filter, and places at which pages begin. */
    private record Kind(String name, String index, RoomFilter filter, Supplier<PageRequest> page) {}

    @BeforeAll
    static void fill(@TempDir Path directory) throws SQLException {
        server = PostgresServer.start(directory);
        String url = server.createDatabase();
        database = Database.open(
                RoomConfig.complete(ConfigFactory.parseMap(server.config(url))).getConfig("rotunda.db"));
        queries = new JdbcRoomQueries(database, Runnable::run);
        long begin = System.nanoTime();
        // The statements of the node's own connections have a time limit.
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password())) {
            MANY.insert(connection);
        }
        print("%,d rooms filled in %d s; table %s, indexes %s%n"
                .formatted(
                        ROOMS,
                        Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
                        text("SELECT pg_size_pretty(pg_table_size('rooms'))"),
                        text("SELECT pg_size_pretty(pg_indexes_size('rooms'))")));
    }

    @AfterAll
    static void close() throws IOException {
        database.close();
        server.close();
        Files.writeString(Path.of("target", "million-rooms.txt"), REPORT);
    }

    @Test
    void everyPageCostsTheSame() throws SQLException {
        print("%-44s %8s %8s %8s %7s%n"
                .formatted("page of " + PAGE + " rooms", "p50 ms", "p99 ms", "max ms", "blocks"));
        for (Kind kind : kinds()) {
            String plan = explain(kind);
            assertThat(plan)
                    .as(kind.name())
                    .contains("Index Scan using " + kind.index() + " on rooms")
                    .doesNotContain("Sort", "Seq Scan");
            int blocks = blocks(plan);
            assertThat(blocks).as("%s:%n%s", kind.name(), plan).isPositive().isLessThanOrEqualTo(BLOCKS_MAX);
            double[] times = time(kind);
            print("%-44s %8.2f %8.2f %8.2f %7d%n"
                    .formatted(kind.name(), times[TIMED / 2], times[TIMED * 99 / 100], times[TIMED - 1], blocks));
            REPORT.append(plan.indent(4));
        }
    }

    /** The whole list is read in pages, and the last page is as fast as the first. */
    @Test
    void theLastPagesCostNoMoreThanTheFirst() {
        RoomFilter filter = new RoomFilter(RoomStatus.COMPLETED, null, null, null);
        PageRequest next = new PageRequest(1_000, null, null);
        List<Double> times = new ArrayList<>();
        int rooms = 0;
        boolean more = true;
        while (more) {
            long begin = System.nanoTime();
            Page<RoomView> page = page(filter, next);
            times.add((System.nanoTime() - begin) / 1e6);
            rooms += page.records().size();
            RoomView last = page.records().get(page.records().size() - 1);
            next = new PageRequest(1_000, last.createdAt(), last.sid().value());
            more = page.more();
        }
        assertThat(rooms).isEqualTo(ROOMS - ROOMS / ONE_LIVE_IN);
        int tenth = times.size() / 10;
        print("all %,d completed rooms in %d pages of 1,000: first tenth %.1f ms a page, last tenth %.1f ms%n"
                .formatted(
                        rooms,
                        times.size(),
                        mean(times.subList(0, tenth)),
                        mean(times.subList(times.size() - tenth, times.size()))));
    }

    private List<Kind> kinds() {
        Supplier<PageRequest> first = () -> new PageRequest(PAGE, null, null);
        Supplier<PageRequest> deep = () -> after(1 + random.nextInt(ROOMS));
        Supplier<PageRequest> last = () -> after(2 * PAGE);
        RoomFilter completed = new RoomFilter(RoomStatus.COMPLETED, null, null, null);
        RoomFilter live = new RoomFilter(RoomStatus.IN_PROGRESS, null, null, null);
        RoomFilter daily = new RoomFilter(RoomStatus.COMPLETED, "daily", null, null);
        Instant middle = MANY.created(ROOMS / 2);
        RoomFilter day = new RoomFilter(RoomStatus.COMPLETED, null, middle, middle.plus(Duration.ofDays(1)));
        return List.of(
                new Kind("completed, first page", "rooms_by_status", completed, first),
                new Kind("completed, any page", "rooms_by_status", completed, deep),
                new Kind("completed, last page", "rooms_by_status", completed, last),
                new Kind("in progress, first page", "rooms_by_status", live, first),
                new Kind("in progress, any page", "rooms_by_status", live, deep),
                new Kind("a name of many rooms, first page", "rooms_by_status_and_name", daily, first),
                new Kind("a name of many rooms, any page", "rooms_by_status_and_name", daily, deep),
                new Kind(
                        "a name of one room",
                        "rooms_by_status_and_name",
                        new RoomFilter(RoomStatus.COMPLETED, "room-" + (ROOMS / 2 + 1), null, null),
                        first),
                new Kind("rooms of one day, first page", "rooms_by_status", day, first),
                new Kind(
                        "rooms of one day, any page",
                        "rooms_by_status",
                        day,
                        () -> after(ROOMS / 2
                                + random.nextInt((int) (Duration.ofDays(1).toSeconds() / APART.toSeconds())))),
                new Kind(
                        "a name, before a day",
                        "rooms_by_status_and_name",
                        new RoomFilter(RoomStatus.COMPLETED, "daily", null, middle),
                        first));
    }

    private double[] time(Kind kind) {
        double[] times = new double[TIMED];
        for (int i = -WARM_UP; i < TIMED; i++) {
            PageRequest request = kind.page().get();
            long begin = System.nanoTime();
            page(kind.filter(), request);
            if (i >= 0) {
                times[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Arrays.sort(times);
        return times;
    }

    private static Page<RoomView> page(RoomFilter filter, PageRequest request) {
        return queries.rooms(ACCOUNT, filter, request).toCompletableFuture().join();
    }

    private static String explain(Kind kind) throws SQLException {
        Select select =
                JdbcRoomQueries.roomsOf(ACCOUNT, kind.filter(), kind.page().get());
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement explain =
                        connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + select.sql())) {
            List<Object> arguments = select.arguments();
            for (int i = 0; i < arguments.size(); i++) {
                explain.setObject(i + 1, arguments.get(i));
            }
            StringBuilder lines = new StringBuilder();
            try (ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    lines.append(rows.getString(1)).append('\n');
                }
            }
            return lines.toString();
        }
    }

    /** Returns the number of blocks that the whole statement has read, from memory or from files. */
    private static int blocks(String plan) {
        Matcher first = BLOCKS.matcher(plan);
        return first.find() ? number(first.group(1)) + number(first.group(2)) : 0;
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static PageRequest after(int number) {
        return new PageRequest(PAGE, MANY.created(number), MANY.sid(number).value());
    }

    private static double mean(List<Double> times) {
        return times.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static void print(String line) {
        REPORT.append(line);
        System.out.print(line);
    }

    private static String text(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
