package org.rotunda.media.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.net.HandoverQueue;
import org.rotunda.media.router.HostedRooms;
import org.rotunda.media.router.LoopLinks;
import org.rotunda.media.router.RelayEnd;
import org.rotunda.media.router.RelayMessage;
import org.rotunda.media.router.RelayShare;

/** A media node with several event loops, without sockets and threads: real cores with the real queues between them. */
public final class SimulatedLoops {
    /** The time from the end of an input of one loop until another loop takes what was handed over. */
    private static final long HOP_NANOS = 50_000;

    private static final int TRANSPORTS_MAX = 1_000;

    private final Simulation simulation;
    private final HostedRooms rooms;
    private final List<HandoverQueue> inboxes = new ArrayList<>();
    private final List<SimulatedRouter> loops = new ArrayList<>();
    private final boolean[] woken;
    private final boolean[] hanging;
    private int free; // The loop that is not busy, which gets the next transport.
    private long passed;

    public SimulatedLoops(Simulation simulation, int count) {
        this(simulation, count, HandoverQueue.CAPACITY, simulation.allocator());
    }

    /**
     * @param capacity the capacity of the queue to each loop
     * @param allocator the allocator of the buffers of all loops
     */
    public SimulatedLoops(Simulation simulation, int count, int capacity, ByteBufAllocator allocator) {
        this.simulation = simulation;
        this.woken = new boolean[count];
        this.hanging = new boolean[count];
        this.rooms = new HostedRooms(
                count, TRANSPORTS_MAX, TRANSPORTS_MAX, loop -> loop == free ? 0 : 1, simulation.random());
        for (int i = 0; i < count; i++) {
            inboxes.add(new HandoverQueue(capacity));
        }
        for (int i = 0; i < count; i++) {
            loops.add(new SimulatedRouter(simulation, allocator, rooms, new Links(i), this, inboxes.get(i)));
        }
    }

    /** Returns the loop with this index. */
    public SimulatedRouter loop(int index) {
        return loops.get(index);
    }

    /** Makes all other loops busy, so that transports that open from now on are on this one. */
    public SimulatedRouter openOn(int index) {
        free = index;
        return loops.get(index);
    }

    /** Sets whether a loop hangs: it takes nothing that others hand over. */
    public void setHanging(int index, boolean hangs) {
        hanging[index] = hangs;
        if (!hangs) {
            loops.get(index).takeHandovers();
        }
    }

    /** Returns the queue of what the others hand over to a loop. */
    public HandoverQueue inbox(int index) {
        return inboxes.get(index);
    }

    /** Returns the number of packets and messages that were handed over. */
    public long passed() {
        return passed;
    }

    /** Ends all loops. */
    public void close() {
        loops.forEach(loop -> loop.core().close());
        inboxes.forEach(HandoverQueue::close);
    }

    private final class Links implements LoopLinks {
        private final int self;
        private final boolean[] dirty = new boolean[woken.length];

        Links(int self) {
            this.self = self;
        }

        @Override
        public int self() {
            return self;
        }

        @Override
        public int loops() {
            return inboxes.size();
        }

        @Override
        public boolean tell(int loop, RelayMessage message) {
            return note(loop, inboxes.get(loop).putMessage(message, simulation.nowNanos()));
        }

        @Override
        public boolean pass(int loop, RelayEnd to, int encoding, ByteBuf packet, RelayShare share, long arrivalNanos) {
            return note(loop, inboxes.get(loop).putPacket(to, encoding, packet, share, arrivalNanos));
        }

        @Override
        public boolean pass(
                int loop, RelayMessage.DataMessage track, boolean binary, ByteBuf payload, RelayShare share) {
            return note(loop, inboxes.get(loop).putData(track, binary, payload, share, simulation.nowNanos()));
        }

        private boolean note(int loop, boolean wasPut) {
            dirty[loop] = true;
            passed += wasPut ? 1 : 0;
            return wasPut;
        }

        @Override
        public void flush() {
            for (int i = 0; i < dirty.length; i++) {
                if (dirty[i] && !woken[i]) {
                    int loop = i;
                    woken[i] = true;
                    simulation.after(HOP_NANOS, () -> {
                        woken[loop] = false;
                        if (!hanging[loop]) {
                            loops.get(loop).takeHandovers();
                        }
                    });
                }
                dirty[i] = false;
            }
        }
    }
}
