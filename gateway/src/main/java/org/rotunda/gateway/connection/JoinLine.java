package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.rotunda.room.protocol.AccountSid;

/**
 * The line in which clients wait before their connects are served. A node that is given more joins than it can finish
 * would otherwise begin all of them, finish each too late, and throw the work away. So only some joins are under way at
 * a time, and the other clients wait in order. The line decides nothing about resumes.
 *
 * <p>How many may be under way follows from how long they take. If in a second fewer than a quarter of them were done
 * within the target time, a quarter fewer are let in; otherwise, if clients waited in that second, {@link #STEP} more. One
 * room that does not answer therefore does not slow the joins of other rooms, as long as some of these are quick. The
 * accounts take turns, so an account that connects often makes its own clients wait, not those of others.
 *
 * <p>A machine without threads, timers and clocks. Its owner passes the time in, in nanoseconds of a clock that only
 * goes forward.
 *
 * @param <T> what stands for a client, with identity as equality
 */
final class JoinLine<T> {
    /** The number of joins under way that a node begins with. */
    static final int UNDER_WAY_START = 16;

    /** The least number of joins that may be under way, however long they take. */
    static final int UNDER_WAY_MIN = 8;

    /** The greatest number of joins that may be under way, however quick they are. */
    static final int UNDER_WAY_MAX = 256;

    /** How many more joins may be under way after a second in which joins were quick and clients waited. */
    static final int STEP = 4;

    /**
     * The number of target times for which a join counts as under way. A join may take longer if its room does not
     * answer; it then does not keep others from joining.
     */
    static final int COUNTED_TARGETS = 2;

    /**
     * The time for which a client counts that was let in and has not sent its connect. The client makes its offer in
     * this time. A client that never sends the connect holds nobody up for longer.
     */
    static final Duration UNUSED_MAX = Duration.ofMillis(500);

    /** The time after which the number of joins under way is considered again. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** A second with fewer joins than this says nothing. */
    private static final int WINDOW_JOINS_MIN = 4;

    /** The answer to a client that asks. */
    enum Answer {
        /** The client is served now. */
        IN,
        WAITS,
        /** Too many clients wait already. */
        FULL
    }

    private record Place(AccountSid account, long ticket, long sinceNanos) {}

    /** A client whose turn has come, and how long it waited. */
    record Served<T>(T who, Duration waited) {}

    private final int waitingMax;
    private final Duration target;
    private final Map<AccountSid, LinkedHashSet<T>> lines = new LinkedHashMap<>(); // The account on turn is first.
    private final Map<T, Place> waiting = new HashMap<>();
    private final LinkedHashMap<T, Long> welcomed = new LinkedHashMap<>(); // In the order in which their time ends.
    private final LinkedHashMap<T, Long> joining = new LinkedHashMap<>(); // In the order in which their time ends.

    private int underWayMax = UNDER_WAY_START;
    private long tickets;
    private long windowStartNanos;
    private int quick;
    private int slow;
    private boolean wasFull;
    private double endedPerSecond = 1;

    /**
     * Creates an empty line.
     *
     * @param waitingMax the greatest number of clients that wait at the same time
     * @param target the time within which a join should be done; a join that takes longer is slow
     */
    JoinLine(int waitingMax, Duration target, long nowNanos) {
        this.waitingMax = waitingMax;
        this.target = target;
        this.windowStartNanos = nowNanos;
    }

    /** Asks for a client to be served. A client that waits keeps its place when it asks again. */
    Answer ask(T who, AccountSid account, long nowNanos) {
        advance(nowNanos);
        if (welcomed.containsKey(who) || joining.containsKey(who)) {
            return Answer.IN;
        }
        if (waiting.containsKey(who)) {
            return Answer.WAITS;
        }
        if (waiting.isEmpty() && underWay() < underWayMax) {
            welcomed.put(who, nowNanos);
            return Answer.IN;
        }
        wasFull = true;
        if (waiting.size() >= waitingMax) {
            return Answer.FULL;
        }
        waiting.put(who, new Place(account, tickets++, nowNanos));
        lines.computeIfAbsent(account, key -> new LinkedHashSet<>()).add(who);
        return Answer.WAITS;
    }

