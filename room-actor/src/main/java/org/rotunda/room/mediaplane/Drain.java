package org.rotunda.room.mediaplane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.placement.RecentPlacements;

/**
 * Decides when each room leaves a media node that is drained, and for which other media node. Larger rooms leave first.
 * A room leaves as a whole, because media is forwarded only within one node.
 *
 * <p>Sans-IO: time is an argument, in nanoseconds of a monotonic clock. After each input the owner takes the moves, and
 * asks for the next deadline. Owned by the {@link MediaNode} that is drained.
 */
final class Drain {
    /** The least rate of moves, in connections a second. */
    static final int RATE_MIN = 50;

    /** The time in which all connections are moved, at the rate that the drain chooses at its beginning. */
    static final Duration MOVING = Duration.ofSeconds(90);

    /** The largest share of the drain's time limit that the moves may take. The rest is for clients that follow late. */
    private static final double MOVING_SHARE_MAX = 0.6;

    /**
     * The number of connections that may leave at once. A media node has 64 threads for handshakes, so the first packets
     * of the handshakes are not dropped.
     */
    static final int BURST = 50;

    /** The load from which a media node is no target. */
    static final double TARGET_LOAD_MAX = 0.85;

    /** The number of media nodes among which the rooms are spread, if so many are below the greatest load. */
    static final int TARGETS = 3;

    /** The lag of a target's event loops above which the rate is halved. */
    static final int LAG_MILLIS_MAX = 50;

    /** The time for which the rate stays halved after a target has reported such a lag. */
    static final Duration SLOW = Duration.ofSeconds(2);

    /** The pause before a room that has refused to leave, or has not answered, is asked again. */
    static final Duration RETRY = Duration.ofSeconds(1);

    /**
     * The time after which a room that has decided to leave is asked again, if it still has connections here. It is
     * longer than the time that clients have to follow, which is 10 s. What is left then could not be moved.
     */
    static final Duration FOLLOWED = Duration.ofSeconds(15);

    /** The time that clients have to follow after the last moves. */
    static final Duration LAST_FOLLOW = Duration.ofSeconds(10);

    private static final double NANOS_PER_SECOND = 1e9;

    /** The larger room comes first. */
    private static final Comparator<Leaving> LARGEST_FIRST =
            Comparator.comparingInt((Leaving room) -> -room.connections).thenComparing(room -> room.sid);

    private final Map<String, Leaving> rooms = new HashMap<>();
    /** The rooms that may be asked now, apart from the rate. */
    private final TreeSet<Leaving> waiting = new TreeSet<>(LARGEST_FIRST);

    private final PriorityQueue<Check> checks = new PriorityQueue<>(Comparator.comparingLong(Check::atNanos));
    private final RecentPlacements recent = new RecentPlacements();
    private final List<Move> moves = new ArrayList<>();
    private final int rate;
    private @Nullable List<MediaNodeLoad> others; // Null until the owner knows the other media nodes.
    private long limitNanos;
    private double credit = BURST; // The number of connections that may leave now.
    private long creditNanos; // The time up to which the credit is counted.
    private long slowUntilNanos;
    private boolean atOnce; // True when the time limit is over.
    private boolean overdue;
    private int moved;

    /** The command that all connections of a room leave for a media node. */
    record Move(String room, String target) {}

    /** The phase of a whole drain. */
    enum State {
        /** Connections are still here. */
        MOVING,
        /** No connection is here. */
        EMPTY,
        /** The time limit is over, also for clients that follow late, and connections are still here. */
        OVERDUE
    }

    /** The phase of one room. */
    enum Phase {
        /** The room has not been asked yet, or has refused to leave. */
        WAITING,
        /** The room has not answered yet. */
        ASKED,
        /** The room has decided to leave. Its clients follow. */
        DECIDED
    }

    /** A room of the drained node. */
    private static final class Leaving {
        private final String sid;
        private int connections;
        private Phase phase = Phase.WAITING;
        private @Nullable Check check; // The only check that counts; null in the phase ASKED.

        private Leaving(String sid) {
            this.sid = sid;
        }
    }

    /** The time at which a room is to be looked at again. */
    private record Check(Leaving room, long atNanos) {}

    /**
     * How far a drain is.
     *
     * @param moved the connections of rooms that have decided to leave
     * @param leaving those of them that are still here, because their clients have not followed yet
     * @param left the other connections that are here
     * @param blocked true if rooms wait because no media node can take them
     */
    record Progress(State state, int moved, int leaving, int left, boolean blocked) {}

