package org.rotunda.media.router;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TransportId;

/**
 * A room at this node: the loops that its transports are on, the tracks that they publish, and the highest epoch of its
 * commands so far. A new owner of a room has a higher epoch, so commands with a lower epoch come from a replaced owner and
 * are refused on every loop. Safe to use from any thread.
 */
public final class HostedRoom {
    private final String sid;
    private final HostedRooms table;
    private final AtomicLong epoch = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger holds = new AtomicInteger();
    private final ConcurrentHashMap<TransportId, HostedTransport> transports = new ConcurrentHashMap<>();
    private final AtomicIntegerArray perLoop; // The number of transports on each loop.
    private final RoomDirectory directory = new RoomDirectory();
    private volatile long releasedNanos;

    HostedRoom(String sid, int loops, HostedRooms table) {
        this.sid = sid;
        this.table = table;
        this.perLoop = new AtomicIntegerArray(loops);
    }

    String sid() {
        return sid;
    }

    /** Returns the tracks that the room's transports publish on all loops. */
    RoomDirectory directory() {
        return directory;
    }

    /** Returns whether the room has a transport on this loop, or a command for one is on its way there. */
    public boolean isOn(int loop) {
        return perLoop.get(loop) > 0;
    }

    /** Returns the number of transports on this loop. */
    int transportsOn(int loop) {
        return perLoop.get(loop);
    }

    /** Returns the index of the first loop that the room is on, or 0 if it is on none. */
    int firstLoop() {
        for (int loop = 0; loop < perLoop.length(); loop++) {
            if (isOn(loop)) {
                return loop;
            }
        }
        return 0;
    }

    /**
     * Returns whether a command with this epoch may be carried out. Returns false if the room has a higher epoch. A
     * higher epoch in the command becomes the room's epoch. Called on a loop, just before the command.
     */
    boolean admits(long commandEpoch) {
        return epoch.accumulateAndGet(commandEpoch, Math::max) == commandEpoch;
    }

    /** Returns the place of a transport, or null if it has none. */
    @Nullable
    HostedTransport find(TransportId id) {
        return transports.get(id);
    }

    /** Makes a place on a loop for a transport. Called with the room locked in its table. */
    HostedTransport add(TransportId id, int loop, long order) {
        HostedTransport transport = new HostedTransport(this, id, loop, order);
        perLoop.incrementAndGet(loop);
        transports.put(id, transport);
        return transport;
    }

    /** Forgets the place of a transport that nothing holds any more. */
    void forget(HostedTransport transport) {
        transports.remove(transport.id(), transport);
        perLoop.decrementAndGet(transport.loop());
    }

    void hold(int loop) {
        holds.incrementAndGet();
        table.countHold(loop, 1);
    }

    void release(int loop, long nowNanos) {
        table.countHold(loop, -1);
        // Written before the count: a thread that sees no holds must also see when the last hold ended.
        releasedNanos = nowNanos;
        holds.decrementAndGet();
    }

    boolean takePlace() {
        return table.takePlace();
    }

    void freePlace() {
        table.freePlace();
    }

    /** Returns a number that is higher than every number before on this node. */
    long nextNumber() {
        return table.nextNumber();
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
