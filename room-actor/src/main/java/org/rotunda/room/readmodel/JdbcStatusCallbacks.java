package org.rotunda.room.readmodel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackFailure;
import org.rotunda.room.protocol.CallbackLog;
import org.rotunda.room.protocol.CallbackOutbox;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomQueries.Page;
import org.rotunda.room.protocol.RoomQueries.PageRequest;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;
import org.rotunda.room.protocol.StatusCallback.FailedAttempt;

/**
 * The queues of status callbacks in the tables, which {@link CallbackWriter} fills. The row of a queue is its lock: a
 * claim and the report about it lock the row first. A claim is lost when it lapses, because the queue is then due again.
 *
 * <p>Safe to call from any thread. Reads the clock of this node, so a node whose clock is late takes over the claims of
 * a dead node later.
 */
public final class JdbcStatusCallbacks implements CallbackOutbox, CallbackLog {
    /** The most failed callbacks, and the most empty queues, that one prune deletes. */
    static final int PRUNE_MAX = 1_000;

    private static final String CALLBACK =
            "SELECT c.*, q.url, q.method FROM callbacks c JOIN callback_queues q ON q.room_sid = c.room_sid WHERE ";
    private static final String FIRST_OF_ROOM =
            CALLBACK + "c.room_sid = ? AND c.status = 'WAITING' ORDER BY c.sequence_number LIMIT 1";
    private static final String BY_SID = CALLBACK + "c.sid = ? AND c.account_sid = ?";

    private static final String TAKE = "UPDATE callback_queues SET claim = ?, due_at = ? WHERE room_sid = ?";
    private static final String LOCK_CLAIMED =
            "SELECT room_sid FROM callback_queues WHERE room_sid = ? AND claim = ? FOR UPDATE";
    private static final String LOCK = "SELECT claim FROM callback_queues WHERE room_sid = ? FOR UPDATE";
    private static final String GIVE_BACK = "UPDATE callback_queues SET claim = NULL, due_at = ? WHERE room_sid = ?";
    private static final String GIVE_BACK_EMPTY =
            "UPDATE callback_queues SET claim = NULL, due_at = NULL WHERE room_sid = ?";
    private static final String DELETE_ENDED = "DELETE FROM callback_queues WHERE room_sid = ? AND ended = TRUE"
            + " AND NOT EXISTS (SELECT 1 FROM callbacks c WHERE c.room_sid = callback_queues.room_sid)";

    private static final String DELETE = "DELETE FROM callbacks WHERE sid = ?";
    private static final String NOTE_ATTEMPT = "UPDATE callbacks SET status = ?, attempts = attempts + 1,"
            + " attempted_at = ?, failure = ?, http_status = ?, detail = ? WHERE sid = ?";
    private static final String RESEND =
            "UPDATE callbacks SET status = 'WAITING', attempts = 0, retried_from = ? WHERE sid = ?";

    private static final String PRUNE_FAILED = "DELETE FROM callbacks WHERE sid IN"
            + " (SELECT sid FROM callbacks WHERE status = 'FAILED' AND attempted_at < ? LIMIT ?)";
    private static final String PRUNE_QUEUES = "DELETE FROM callback_queues WHERE room_sid IN"
            + " (SELECT q.room_sid FROM callback_queues q WHERE q.ended = TRUE AND q.due_at IS NULL"
            + " AND NOT EXISTS (SELECT 1 FROM callbacks c WHERE c.room_sid = q.room_sid) LIMIT ?)";

    private final Database database;
    private final Executor blocking;
    private final Clock clock;