    /** One room of a drained node, as operators see it. */
    record RoomProgress(String sid, int connections, Phase phase) {}

    /**
     * @param connections the number of connections on the node, which decides the rate
     * @param limit the time after which all rooms that are left are asked at once
     */
    Drain(int connections, Duration limit, long nowNanos) {
        double seconds =
                Math.min((double) MOVING.toNanos(), MOVING_SHARE_MAX * Math.max(1, limit.toNanos())) / NANOS_PER_SECOND;
        this.rate = (int) Math.max(RATE_MIN, Math.ceil(connections / seconds));
        this.limitNanos = nowNanos + limit.toNanos();
        this.creditNanos = nowNanos;
        this.slowUntilNanos = nowNanos;
    }

    /** Shortens the time limit, if it would end later than the given time from now. */
    void limit(Duration limit, long nowNanos) {
        limitNanos = Math.min(limitNanos, nowNanos + limit.toNanos());
        advance(nowNanos);
    }

    /** Notes how many connections the room has on the node now. */
    void onRoom(String sid, int connections, long nowNanos) {
        Leaving room = rooms.get(sid);
        if (connections == 0) {
            if (room != null) {
                rooms.remove(sid);
                waiting.remove(room);
                room.check = null;
            }
        } else if (room == null) {
            Leaving added = new Leaving(sid);
            added.connections = connections;
            rooms.put(sid, added);
            waiting.add(added);
        } else {
            boolean waits = waiting.remove(room); // The order depends on the number of connections.
            room.connections = connections;
            if (waits) {
                waiting.add(room);
            }
        }
        advance(nowNanos);
    }

    /** Notes that the room has decided to leave. */
    void onDecided(String sid, long nowNanos) {
        Leaving room = rooms.get(sid);
        if (room != null && room.phase == Phase.ASKED) {
            room.phase = Phase.DECIDED;
            moved += room.connections;
            check(room, nowNanos + FOLLOWED.toNanos());
        }
        advance(nowNanos);
    }

    /**
     * Notes that the room has refused to leave, or has not answered.
     *
     * @param refused true if the room has refused, so that its connections have not moved for certain
     */
    void onRefused(String sid, boolean refused, long nowNanos) {
        Leaving room = rooms.get(sid);
        if (room != null && room.phase == Phase.ASKED) {
            if (refused) {
                credit = Math.min(BURST, credit + room.connections);
            }
            check(room, nowNanos + RETRY.toNanos());
        }
        advance(nowNanos);
    }

    /** Notes the loads of the other media nodes that are live. */
    void onOthers(List<MediaNodeLoad> loads, long nowNanos) {
        others = List.copyOf(loads);
        if (others.stream().anyMatch(node -> isTarget(node) && node.lagMillis() > LAG_MILLIS_MAX)) {
            earn(nowNanos);
            slowUntilNanos = nowNanos + SLOW.toNanos();
        }
        advance(nowNanos);
    }

    void onDeadline(long nowNanos) {
        advance(nowNanos);
    }

    /** Returns the moves that are due, and forgets them. */
    List<Move> takeMoves() {
        List<Move> due = List.copyOf(moves);
        moves.clear();
        return due;
    }

    /** Returns the time at which {@link #onDeadline} must be called; {@link Long#MAX_VALUE} if there is none. */
    long nextDeadlineNanos() {
        if (rooms.isEmpty() || overdue) {
            return Long.MAX_VALUE;
        }
        long deadline = atOnce ? limitNanos + LAST_FOLLOW.toNanos() : limitNanos;
        Check next = nextCheck();
        if (next != null) {
            deadline = Math.min(deadline, next.atNanos());
        }
        if (!waiting.isEmpty() && hasTarget()) {
            deadline = Math.min(deadline, creditReachedNanos(price(waiting.first())));
        }
        return deadline;
    }

    Progress progress() {
        int leaving = 0;
        int left = 0;
        for (Leaving room : rooms.values()) {
            if (room.phase == Phase.DECIDED) {
                leaving += room.connections;
            } else {
                left += room.connections;
            }
        }
        State state = rooms.isEmpty() ? State.EMPTY : overdue ? State.OVERDUE : State.MOVING;
        return new Progress(state, moved, leaving, left, isBlocked());
    }

