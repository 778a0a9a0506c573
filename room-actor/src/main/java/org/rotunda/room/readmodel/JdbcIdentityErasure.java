package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.entity.RoomEntity;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.IdentityErasure;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomQueries.RoomFilter;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.TrackRule;

/**
 * Erases an identity in the tables, the journal and the status callbacks. It walks through all rooms of the account,
 * because an identity can be where no row of a participant leads to: in rules of a room in which the person never was,
 * and in the journal of a room whose participant was anonymized before.
 *
 * <p>A journal that contains the identity is deleted as a whole, with its snapshots. It is no longer needed when the
 * projection has read it (ADR 12).
 */
public final class JdbcIdentityErasure implements IdentityErasure {
    /** The number of rooms that are looked at together. */
    private static final int PAGE = 50;

    /** The time after which a step looks at no further rooms. It is below the patience of HTTP clients. */
    static final Duration STEP_MAX = Duration.ofSeconds(5);

    /**
     * For so long after the projection has seen its end a room is left alone, because its entity may still answer
     * questions from its memory.
     */
    static final Duration JUST_ENDED = Duration.ofMinutes(2);

    private static final String LOCK_ROOM = "SELECT projected_at, journal_kept FROM rooms WHERE sid = ? FOR UPDATE";
    private static final String UPDATE_PROPERTIES = "UPDATE rooms SET properties = ? WHERE sid = ?";

    /** The statuses are all that exist. They are named because the index has the status before the identity. */
    private static final String PARTICIPANTS = "SELECT sid, room_sid FROM participants WHERE room_sid IN (%s)"
            + " AND status IN ('CONNECTED', 'RECONNECTING', 'DISCONNECTED') AND identity = ?";

    private static final String EVENTS = "SELECT \"event_payload\" FROM \"event_journal\" WHERE \"persistence_id\" = ?";

    /** The number of events that are in memory at the same time. */
    private static final int EVENTS_FETCHED = 200;

    private static final String CALLBACKS = "SELECT c.room_sid, c.participant_sid FROM callbacks c"
            + " LEFT JOIN rooms r ON r.sid = c.room_sid"
            + " WHERE c.account_sid = ? AND c.participant_sid IS NOT NULL AND POSITION(? IN '&' || c.form || '&') > 0"
            + " AND (r.sid IS NULL OR r.projected_at <= ?) ORDER BY c.sid LIMIT ?";
    private static final int CALLBACKS_MAX = 1_000;
    private static final String IDENTITY_PARAMETER = "ParticipantIdentity";

    private final Database database;
    private final Executor blocking;
    private final Clock clock;