    public JdbcStatusCallbacks(Database database, Executor blocking, Clock clock) {
        this.database = database;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** A part of a transaction. */
    @FunctionalInterface
    private interface Change {
        void on(Connection connection) throws SQLException;
    }

    /** Runs the work in one transaction. A connection that is closed without a commit rolls back. */
    private <T> CompletionStage<T> inTransaction(Database.Work<T> work) {
        return database.use(blocking, connection -> {
            connection.setAutoCommit(false);
            T result = work.with(connection);
            connection.commit();
            return result;
        });
    }

    // --- the outbox

    /** A queue that is due. */
    private record Due(String room, AccountSid account) {}

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        return inTransaction(connection -> {
            List<Due> due = due(connection, request);
            Map<AccountSid, Integer> free = new HashMap<>();
            List<Claimed> taken = new ArrayList<>();
            String claim = UUID.randomUUID().toString();
            // The queues of an account that has reached its bound are left out, so they may be due as well.
            boolean leftOver = due.size() == request.max()
                    || request.inFlight().keySet().stream().anyMatch(account -> request.free(account) <= 0);
            for (Due queue : due) {
                int left = free.computeIfAbsent(queue.account(), request::free);
                if (left <= 0) {
                    leftOver = true;
                    continue;
                }
                free.put(queue.account(), left - 1);
                execute(connection, TAKE, claim, RoomRows.timestamp(request.until()), queue.room());
                Optional<StatusCallback> first = first(connection, queue.room());
                if (first.isPresent()) {
                    taken.add(new Claimed(claim, first.get(), request.until()));
                } else {
                    execute(connection, GIVE_BACK_EMPTY, queue.room());
                }
            }
            return new Claims(taken, leftOver);
        });
    }

