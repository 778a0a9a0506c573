package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Publication;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantAnonymized;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.RoomCreated;
import org.rotunda.room.state.RoomEvent.TrackChanged;
import org.rotunda.room.state.RoomEvent.TrackPublished;
import org.rotunda.room.state.RoomEvent.TrackUnpublished;

/**
 * Puts the status callbacks that an event of a room causes into the room's queue. Runs in the transaction of the
 * projection, before the projection changes its other tables, so that each event causes its callbacks exactly once.
 *
 * <p>The events of a room name neither all participants nor all tracks that an end concerns: the participants come from
 * the table of the read model, and the tracks from a table that this class keeps. Used for one event; blocks on the
 * given connection.
 */
final class CallbackWriter {
    private static final String INSERT_QUEUE = "INSERT INTO callback_queues (room_sid, account_sid, unique_name,"
            + " room_type, url, method, created_at, event_number, next_number, ended)"
            + " SELECT ?, ?, ?, ?, ?, ?, ?, 0, 0, FALSE"
            + " WHERE NOT EXISTS (SELECT 1 FROM callback_queues WHERE room_sid = ?)";

    /** Finds the queue of a room, and locks it against gateways that are about to note the result of an attempt. */
    private static final String LOCK_QUEUE = "SELECT * FROM callback_queues WHERE room_sid = ? FOR UPDATE";

    private static final String UPDATE_QUEUE =
            "UPDATE callback_queues SET event_number = ?, next_number = ?, ended = ? WHERE room_sid = ?";

    /** Makes a queue due, unless a callback of it is being sent or waits for its next attempt. */
    private static final String MAKE_DUE =
            "UPDATE callback_queues SET due_at = ? WHERE room_sid = ? AND due_at IS NULL";

    private static final String INSERT_CALLBACK = "INSERT INTO callbacks (sid, room_sid, account_sid,"
            + " participant_sid, sequence_number, event, happened_at, form, status, attempts, retried_from)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)";
    private static final String SELECT_FORMS = "SELECT sid, form FROM callbacks WHERE participant_sid = ?";
    private static final String UPDATE_FORM = "UPDATE callbacks SET form = ? WHERE sid = ?";
    private static final String SELECT_PARTICIPANT = "SELECT sid, identity, started_at FROM participants WHERE sid = ?";
    private static final String SELECT_PRESENT = "SELECT sid, identity, started_at FROM participants"
            + " WHERE room_sid = ? AND status <> 'DISCONNECTED' ORDER BY started_at, sid";
    private static final String INSERT_TRACK = "INSERT INTO callback_tracks (sid, room_sid, participant_sid, kind,"
            + " name, enabled, added_number) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT_TRACK =
            "SELECT sid, kind, name, enabled FROM callback_tracks WHERE room_sid = ? AND participant_sid = ? AND sid ="
                    + " ?";
    private static final String SELECT_TRACKS = "SELECT sid, kind, name, enabled FROM callback_tracks"
            + " WHERE room_sid = ? AND participant_sid = ? ORDER BY added_number";
    private static final String UPDATE_TRACK = "UPDATE callback_tracks SET enabled = ? WHERE sid = ?";
    private static final String DELETE_TRACK = "DELETE FROM callback_tracks WHERE sid = ?";

    private static final String PARTICIPANT_SID = "ParticipantSid";
    private static final String PARTICIPANT_IDENTITY = "ParticipantIdentity";
    private static final String IN_PROGRESS = "in-progress";
    private static final String CONNECTED = "connected";
    private static final String DISCONNECTED = "disconnected";
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Connection connection;
    private final Queue queue;
    private final Instant happenedAt;
    private final Instant now;
    private int written; // The number of callbacks so far.

    /** The queue of a room before the event. */
    private record Queue(
            RoomSid room,
            AccountSid account,
            String uniqueName,
            String roomType,
            Instant createdAt,
            long eventNumber,
            long nextNumber) {}

    private record Person(String sid, String identity, Instant startedAt) {}

    private record Track(String sid, String kind, String name, boolean enabled) {}

    private CallbackWriter(Connection connection, Queue queue, Instant happenedAt, Instant now) {
        this.connection = connection;
        this.queue = queue;
        this.happenedAt = happenedAt;
        this.now = now;
    }