    public JdbcIdentityErasure(Database database, Executor blocking, Clock clock) {
        this.database = database;
        this.blocking = blocking;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Step> erase(AccountSid account, String identity, @Nullable Place after) {
        return database.use(blocking, connection -> new Pass(connection, account, identity).step(after));
    }

    /** A room as the search reads it. */
    private record Found(RoomView view, boolean journalKept) {}

    /** One step. Used by one thread. */
    private final class Pass {
        private final Connection connection;
        private final AccountSid account;
        private final String identity;
        private final Set<RoomSid> left = new LinkedHashSet<>();
        private int searched;
        private int participants;
        private int journals;
        private int callbacks;

        private Pass(Connection connection, AccountSid account, String identity) {
            this.connection = connection;
            this.account = account;
            this.identity = identity;
        }

        /**
         * Looks at the rooms in progress first: a room that ends meanwhile is then among the rooms that are over, where
         * the pass comes to it later.
         */
        private Step step(@Nullable Place after) throws SQLException {
            Instant end = clock.instant().plus(STEP_MAX);
            RoomStatus status = after == null ? RoomStatus.IN_PROGRESS : after.status();
            @Nullable Instant created = after == null ? null : after.created();
            @Nullable String sid = after == null ? null : after.sid();
            while (true) {
                List<Found> page = page(status, created, sid);
                erase(page);
                if (page.size() == PAGE) {
                    RoomView last = page.get(PAGE - 1).view();
                    created = last.createdAt();
                    sid = last.sid().value();
                    if (!clock.instant().isBefore(end) || left.size() > LEFT_MAX - PAGE) {
                        return result(new Place(status, created, sid));
                    }
                } else if (status == RoomStatus.IN_PROGRESS) {
                    status = RoomStatus.COMPLETED;
                    created = null;
                    sid = null;
                } else {
                    eraseInCallbacks();
                    return result(null);
                }
            }
        }

        private Step result(@Nullable Place next) {
            return new Step(searched, participants, journals, callbacks, List.copyOf(left), next);
        }

        private List<Found> page(RoomStatus status, @Nullable Instant created, @Nullable String sid)
                throws SQLException {
            JdbcRoomQueries.Select select = JdbcRoomQueries.roomsOf(
                    account, new RoomFilter(status, null, null, null), new PageRequest(PAGE - 1, created, sid));
            List<Found> page = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
                bind(statement, select.arguments());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        page.add(new Found(RoomRows.room(rows), rows.getBoolean("journal_kept")));
                    }
                }
            }
            return page;
        }

        private void erase(List<Found> page) throws SQLException {
            if (page.isEmpty()) {
                return;
            }
            searched += page.size();
            Set<String> hits = new HashSet<>();
            page.stream()
                    .map(Found::view)
                    .filter(room -> room.properties().recordingRules().stream().anyMatch(this::names))
                    .forEach(room -> hits.add(room.sid().value()));
            List<String> sids =
                    page.stream().map(found -> found.view().sid().value()).toList();
            participantsIn(sids, (room, participant) -> hits.add(room));
            for (Found found : page) {
                String sid = found.view().sid().value();
                inTransaction(() -> {
                    if (hits.contains(sid) || (found.journalKept() && isInJournal(sid))) {
                        eraseIn(found.view());
                    }
                });
            }
        }

        private boolean isInJournal(String room) throws SQLException {
            try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
                select.setFetchSize(EVENTS_FETCHED);
                select.setString(1, RoomEntity.persistenceId(room));
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        if (StoredTexts.contains(rows.getBytes(1), identity)) {
                            return true;
                        }
                    }
                    return false;
                }
            }
        }

        private boolean names(TrackRule rule) {
            return identity.equals(rule.publisher());
        }

        /** Erases the identity in one room, which is locked against the housekeeping meanwhile. */
        private void eraseIn(RoomView room) throws SQLException {
            String sid = room.sid().value();
            boolean journalKept;
            try (PreparedStatement select = connection.prepareStatement(LOCK_ROOM)) {
                select.setString(1, sid);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return; // The housekeeping has deleted the room meanwhile.
                    }
                    journalKept = row.getBoolean("journal_kept");
                    Instant projectedAt = RoomRows.instantOrNull(row, "projected_at");
                    if (projectedAt == null || clock.instant().isBefore(projectedAt.plus(JUST_ENDED))) {
                        left.add(room.sid());
                        return;
                    }
                }
            }
            if (journalKept && !Housekeeping.isProjected(connection, sid, Housekeeping.offsets(connection))) {
                left.add(room.sid());
                return;
            }
            CallbackWriter.lockQueue(connection, room.sid());
            List<ParticipantSid> present = new ArrayList<>();
            participantsIn(List.of(sid), (in, participant) -> present.add(new ParticipantSid(participant)));
            for (ParticipantSid participant : present) {
                RoomRows.anonymize(connection, participant, clock.instant());
                callbacks += CallbackWriter.anonymize(connection, participant);
            }
            participants += present.size();
            if (room.properties().recordingRules().stream().anyMatch(this::names)) {
                try (PreparedStatement update = connection.prepareStatement(UPDATE_PROPERTIES)) {
                    update.setString(1, RoomRows.json(withoutIdentity(room.properties(), present)));
                    update.setString(2, sid);
                    update.executeUpdate();
                }
            }
            if (journalKept) {
                Housekeeping.deleteJournal(connection, sid);
                journals++;
            }
        }

        /**
         * Returns the properties with rules that name the participant by the SID. A rule for somebody who was not in the
         * room is left out, because it has matched nothing.
         */
        private RoomProperties withoutIdentity(RoomProperties old, List<ParticipantSid> present) {
            List<TrackRule> rules = new ArrayList<>();
            for (TrackRule rule : old.recordingRules()) {
                if (!names(rule)) {
                    rules.add(rule);
                } else if (!present.isEmpty()) {
                    rules.add(new TrackRule(
                            rule.type(),
                            rule.all(),
                            rule.kind(),
                            present.get(0).value(),
                            rule.track(),
                            rule.priority()));
                }
            }
            return old.withRecordingRules(rules);
        }

        /**
         * Erases the identity in callbacks whose participant has no row any more. They are found by their parameters.
         */
        private void eraseInCallbacks() throws SQLException {
            String parameter = "&" + CallbackForm.encode(Map.of(IDENTITY_PARAMETER, identity)) + "&";
            Map<ParticipantSid, RoomSid> found = new LinkedHashMap<>();
            do {
                found.clear();
                try (PreparedStatement select = connection.prepareStatement(CALLBACKS)) {
                    bind(
                            select,
                            List.of(
                                    account.value(),
                                    parameter,
                                    RoomRows.timestamp(clock.instant().minus(JUST_ENDED)),
                                    CALLBACKS_MAX));
                    try (ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            found.put(new ParticipantSid(rows.getString(2)), new RoomSid(rows.getString(1)));
                        }
                    }
                }
                for (Map.Entry<ParticipantSid, RoomSid> each : found.entrySet()) {
                    inTransaction(() -> {
                        CallbackWriter.lockQueue(connection, each.getValue());
                        callbacks += CallbackWriter.anonymize(connection, each.getKey());
                    });
                }
            } while (!found.isEmpty());
        }

        /** Finds the participants of the rooms who have the identity. The consumer gets the SIDs of room and participant. */
        private void participantsIn(List<String> rooms, BiConsumer<String, String> consumer) throws SQLException {
            String places = String.join(", ", Collections.nCopies(rooms.size(), "?"));
            try (PreparedStatement select = connection.prepareStatement(PARTICIPANTS.formatted(places))) {
                List<Object> arguments = new ArrayList<>(rooms);
                arguments.add(identity);
                bind(select, arguments);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        consumer.accept(rows.getString("room_sid"), rows.getString("sid"));
                    }
                }
            }
        }

        private void inTransaction(Change change) throws SQLException {
            connection.setAutoCommit(false);
            try {
                change.make();
                connection.commit();
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** The changes of one transaction. */
    @FunctionalInterface
    private interface Change {
        void make() throws SQLException;
    }

    private static void bind(PreparedStatement statement, List<Object> arguments) throws SQLException {
        for (int i = 0; i < arguments.size(); i++) {
            statement.setObject(i + 1, arguments.get(i));
        }
    }
}
