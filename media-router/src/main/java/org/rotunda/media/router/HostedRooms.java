package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.rotunda.media.control.MediaCommand;

/**
 * The node's table of rooms. The table says on which loop the transports of a room are, keeps each room's epoch, and
 * counts the transports of all loops against the node's limit.
 *
 * <p>A room has all its transports on one loop, because packets are forwarded within a loop. When the room's first
 * transport opens, the table takes the less busy of two random loops. If the two loops are about equally busy, the
 * table takes the loop with fewer transports and waiting commands, because a loop that has just got many rooms is not
 * busy yet. The later transports of the room go to the same loop. If the room becomes empty and is opened again, the
 * table chooses a loop again.
 *
 * <p>After a room's last transport was closed, its epoch is kept for ten minutes, because a replaced owner could come
 * back and open the room again.
 *
 * <p>Safe to use from any thread. Packets never use the table, because each loop has its own socket. A loop never waits
 * for the table, because it uses only atomic fields: those of a {@link HostedRoom} and the counters of the table.
 */
public final class HostedRooms {
    /** The time for which the epoch of an empty room is kept. The cluster stops a replaced owner within this time. */
    static final long EMPTY_KEPT_NANOS = 600_000_000_000L;

    /**
     * The maximum number of empty rooms whose epoch {@link #forgetEmpty} keeps. The limit suffices if 25 rooms end in
     * each second. Each room takes some 200 bytes. Above the limit, the rooms that were used least recently are
     * forgotten.
     */
    static final int EMPTY_MAX = 16_384;

    /** The difference of two busy shares below which two loops count as equally busy. */
    static final double BUSY_DIFFERENCE_MIN = 0.05;

    private final int loops;
    private final int transportsMax;
    private final IntToDoubleFunction busyShare;
    private final RandomGenerator random;
    private final ConcurrentHashMap<String, HostedRoom> rooms = new ConcurrentHashMap<>();
    private final AtomicInteger transports = new AtomicInteger();
    private final AtomicIntegerArray holds; // For each loop, the number of holds of its rooms.

    /**
     * @param transportsMax the maximum number of transports on all loops together
     * @param busyShare returns the share of the time in which a loop works, from 0 to 1; takes the index of the loop;
     *     safe to call from any thread
     * @param random safe to use from any thread
     */
    public HostedRooms(int loops, int transportsMax, IntToDoubleFunction busyShare, RandomGenerator random) {
        this.loops = loops;
        this.transportsMax = transportsMax;
        this.busyShare = busyShare;
        this.random = random;
        this.holds = new AtomicIntegerArray(loops);
    }

    /** Returns a table for a single loop. */
    public static HostedRooms ofOneLoop(int transportsMax, RandomGenerator random) {
        return new HostedRooms(1, transportsMax, loop -> 0, random);
    }

    /**
     * Returns the room of a command, and holds it until {@link RouterCore#onCommand} has taken the command. If the
     * command opens the first transport of the room, this call chooses the room's loop.
     */
    public HostedRoom route(MediaCommand command) {
        return rooms.compute(command.transport().roomSid(), (sid, known) -> {
            HostedRoom room = known == null ? new HostedRoom(sid, this) : known;
            if (!room.isHeld() && command instanceof MediaCommand.OpenTransport) {
                room.setLoop(chooseLoop());
            }
            room.hold();
            return room;
        });
    }

    /** Returns the room with this SID, if it has transports here or its epoch is still known. */
    public Optional<HostedRoom> find(String roomSid) {
        return Optional.ofNullable(rooms.get(roomSid));
    }

    private int chooseLoop() {
        if (loops == 1) {
            return 0;
        }
        int first = random.nextInt(loops);
        int second = (first + 1 + random.nextInt(loops - 1)) % loops;
        return isLessLoaded(second, first) ? second : first;
    }

    private boolean isLessLoaded(int loop, int other) {
        double difference = busyShare.applyAsDouble(loop) - busyShare.applyAsDouble(other);
        return Math.abs(difference) >= BUSY_DIFFERENCE_MIN ? difference < 0 : holds.get(loop) < holds.get(other);
    }

    /** Forgets rooms that have been empty for long. The owner of the table calls this method about once a second. */
    public void forgetEmpty(long nowNanos) {
        List<HostedRoom> empty = new ArrayList<>();
        for (HostedRoom room : rooms.values()) {
            if (!room.isHeld()) {
                if (room.emptyForNanos(nowNanos) >= EMPTY_KEPT_NANOS) {
                    forget(room, nowNanos);
                } else {
                    empty.add(room);
                }
            }
        }
        if (empty.size() > EMPTY_MAX) {
            empty.sort(Comparator.comparingLong(room -> -room.emptyForNanos(nowNanos)));
            empty.subList(0, empty.size() - EMPTY_MAX).forEach(room -> forget(room, nowNanos));
        }
    }

    /** Forgets a room, unless it is held, or was held after {@code nowNanos}. */
    private void forget(HostedRoom room, long nowNanos) {
        rooms.computeIfPresent(
                room.sid(), (sid, current) -> current.isHeld() || current.emptyForNanos(nowNanos) < 0 ? current : null);
    }

    /** Returns the number of rooms in the table, including empty rooms. */
    int size() {
        return rooms.size();
    }

    boolean takePlace() {
        if (transports.incrementAndGet() > transportsMax) {
            transports.decrementAndGet();
            return false;
        }
        return true;
    }

    void freePlace() {
        transports.decrementAndGet();
    }

    void countHold(int loop, int delta) {
        holds.addAndGet(loop, delta);
    }
}