    /**
     * Writes the callbacks of one event, or replaces an identity in those that are written already. Does nothing if the
     * room has no callback URL, or if the event was written before.
     *
     * @param eventNumber the number of the event in the journal of its room
     * @param now the time from which the callbacks are due and are retried; the event itself may be older, because a
     *     deadline that passed while a room had no owner is decided later
     */
    static void write(Connection connection, RoomSid room, RoomEvent event, long eventNumber, Instant now)
            throws SQLException {
        if (event instanceof RoomCreated created && created.properties().statusCallback() != null) {
            insertQueue(connection, created);
        }
        // Gateways lock the queue before its callbacks, so this must too. A room without a queue has no callbacks.
        if (event instanceof ParticipantAnonymized anonymized
                && lock(connection, room).isPresent()) {
            anonymize(connection, anonymized.participant());
        }
        if (!causesCallbacks(event)) {
            return;
        }
        Optional<Queue> found = lock(connection, room);
        if (found.isPresent() && found.get().eventNumber() < eventNumber) {
            CallbackWriter writer = new CallbackWriter(connection, found.get(), event.at(), now);
            writer.write(event);
            writer.finish(eventNumber, event instanceof RoomCompleted);
        }
    }

    /**
     * Replaces the identity of a participant by the SID, in the callbacks that wait and in those that have failed. An
     * attempt that is under way sends the identity. Returns the number of callbacks.
     */
    static int anonymize(Connection connection, ParticipantSid participant) throws SQLException {
        Map<String, String> forms = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT_FORMS)) {
            select.setString(1, participant.value());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Map<String, String> parameters = CallbackForm.decode(rows.getString("form"));
                    parameters.put(PARTICIPANT_IDENTITY, participant.value());
                    forms.put(rows.getString("sid"), CallbackForm.encode(parameters));
                }
            }
        }
        for (Map.Entry<String, String> form : forms.entrySet()) {
            execute(connection, UPDATE_FORM, form.getValue(), form.getKey());
        }
        return forms.size();
    }

    /** Locks the queue of a room, if there is one. Whoever changes callbacks must do this first, as gateways do. */
    static void lockQueue(Connection connection, RoomSid room) throws SQLException {
        var unused = lock(connection, room);
    }

    private static boolean causesCallbacks(RoomEvent event) {
        return event instanceof RoomCreated
                || event instanceof RoomCompleted
                || event instanceof ParticipantConnected
                || event instanceof ParticipantDisconnected
                || event instanceof TrackPublished
                || event instanceof TrackUnpublished
                || event instanceof TrackChanged;
    }

    private static void insertQueue(Connection connection, RoomCreated created) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_QUEUE)) {
            insert.setString(1, created.sid().value());
            insert.setString(2, created.account().value());
            insert.setString(3, created.uniqueName());
            insert.setString(4, created.properties().type().wireName());
            insert.setString(5, created.properties().statusCallback());
            insert.setString(6, created.properties().statusCallbackMethod());
            insert.setObject(7, RoomRows.timestamp(created.at()));
            insert.setString(8, created.sid().value());
            insert.executeUpdate();
        }
    }

    private static Optional<Queue> lock(Connection connection, RoomSid room) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK_QUEUE)) {
            select.setString(1, room.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Queue(
                                room,
                                new AccountSid(row.getString("account_sid")),
                                row.getString("unique_name"),
                                row.getString("room_type"),
                                instant(row, "created_at"),
                                row.getLong("event_number"),
                                row.getLong("next_number")))
                        : Optional.empty();
            }
        }
    }

    private void write(RoomEvent event) throws SQLException {
        if (event instanceof RoomCreated) {
            put("room-created", room(IN_PROGRESS));
        } else if (event instanceof RoomCompleted) {
            for (Person person : present()) {
                departs(person);
            }
            Map<String, String> parameters = room("completed");
            parameters.put("RoomDuration", seconds(queue.createdAt()));
            put("room-ended", parameters);
        } else if (event instanceof ParticipantConnected connected) {
            put(
                    "participant-connected",
                    participant(
                            new Person(connected.participant().value(), connected.identity(), connected.at()),
                            CONNECTED));
        } else if (event instanceof ParticipantDisconnected gone) {
            for (Person person : person(gone.participant())) {
                departs(person);
            }
        } else if (event instanceof TrackPublished published) {
            for (Person person : person(published.participant())) {
                published(person, published.publication());
            }
        } else if (event instanceof TrackUnpublished unpublished) {
            for (Person person : person(unpublished.participant())) {
                for (Track track : track(person, unpublished.track())) {
                    removed(person, track);
                }
            }
        } else if (event instanceof TrackChanged changed) {
            for (Person person : person(changed.participant())) {
                for (Track track : track(person, changed.track())) {
                    changed(person, track, changed.enabled());
                }
            }
        }
    }

    /** Writes the removal of the participant's tracks, and then the participant's departure. */
    private void departs(Person person) throws SQLException {
        for (Track track : tracks(SELECT_TRACKS, person.sid())) {
            removed(person, track);
        }
        Map<String, String> parameters = participant(person, DISCONNECTED);
        parameters.put("ParticipantDuration", seconds(person.startedAt()));
        put("participant-disconnected", parameters);
    }

    private void published(Person person, Publication publication) throws SQLException {
        Track track = new Track(
                publication.sid().value(),
                publication.kind().name().toLowerCase(Locale.ROOT),
                publication.name(),
                publication.enabled());
        execute(
                INSERT_TRACK,
                track.sid(),
                queue.room().value(),
                person.sid(),
                track.kind(),
                track.name(),
                track.enabled(),
                nextNumber());
        put("track-added", parametersOf(person, track));
    }

    private void changed(Person person, Track track, boolean enabled) throws SQLException {
        if (track.enabled() != enabled) { // Otherwise only the priority of the track has changed.
            execute(UPDATE_TRACK, enabled, track.sid());
            put(enabled ? "track-enabled" : "track-disabled", parametersOf(person, track));
        }
    }

    private void removed(Person person, Track track) throws SQLException {
        execute(DELETE_TRACK, track.sid());
        put("track-removed", parametersOf(person, track));
    }

    private Map<String, String> room(String status) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("AccountSid", queue.account().value());
        parameters.put("RoomSid", queue.room().value());
        parameters.put("RoomName", queue.uniqueName());
        parameters.put("RoomStatus", status);
        parameters.put("RoomType", queue.roomType());
        return parameters;
    }

    private Map<String, String> participant(Person person, String status) {
        Map<String, String> parameters = room(IN_PROGRESS);
        parameters.put(PARTICIPANT_SID, person.sid());
        parameters.put(PARTICIPANT_IDENTITY, person.identity());
        parameters.put("ParticipantStatus", status);
        return parameters;
    }

    private Map<String, String> parametersOf(Person person, Track track) {
        Map<String, String> parameters = participant(person, CONNECTED);
        parameters.put("TrackSid", track.sid());
        parameters.put("TrackKind", track.kind());
        parameters.put("TrackName", track.name()); // Not documented for these events, but some receivers read it.
        return parameters;
    }

    /** Returns the whole seconds from a moment to the event, as the resources of the REST API show durations. */
    private String seconds(Instant from) {
        return Long.toString(from.truncatedTo(ChronoUnit.SECONDS)
                .until(happenedAt.truncatedTo(ChronoUnit.SECONDS), ChronoUnit.SECONDS));
    }

    private long nextNumber() {
        return queue.nextNumber() + written;
    }

    private void put(String event, Map<String, String> parameters) throws SQLException {
        long number = nextNumber();
        parameters.put("StatusCallbackEvent", event);
        parameters.put("Timestamp", TIMESTAMP.format(happenedAt));
        parameters.put("SequenceNumber", Long.toString(number));
        execute(
                INSERT_CALLBACK,
                CallbackSid.of(queue.room(), number).value(),
                queue.room().value(),
                queue.account().value(),
                parameters.get(PARTICIPANT_SID),
                number,
                event,
                RoomRows.timestamp(happenedAt),
                CallbackForm.encode(parameters),
                CallbackStatus.WAITING.name(),
                RoomRows.timestamp(now));
        written++;
    }

    private void finish(long eventNumber, boolean ended) throws SQLException {
        execute(UPDATE_QUEUE, eventNumber, nextNumber(), ended, queue.room().value());
        if (written > 0) {
            execute(MAKE_DUE, RoomRows.timestamp(now), queue.room().value());
        }
    }

    private List<Person> present() throws SQLException {
        return people(SELECT_PRESENT, queue.room().value());
    }

    /** Returns the participant; an empty list if the table has no such participant. */
    private List<Person> person(ParticipantSid sid) throws SQLException {
        return people(SELECT_PARTICIPANT, sid.value());
    }

    /** Returns the participant's track; an empty list if the participant does not publish it. */
    private List<Track> track(Person person, TrackSid sid) throws SQLException {
        return tracks(SELECT_TRACK, person.sid(), sid.value());
    }

    private List<Person> people(String sql, String argument) throws SQLException {
        List<Person> people = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, argument);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    people.add(
                            new Person(rows.getString("sid"), rows.getString("identity"), instant(rows, "started_at")));
                }
            }
        }
        return people;
    }

    private List<Track> tracks(String sql, String... arguments) throws SQLException {
        List<Track> tracks = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, queue.room().value());
            for (int i = 0; i < arguments.length; i++) {
                select.setString(i + 2, arguments[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    tracks.add(new Track(
                            rows.getString("sid"),
                            rows.getString("kind"),
                            rows.getString("name"),
                            rows.getBoolean("enabled")));
                }
            }
        }
        return tracks;
    }

    private void execute(String sql, @Nullable Object... arguments) throws SQLException {
        execute(connection, sql, arguments);
    }

    private static void execute(Connection connection, String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