    /** Returns about how long a client that waits still has to; zero for any other client. */
    Duration estimate(T who) {
        Place place = waiting.get(who);
        if (place == null) {
            return Duration.ZERO;
        }
        // The tickets between the account's first client and this one belong to clients of all accounts.
        long ahead = Math.min(waiting.size(), place.ticket() - firstTicket(place.account()) + 1);
        return Duration.ofMillis((long) (1_000 * ahead / Math.max(1, endedPerSecond)));
    }

    private long firstTicket(AccountSid account) {
        T first = Objects.requireNonNull(lines.get(account)).iterator().next();
        return Objects.requireNonNull(waiting.get(first)).ticket();
    }

    /** Notes that a client has sent its connect. */
    void begun(T who, long nowNanos) {
        advance(nowNanos);
        forget(who);
        joining.put(who, nowNanos);
    }

    /**
     * Notes that a join has ended, or that its client has gone. Does nothing for a client that the line does not know.
     *
     * @param isJoined true if the client is in its room
     */
    void ended(T who, boolean isJoined, long nowNanos) {
        Long since = joining.get(who);
        forget(who);
        if (since != null) {
            boolean isSlow = nowNanos - since > target.toNanos();
            slow += isSlow ? 1 : 0;
            quick += !isSlow && isJoined ? 1 : 0; // A quick refusal says nothing about joins.
        }
        advance(nowNanos);
    }

    private void forget(T who) {
        welcomed.remove(who);
        joining.remove(who);
        Place place = waiting.remove(who);
        if (place != null) {
            leaveLine(who, place.account());
        }
    }

    private void leaveLine(T who, AccountSid account) {
        LinkedHashSet<T> line = lines.get(account);
        if (line != null) {
            line.remove(who);
            if (line.isEmpty()) {
                lines.remove(account);
            }
        }
    }

    /** Lets those in whose turn has come, and returns them in order. */
    List<Served<T>> letIn(long nowNanos) {
        advance(nowNanos);
        List<Served<T>> now = new ArrayList<>();
        while (!waiting.isEmpty() && underWay() < underWayMax) {
            T next = next();
            Place place = Objects.requireNonNull(waiting.remove(next));
            welcomed.put(next, nowNanos);
            now.add(new Served<>(next, Duration.ofNanos(nowNanos - place.sinceNanos())));
        }
        return now;
    }

    /** Takes the first client of the account on turn out of its line, and puts the account behind the others. */
    private T next() {
        Map.Entry<AccountSid, LinkedHashSet<T>> turn =
                lines.entrySet().iterator().next();
        AccountSid account = turn.getKey();
        LinkedHashSet<T> line = turn.getValue();
        T next = line.iterator().next();
        line.remove(next);
        lines.remove(account);
        if (!line.isEmpty()) {
            lines.put(account, line);
        }
        return next;
    }

    /** Forgets all who wait, and returns them. */
    List<T> dismiss() {
        List<T> dismissed = List.copyOf(waiting.keySet());
        waiting.clear();
        lines.clear();
        return dismissed;
    }

    private void advance(long nowNanos) {
        expire(welcomed, UNUSED_MAX, nowNanos);
        slow += expire(joining, target.multipliedBy(COUNTED_TARGETS), nowNanos);
        long lengthNanos = nowNanos - windowStartNanos;
        if (lengthNanos < WINDOW.toNanos()) {
            return;
        }
        int total = quick + slow;
        endedPerSecond = (endedPerSecond + total * 1e9 / lengthNanos) / 2;
        if (total >= WINDOW_JOINS_MIN && quick * 4 < total) {
            underWayMax = Math.max(UNDER_WAY_MIN, underWayMax - underWayMax / 4);
        } else if (wasFull && total >= WINDOW_JOINS_MIN) {
            underWayMax = Math.min(UNDER_WAY_MAX, underWayMax + STEP);
        }
        wasFull = !waiting.isEmpty();
        quick = 0;
        slow = 0;
        windowStartNanos = nowNanos;
    }

    private static <T> int expire(Map<T, Long> since, Duration max, long nowNanos) {
        int expired = 0;
        Iterator<Long> oldest = since.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next() > max.toNanos()) {
            oldest.remove();
            expired++;
        }
        return expired;
    }

    int waiting() {
        return waiting.size();
    }

    /** Returns how many joins may be under way. */
    int underWayMax() {
        return underWayMax;
    }

    /** Returns how many joins are under way. */
    int underWay() {
        return welcomed.size() + joining.size();
    }
}
