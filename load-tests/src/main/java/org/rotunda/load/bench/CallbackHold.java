package org.rotunda.load.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds the status callbacks of a node back until there are many, by means of a trigger in the database. The trigger
 * makes each new callback due a day later, so gateways do not see it. Main thread only.
 */
final class CallbackHold {
    static final String DROP_FUNCTION = "DROP FUNCTION IF EXISTS bench_hold_callbacks() CASCADE";

    private static final String FUNCTION = """
            CREATE FUNCTION bench_hold_callbacks() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.claim IS NULL AND NEW.due_at IS NOT NULL THEN
                    NEW.due_at := CURRENT_TIMESTAMP + INTERVAL '1 day';
                END IF;
                RETURN NEW;
            END $$""";
    private static final String TRIGGER = "CREATE TRIGGER bench_hold_callbacks BEFORE INSERT OR UPDATE"
            + " ON callback_queues FOR EACH ROW EXECUTE FUNCTION bench_hold_callbacks()";
    private static final String MAKE_DUE =
            "UPDATE callback_queues SET due_at = CURRENT_TIMESTAMP WHERE due_at IS NOT NULL";

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration SILENCE_MAX = Duration.ofMinutes(2);

    private final DatabaseAccess database;

    private CallbackHold(DatabaseAccess database) {
        this.database = database;
    }

    /** Begins to hold callbacks back. No callback may be waiting or under way. */
    static CallbackHold begin(DatabaseAccess database) throws SQLException {
        CallbackHold hold = new CallbackHold(database);
        hold.await(0);
        database.execute(List.of(FUNCTION, TRIGGER));
        return hold;
    }

    /** Waits until the database has this number of callbacks. */
    void await(long count) throws SQLException {
        long changedNanos = System.nanoTime();
        long last = -1;
        while (true) {
            long there = Long.parseLong(
                    database.texts("SELECT count(*) FROM callbacks").get(0));
            if (there == count) {
                return;
            }
            if (there != last) {
                last = there;
                changedNanos = System.nanoTime();
            } else if (System.nanoTime() - changedNanos > SILENCE_MAX.toNanos()) {
                throw new IllegalStateException("there are " + there + " callbacks in the database, not " + count);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Makes all callbacks due at once. */
    void release() throws SQLException {
        database.execute(List.of(DROP_FUNCTION, MAKE_DUE));
    }
}
