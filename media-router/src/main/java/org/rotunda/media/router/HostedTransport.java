package org.rotunda.media.router;

import java.util.concurrent.atomic.AtomicInteger;
import org.rotunda.media.control.TransportId;

/**
 * A transport at this node, or the place of one: the loop that has it. Each command on its way to the loop and the open
 * transport hold the place. While it is held the transport stays on its loop, so its commands are carried out in the order
 * in which they were submitted. Safe to use from any thread.
 */
public final class HostedTransport {
    private static final int ENDED = -1;

    private final HostedRoom room;
    private final TransportId id;
    private final int loop;
    private final long order;
    private final AtomicInteger holds = new AtomicInteger();

    HostedTransport(HostedRoom room, TransportId id, int loop, long order) {
        this.room = room;
        this.id = id;
        this.loop = loop;
        this.order = order;
    }

    /** Returns the room of the transport. */
    HostedRoom room() {
        return room;
    }

    /** Returns the index of the loop that has the transport. */
    public int loop() {
        return loop;
    }

    /** Returns a number that is higher than that of every place that was made before on this node. */
    long order() {
        return order;
    }

    TransportId id() {
        return id;
    }

    /** Returns whether a command with this epoch may be carried out, as {@link HostedRoom#admits} says. */
    boolean admits(long commandEpoch) {
        return room.admits(commandEpoch);
    }

    /** Holds the place for a command that is being submitted. Returns false if the place has ended meanwhile. */
    boolean hold() {
        int count = holds.get();
        while (count != ENDED && !holds.compareAndSet(count, count + 1)) {
            count = holds.get();
        }
        if (count == ENDED) {
            return false;
        }
        room.hold(loop);
        return true;
    }

    /** Ends the hold of a command that was carried out or refused, or of a transport that was closed. */
    void release(long nowNanos) {
        if (holds.decrementAndGet() == 0 && holds.compareAndSet(0, ENDED)) {
            room.forget(this);
        }
        room.release(loop, nowNanos);
    }

    /**
     * Takes one of the node's places for the transport, which then holds it. Returns false if the node is full. Called on
     * the loop, while the command that opens the transport holds the place.
     */
    boolean takePlace() {
        return room.takePlace() && hold();
    }

    /** Gives back the place of a transport that was closed. Called on the loop. */
    void freePlace(long nowNanos) {
        room.freePlace();
        release(nowNanos);
    }
}