    /** Returns the largest rooms that are still here. */
    List<RoomProgress> rooms(int max) {
        return rooms.values().stream()
                .sorted(LARGEST_FIRST)
                .limit(max)
                .map(room -> new RoomProgress(room.sid, room.connections, room.phase))
                .toList();
    }

    int roomCount() {
        return rooms.size();
    }

    private void check(Leaving room, long atNanos) {
        if (room.phase == Phase.ASKED) {
            room.phase = Phase.WAITING;
        }
        Check check = new Check(room, atNanos);
        room.check = check;
        checks.add(check);
    }

    /** Returns the next check that counts. */
    private @Nullable Check nextCheck() {
        while (!checks.isEmpty() && !checks.element().equals(checks.element().room().check)) {
            checks.remove();
        }
        return checks.peek();
    }

    private void advance(long nowNanos) {
        atOnce |= nowNanos >= limitNanos;
        overdue |= nowNanos >= limitNanos + LAST_FOLLOW.toNanos();
        earn(nowNanos);
        for (Check due = nextCheck(); due != null && due.atNanos() <= nowNanos; due = nextCheck()) {
            checks.remove();
            Leaving room = due.room();
            room.check = null;
            if (room.phase == Phase.DECIDED) {
                moved -= room.connections; // These connections could not be moved.
                room.phase = Phase.WAITING;
            }
            waiting.add(room);
        }
        while (!waiting.isEmpty() && (atOnce || credit >= price(waiting.first()))) {
            Optional<String> target = target(nowNanos);
            if (target.isEmpty()) {
                return;
            }
            Leaving room = waiting.pollFirst();
            if (room != null) {
                room.phase = Phase.ASKED;
                credit -= room.connections;
                recent.add(target.get(), room.connections, nowNanos);
                moves.add(new Move(room.sid, target.get()));
            }
        }
    }

    /**
     * Returns the credit that a room needs. A room that is larger than a burst takes a whole burst, and what it takes
     * beyond that must be earned before the next room leaves.
     */
    private static int price(Leaving room) {
        return Math.min(BURST, room.connections);
    }

    private void earn(long nowNanos) {
        long slowNanos = Math.max(0, Math.min(nowNanos, slowUntilNanos) - creditNanos);
        long elapsedNanos = Math.max(0, nowNanos - creditNanos);
        credit = Math.min(BURST, credit + (elapsedNanos - slowNanos / 2.0) * rate / NANOS_PER_SECOND);
        creditNanos = Math.max(creditNanos, nowNanos);
    }

    /** Returns the time at which the credit reaches this value, if nothing leaves before. */
    private long creditReachedNanos(int value) {
        double missing = value - credit;
        if (missing <= 0) {
            return creditNanos;
        }
        double atFullRate = missing * NANOS_PER_SECOND / rate;
        double slowNanos = Math.max(0, slowUntilNanos - creditNanos);
        double needed = Math.min(2 * atFullRate, atFullRate + slowNanos / 2);
        return creditNanos + (long) Math.ceil(needed) + 1; // One more, so that rounding does not make it too early.
    }

    private boolean isBlocked() {
        return !waiting.isEmpty() && others != null && !hasTarget();
    }

    private boolean hasTarget() {
        return others != null && others.stream().anyMatch(this::isTarget);
    }

    private boolean isTarget(MediaNodeLoad node) {
        return !node.draining() && (atOnce || node.estimate() < TARGET_LOAD_MAX);
    }

    /**
     * Returns the media node for the next room: of the least loaded ones the one that got the fewest connections in the
     * last seconds.
     */
    private Optional<String> target(long nowNanos) {
        if (others == null) {
            return Optional.empty();
        }
        Map<String, Integer> added = recent.perNode(nowNanos);
        Comparator<MediaNodeLoad> lessLoaded = Comparator.comparingDouble((MediaNodeLoad node) ->
                        node.estimate() + added.getOrDefault(node.id(), 0) * MediaNodeLoad.PARTICIPANT)
                .thenComparing(MediaNodeLoad::id);
        return others.stream()
                .filter(this::isTarget)
                .sorted(lessLoaded)
                .limit(TARGETS)
                .min(Comparator.<MediaNodeLoad>comparingInt(node -> added.getOrDefault(node.id(), 0))
                        .thenComparing(lessLoaded))
                .map(MediaNodeLoad::id);
    }
}
