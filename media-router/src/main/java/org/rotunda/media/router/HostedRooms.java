package org.rotunda.media.router;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaSettings;

/**
 * The node's table of rooms. The table says on which loop each transport is, keeps each room's epoch, and counts the
 * transports of all loops against the node's limit.
 *
 * <p>The transports of a room are kept together, because packets between two loops cost more than packets within one. When
 * the room's first transport opens, the table takes the less busy of two random loops. If the two loops are about equally
 * busy, the table takes the loop with fewer transports and waiting commands, because a loop that has just got many rooms is
 * not busy yet. The later transports of the room go to the same loop while it is less busy than {@link #BUSY_MAX} and has
 * fewer than {@code loopShare} transports of the room. Then they go to another loop of the room that fulfils this, or else
 * to the less busy of two random loops again. A transport stays on its loop.
 *
 * <p>After a room's last transport was closed, its epoch is kept for ten minutes, because a replaced owner could come
 * back and open the room again.
 *
 * <p>Safe to use from any thread. Packets never use the table, because each loop has its own socket. A loop uses only
 * atomic fields and concurrent maps of a {@link HostedRoom}, and the counters of the table.
 */
public final class HostedRooms {
    /** The time for which the epoch of an empty room is kept. The cluster stops a replaced owner within this time. */
    static final long EMPTY_KEPT_NANOS = 600_000_000_000L;

    /**
     * The maximum number of empty rooms whose epoch {@link #forgetEmpty} keeps. The limit suffices if 25 rooms end in
     * each second. Each room takes some 400 bytes. Above the limit, the rooms that were used least recently are
     * forgotten.
     */
    static final int EMPTY_MAX = 16_384;

    /** The difference of two busy shares below which two loops count as equally busy. */
    static final double BUSY_DIFFERENCE_MIN = 0.05;

    /** The busy share of a loop from which on it gets no more transports of a room that may go to another loop. */
    static final double BUSY_MAX = 0.6;

    private static final int NO_LOOP = -1;

    private final int loops;
    private final int transportsMax;
    private final int loopShare;
    private final IntToDoubleFunction busyShare;
    private final RandomGenerator random;
    private final ConcurrentHashMap<String, HostedRoom> rooms = new ConcurrentHashMap<>();
    private final AtomicInteger transports = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicIntegerArray holds; // For each loop, the number of holds of its rooms.

    /**
     * @param transportsMax the maximum number of transports on all loops together
     * @param loopShare the number of transports of a room on one loop from which on further ones go to another loop
     * @param busyShare returns the share of the time in which a loop works, from 0 to 1; takes the index of the loop;
     *     safe to call from any thread
     * @param random safe to use from any thread
     */
    public HostedRooms(
            int loops, int transportsMax, int loopShare, IntToDoubleFunction busyShare, RandomGenerator random) {
        this.loops = loops;
        this.transportsMax = transportsMax;
        this.loopShare = loopShare;
        this.busyShare = busyShare;
        this.random = random;
        this.holds = new AtomicIntegerArray(loops);
    }

    /** Returns a table for a single loop. */
    public static HostedRooms ofOneLoop(int transportsMax, RandomGenerator random) {
        return new HostedRooms(1, transportsMax, MediaSettings.LOOP_SHARE, loop -> 0, random);
    }

    /**
     * Returns the place of a command's transport, and holds it until {@link RouterCore#onCommand} has taken the command.
     * If the command opens a transport, this call chooses its loop.
     */
    public HostedTransport route(MediaCommand command) {
        HostedTransport[] found = new HostedTransport[1];
        rooms.compute(command.transport().roomSid(), (sid, known) -> {
            HostedRoom room = known == null ? new HostedRoom(sid, loops, this) : known;
            HostedTransport transport = room.find(command.transport());
            if (transport == null || !transport.hold()) {
                boolean opens = command instanceof MediaCommand.OpenTransport;
                transport = room.add(command.transport(), opens ? chooseLoop(room) : room.firstLoop(), nextNumber());
                transport.hold();
            }
            found[0] = transport;
            return room;
        });
        return found[0];
    }

    /** Returns the room with this SID, if it has transports here or its epoch is still known. */
    public Optional<HostedRoom> find(String roomSid) {
        return Optional.ofNullable(rooms.get(roomSid));
    }

    private int chooseLoop(HostedRoom room) {
        if (loops == 1) {
            return 0;
        }
        int own = NO_LOOP;
        for (int loop = 0; loop < loops; loop++) {
            if (isOpenTo(room, loop) && (own == NO_LOOP || room.transportsOn(loop) > room.transportsOn(own))) {
                own = loop; // The fullest, so that the room is on as few loops as possible.
            }
        }
        if (own != NO_LOOP) {
            return own;
        }
        int first = random.nextInt(loops);
        int second = (first + 1 + random.nextInt(loops - 1)) % loops;
        return isLessLoaded(second, first) ? second : first;
    }

    /** Returns whether the room is on this loop, and the loop may get further transports of the room. */
    private boolean isOpenTo(HostedRoom room, int loop) {
        return room.isOn(loop) && room.transportsOn(loop) < loopShare && busyShare.applyAsDouble(loop) < BUSY_MAX;
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

    long nextNumber() {
        return numbers.incrementAndGet();
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
