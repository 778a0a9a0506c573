package org.rotunda.media.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of one drain, in one lane per remote address. A lane keeps the order of its datagrams. Thus {@link
 * DatagramBatcher} finds runs even if the core alternates between remotes. An entry is one datagram, or a run that the
 * core has made ({@link org.rotunda.media.transport.DatagramSink#sendRun}). The arrays have a fixed size, so the queue
 * makes no garbage.
 */
final class DatagramQueue {
    /**
     * The largest number of entries in the queue; a drain to 500 subscribers has fewer. A full queue is sent at once,
     * which only makes runs shorter.
     */
    static final int DATAGRAMS_MAX = 2048;

    private static final int SLOTS = 2 * DATAGRAMS_MAX; // A power of two. At most half of the slots are used.
    private static final int NONE = -1;

    /**
     * The number of bytes at which the queue counts as full. Netty's send queue takes twice as much, and a large room
     * would fill it in one drain.
     */
    static final int BYTES_MAX = 512 * 1024;

    private final @Nullable ByteBuf[] datagrams = new @Nullable ByteBuf[DATAGRAMS_MAX];
    private final int[] runBytes = new int[DATAGRAMS_MAX]; // The length of each datagram of a run; 0 for one datagram.
    private final int[] next = new int[DATAGRAMS_MAX]; // The index of the next datagram in the same lane.
    private final @Nullable InetSocketAddress[] laneRemote = new @Nullable InetSocketAddress[DATAGRAMS_MAX];
    private final int[] laneHead = new int[DATAGRAMS_MAX];
    private final int[] laneTail = new int[DATAGRAMS_MAX];
    private final int[] laneSlot = new int[DATAGRAMS_MAX];
    private final int[] slots = new int[SLOTS]; // A hash table from address to lane, with open addressing.
    private int datagramCount;
    private long bytes;
    private int laneCount;
    private int lastLane = NONE;

    DatagramQueue() {
        Arrays.fill(slots, NONE);
    }

    boolean isFull() {
        return datagramCount == DATAGRAMS_MAX || bytes >= BYTES_MAX;
    }

    int laneCount() {
        return laneCount;
    }

    /** Adds a datagram and takes its ownership. The queue must not be full. */
    void add(ByteBuf datagram, InetSocketAddress remote) {
        addRun(datagram, 0, remote);
    }

    /** Adds a run of datagrams of this length, as {@link #add} does. */
    void addRun(ByteBuf run, int datagramBytes, InetSocketAddress remote) {
        int datagramIndex = datagramCount++;
        datagrams[datagramIndex] = run;
        runBytes[datagramIndex] = datagramBytes;
        bytes += run.readableBytes();
        next[datagramIndex] = NONE;
        int lane = laneOf(remote);
        if (laneHead[lane] == NONE) {
            laneHead[lane] = datagramIndex;
        } else {
            next[laneTail[lane]] = datagramIndex;
        }
        laneTail[lane] = datagramIndex;
    }

    @SuppressWarnings("ReferenceEquality") // The comparison of references is a shortcut; the table compares values.
    private int laneOf(InetSocketAddress remote) {
        if (lastLane != NONE && laneRemote[lastLane] == remote) {
            return lastLane; // Successive datagrams of a transport usually have the same address object.
        }
        int hash = remote.hashCode();
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        while (slots[slot] != NONE && !remote.equals(laneRemote[slots[slot]])) {
            slot = slot + 1 & SLOTS - 1;
        }
        if (slots[slot] == NONE) {
            slots[slot] = laneCount;
            laneRemote[laneCount] = remote;
            laneHead[laneCount] = NONE;
            laneSlot[laneCount] = slot;
            laneCount++;
        }
        lastLane = slots[slot];
        return lastLane;
    }

    InetSocketAddress remote(int lane) {
        InetSocketAddress remote = laneRemote[lane];
        if (remote == null) {
            throw new IllegalStateException("no lane " + lane + " of " + laneCount);
        }
        return remote;
    }

    /**
     * Returns the index of the lane's first datagram that has not been taken, or a negative number if all have been
     * taken.
     */
    int head(int lane) {
        return laneHead[lane];
    }

    /** Returns the index of the next datagram in the same lane, or a negative number after the last datagram. */
    int following(int datagramIndex) {
        return next[datagramIndex];
    }

    /** Returns the length of each datagram of a run, or 0 if the entry is one datagram. */
    int runBytes(int datagramIndex) {
        return runBytes[datagramIndex];
    }

    int lengthBytes(int datagramIndex) {
        return get(datagramIndex).readableBytes();
    }

    private ByteBuf get(int datagramIndex) {
        ByteBuf datagram = datagrams[datagramIndex];
        if (datagram == null) {
            throw new IllegalStateException("datagram " + datagramIndex + " has been taken");
        }
        return datagram;
    }

    /** Removes the first datagram of the lane and gives its ownership to the caller. */
    ByteBuf take(int lane) {
        int datagramIndex = laneHead[lane];
        ByteBuf datagram = get(datagramIndex);
        datagrams[datagramIndex] = null;
        laneHead[lane] = next[datagramIndex];
        return datagram;
    }

    /** Removes all lanes. The caller must have taken every datagram. */
    void clear() {
        for (int lane = 0; lane < laneCount; lane++) {
            slots[laneSlot[lane]] = NONE;
            laneRemote[lane] = null;
        }
        laneCount = 0;
        datagramCount = 0;
        bytes = 0;
        lastLane = NONE;
    }
}
