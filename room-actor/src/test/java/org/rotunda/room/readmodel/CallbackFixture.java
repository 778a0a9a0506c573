package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackLog.CallbackFilter;
import org.rotunda.room.protocol.CallbackOutbox.ClaimRequest;
import org.rotunda.room.protocol.CallbackOutbox.Claimed;
import org.rotunda.room.protocol.CallbackOutbox.Claims;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.testkit.HandClock;

/** The tables of status callbacks in a real database, and events for them. The test moves the clock. */
abstract class CallbackFixture {
    static final String URL = "https://hooks.example.com/video?tenant=42";
    static final AccountSid OTHER = new AccountSid("AC" + "9".repeat(32));
    static final Duration CLAIM = Duration.ofSeconds(45);

    final Random random = new Random(5);
    final HandClock clock = new HandClock(START);
    final Config config = RoomConfig.complete(ConfigFactory.parseMap(emptyDatabase()));
    final Database database = Database.open(config.getConfig("rotunda.db"));
    final JdbcStatusCallbacks callbacks = new JdbcStatusCallbacks(database, Runnable::run, clock);
    final Map<RoomSid, Long> eventNumbers = new HashMap<>();

    /** Returns the settings of an empty database. */
    Map<String, Object> emptyDatabase() {
        return Map.of(
                "rotunda.db.url", "jdbc:h2:mem:callbacks-" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    }

    @AfterEach
    void close() {
        database.close();
    }

    static FailedAttempt failure(CallbackFailure failure) {
        return new FailedAttempt(START, failure, 0, "a reason");
    }

    Claims claim(int max) {
        return await(callbacks.claim(
                new ClaimRequest(max, 100, Map.of(), clock.instant().plus(CLAIM))));
    }

    Claimed onlyClaim() {
        List<Claimed> taken = claim(10).taken();
        assertThat(taken).hasSize(1);
        return taken.get(0);
    }

    List<StatusCallback> waiting(RoomSid room) throws SQLException {
        AccountSid account =
                new AccountSid(text("SELECT account_sid FROM callback_queues WHERE room_sid = '" + room + "'"));
        List<StatusCallback> newestFirst = await(callbacks.callbacks(
                        account, new CallbackFilter(CallbackStatus.WAITING, room), new PageRequest(1_000, null, null)))
                .records();
        return newestFirst.stream()
                .sorted((one, two) -> Long.compare(one.sequenceNumber(), two.sequenceNumber()))
                .toList();
    }

    List<StatusCallback> failed(AccountSid account) {
        return await(callbacks.callbacks(
                        account, new CallbackFilter(CallbackStatus.FAILED, null), new PageRequest(1_000, null, null)))
                .records();
    }

    RoomSid roomUnchecked(String name) {
        try {
            return room(ACCOUNT, name, "POST");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    RoomSid room(AccountSid account, String name, String method) throws SQLException {
        RoomSid room = RoomSid.random(random);
        RoomProperties silent = properties();
        RoomProperties called = new RoomProperties(
                silent.type(),
                silent.participantsMax(),
                silent.maxParticipantDurationSeconds(),
                silent.emptyRoomTimeoutMinutes(),
                silent.unusedRoomTimeoutMinutes(),
                silent.recordParticipantsOnConnect(),
                silent.videoCodecs(),
                silent.mediaRegion(),
                silent.audioOnly(),
                silent.largeRoom(),
                URL,
                method);
        project(room, new RoomEvent.RoomCreated(room, account, name, called, clock.instant()));
        return room;
    }

    ParticipantSid connects(RoomSid room, String identity) throws SQLException {
        ParticipantSid participant = ParticipantSid.random(random);
        project(room, connected(participant, identity));
        return participant;
    }

    RoomEvent.ParticipantConnected connected(ParticipantSid participant, String identity) {
        return new RoomEvent.ParticipantConnected(
                participant, identity, "hash", true, Map.of(), new Placement("media-1", "pc"), 1, clock.instant());
    }

    TrackSid publishes(RoomSid room, ParticipantSid participant, TrackKind kind, String name) throws SQLException {
        TrackSid track = TrackSid.random(random);
        Publication publication = new Publication(track, "id-" + name, kind, name, true, TrackPriority.STANDARD);
        project(room, new RoomEvent.TrackPublished(participant, publication, clock.instant()));
        return track;
    }

    void changes(RoomSid room, ParticipantSid participant, TrackSid track, boolean enabled, TrackPriority priority)
            throws SQLException {
        project(room, new RoomEvent.TrackChanged(participant, track, enabled, priority, clock.instant()));
    }

    void project(RoomSid room, RoomEvent event) throws SQLException {
        long number = eventNumbers.merge(room, 1L, Long::sum);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            RoomProjection.write(connection, room, event, number, clock.instant());
            connection.commit();
        }
    }

    int number(String sql) throws SQLException {
        return Integer.parseInt(text(sql));
    }

    String text(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** Returns the numbers from 0 to the end, which is not among them. */
    static List<Long> numbersUntil(int end) {
        return IntStream.range(0, end).mapToObj(number -> (long) number).toList();
    }
}
