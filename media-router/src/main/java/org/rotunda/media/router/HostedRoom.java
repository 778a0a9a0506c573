package org.rotunda.media.router;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A room at this node: the loop that its transports are on, and the highest epoch of its commands so far. A new owner
 * of a room has a higher epoch, so commands with a lower epoch come from a replaced owner and are refused on every
 * loop. Safe to use from any thread, without locks.
 *
 * <p>Each command on its way to a loop and each open transport holds the room. While the room is held it stays on its
 * loop, so its commands are carried out in the order in which they were submitted.
 */
public final class HostedRoom {
    private final String sid;
    private final HostedRooms table;
    private final AtomicLong epoch = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger holds = new AtomicInteger();
    private volatile int loop; // Changes only while nothing holds the room.
    private volatile long releasedNanos;

    HostedRoom(String sid, HostedRooms table) {
        this.sid = sid;
        this.table = table;
    }

    String sid() {
        return sid;
    }

    /** Returns the index of the loop that has the room, which stays the same while something holds the room. */
    public int loop() {
        return loop;
    }

    void setLoop(int index) {
        loop = index;
    }

    /**
     * Returns whether a command with this epoch may be carried out. Returns false if the room has a higher epoch. A
     * higher epoch in the command becomes the room's epoch. Called on the loop, just before the command.
     */
    boolean admits(long commandEpoch) {
        return epoch.accumulateAndGet(commandEpoch, Math::max) == commandEpoch;
    }

    /** Holds the room for a command that is being submitted, or for a transport that was opened. */
    void hold() {
        holds.incrementAndGet();
        table.countHold(loop, 1);
    }

    /** Ends the hold of a command that was carried out or refused, or of a transport that was closed. */
    void release(long nowNanos) {
        table.countHold(loop, -1);
        // Written before the count: a thread that sees no holds must also see when the last hold ended.
        releasedNanos = nowNanos;
        holds.decrementAndGet();
    }

    /**
     * Takes one of the node's places for a transport, which then holds the room. Returns false if the node is full.
     * Called on the loop, while the command that opens the transport holds the room.
     */
    boolean takePlace() {
        if (!table.takePlace()) {
            return false;
        }
        hold();
        return true;
    }

    /** Gives back the place of a transport that was closed. Called on the loop. */
    void freePlace(long nowNanos) {
        table.freePlace();
        release(nowNanos);
    }

    boolean isHeld() {
        return holds.get() > 0;
    }

    /**
     * Returns the time since the last hold of this room ended. The value has a meaning only if {@link #isHeld} is
     * false.
     */
    long emptyForNanos(long nowNanos) {
        return nowNanos - releasedNanos;
    }
}