    /**
     * Finds and locks queues that are due. Leaves out queues that another gateway is just claiming, and the queues of
     * accounts that may have no further callback in flight.
     */
    private List<Due> due(Connection connection, ClaimRequest request) throws SQLException {
        List<AccountSid> full = request.inFlight().keySet().stream()
                .filter(account -> request.free(account) <= 0)
                .toList();
        StringBuilder sql = new StringBuilder("SELECT room_sid, account_sid FROM callback_queues WHERE due_at <= ?");
        if (!full.isEmpty()) {
            sql.append(" AND account_sid NOT IN (")
                    .append(String.join(", ", Collections.nCopies(full.size(), "?")))
                    .append(")");
        }
        sql.append(" ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED");
        try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
            int index = 1;
            select.setObject(index++, RoomRows.timestamp(clock.instant()));
            for (AccountSid account : full) {
                select.setString(index++, account.value());
            }
            select.setInt(index, request.max());
            List<Due> due = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    due.add(new Due(rows.getString(1), new AccountSid(rows.getString(2))));
                }
            }
            return due;
        }
    }

    @Override
    public CompletionStage<Optional<Claimed>> delivered(Claimed claimed, @Nullable Instant until) {
        return settle(
                claimed,
                until,
                connection ->
                        execute(connection, DELETE, claimed.callback().sid().value()));
    }

    @Override
    public CompletionStage<Optional<Claimed>> giveUp(Claimed claimed, FailedAttempt attempt, @Nullable Instant until) {
        return settle(claimed, until, connection -> note(connection, claimed, attempt, CallbackStatus.FAILED));
    }

    /** Changes the callback, and claims the next callback of the room or gives the room up. */
    private CompletionStage<Optional<Claimed>> settle(Claimed claimed, @Nullable Instant until, Change change) {
        String room = claimed.callback().room().value();
        return inTransaction(connection -> {
            if (!holds(connection, claimed)) {
                return Optional.empty();
            }
            change.on(connection);
            // This statement sees the callbacks of every projection that has unlocked the row of the queue.
            Optional<StatusCallback> next = first(connection, room);
            if (next.isEmpty()) {
                execute(connection, GIVE_BACK_EMPTY, room);
                execute(connection, DELETE_ENDED, room);
            } else if (until == null) {
                execute(connection, GIVE_BACK, RoomRows.timestamp(clock.instant()), room);
            } else {
                execute(connection, TAKE, claimed.claim(), RoomRows.timestamp(until), room);
                return Optional.of(new Claimed(claimed.claim(), next.get(), until));
            }
            return Optional.empty();
        });
    }

    @Override
    public CompletionStage<Done> retry(Claimed claimed, FailedAttempt attempt, Instant dueAt) {
        return inTransaction(connection -> {
            if (holds(connection, claimed)) {
                note(connection, claimed, attempt, CallbackStatus.WAITING);
                execute(
                        connection,
                        GIVE_BACK,
                        RoomRows.timestamp(dueAt),
                        claimed.callback().room().value());
            }
            return Done.getInstance();
        });
    }

    /** Locks the queue, and returns whether it still has this claim. */
    private static boolean holds(Connection connection, Claimed claimed) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK_CLAIMED)) {
            select.setString(1, claimed.callback().room().value());
            select.setString(2, claimed.claim());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void note(Connection connection, Claimed claimed, FailedAttempt attempt, CallbackStatus status)
            throws SQLException {
        execute(
                connection,
                NOTE_ATTEMPT,
                status.name(),
                RoomRows.timestamp(attempt.at()),
                attempt.failure().name(),
                attempt.httpStatus(),
                attempt.detail(),
                claimed.callback().sid().value());
    }

    @Override
    public CompletionStage<Integer> prune(Instant before) {
        return database.use(blocking, connection -> {
            int failed = execute(connection, PRUNE_FAILED, RoomRows.timestamp(before), PRUNE_MAX);
            execute(connection, PRUNE_QUEUES, PRUNE_MAX);
            return failed;
        });
    }

    // --- the log

    @Override
    public CompletionStage<Page<StatusCallback>> callbacks(
            AccountSid account, CallbackFilter filter, PageRequest page) {
        StringBuilder sql = new StringBuilder(CALLBACK).append("c.account_sid = ? AND c.status = ?");
        List<Object> arguments =
                new ArrayList<>(List.of(account.value(), filter.status().name()));
        RoomSid room = filter.room();
        if (room != null) {
            sql.append(" AND c.room_sid = ?");
            arguments.add(room.value());
        }
        Instant afterCreated = page.afterCreated();
        String afterSid = page.afterSid();
        if (afterCreated != null && afterSid != null) {
            sql.append(" AND (c.happened_at, c.sid) < (?, ?)");
            arguments.add(RoomRows.timestamp(afterCreated));
            arguments.add(afterSid);
        }
        sql.append(" ORDER BY c.happened_at DESC, c.sid DESC LIMIT ?");
        arguments.add(page.size() + 1); // One more, to see whether further records follow.
        return database.use(blocking, connection -> {
            List<StatusCallback> found = select(connection, sql.toString(), arguments.toArray());
            boolean more = found.size() > page.size();
            return new Page<>(more ? found.subList(0, page.size()) : found, more);
        });
    }

    @Override
    public CompletionStage<Optional<StatusCallback>> callback(AccountSid account, CallbackSid sid) {
        return database.use(blocking, connection -> find(connection, account, sid));
    }

    @Override
    public CompletionStage<Optional<StatusCallback>> resend(AccountSid account, CallbackSid sid) {
        return inTransaction(connection -> {
            Optional<StatusCallback> found = find(connection, account, sid);
            if (found.isEmpty()) {
                return found;
            }
            String room = found.get().room().value();
            String claim = lock(connection, room);
            execute(connection, RESEND, RoomRows.timestamp(clock.instant()), sid.value());
            if (claim == null) { // Otherwise a gateway is sending a callback of the room, and goes on to the next.
                execute(connection, GIVE_BACK, RoomRows.timestamp(clock.instant()), room);
            }
            return find(connection, account, sid); // Empty if a gateway has delivered the callback meanwhile.
        });
    }

    private static @Nullable String lock(Connection connection, String room) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK)) {
            select.setString(1, room);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static Optional<StatusCallback> find(Connection connection, AccountSid account, CallbackSid sid)
            throws SQLException {
        return select(connection, BY_SID, sid.value(), account.value()).stream().findFirst();
    }

    private static Optional<StatusCallback> first(Connection connection, String room) throws SQLException {
        return select(connection, FIRST_OF_ROOM, room).stream().findFirst();
    }

    // --- rows

    private static List<StatusCallback> select(Connection connection, String sql, Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, arguments);
            List<StatusCallback> callbacks = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    callbacks.add(callback(rows));
                }
            }
            return callbacks;
        }
    }

    private static StatusCallback callback(ResultSet row) throws SQLException {
        OffsetDateTime attemptedAt = row.getObject("attempted_at", OffsetDateTime.class);
        String failure = row.getString("failure");
        return new StatusCallback(
                new CallbackSid(row.getString("sid")),
                new RoomSid(row.getString("room_sid")),
                new AccountSid(row.getString("account_sid")),
                row.getLong("sequence_number"),
                row.getString("event"),
                row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                row.getString("url"),
                row.getString("method"),
                row.getString("form"),
                CallbackStatus.valueOf(row.getString("status")),
                row.getInt("attempts"),
                row.getObject("retried_from", OffsetDateTime.class).toInstant(),
                attemptedAt == null || failure == null
                        ? null
                        : new FailedAttempt(
                                attemptedAt.toInstant(),
                                CallbackFailure.valueOf(failure),
                                row.getInt("http_status"),
                                row.getString("detail")));
    }

    private static int execute(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, arguments);
            return statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }
}
