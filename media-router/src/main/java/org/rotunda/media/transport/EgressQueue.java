package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The encrypted datagrams of one transport that wait for the next drain, in their order: runs and single datagrams. Owned
 * by one event loop.
 */
final class EgressQueue {
    private static final int CAPACITY_START = 4;

    private @Nullable ByteBuf[] buffers = {};
    private int[] datagramBytes = {};
    private int first;
    private int end;
    private int datagrams;

    /** Adds a run, or one datagram, and takes its ownership. */
    void add(ByteBuf buffer, int bytesOfDatagram, int datagramsOfBuffer) {
        if (end == buffers.length) {
            int capacity = Math.max(CAPACITY_START, 2 * end);
            buffers = Arrays.copyOf(buffers, capacity);
            datagramBytes = Arrays.copyOf(datagramBytes, capacity);
        }
        buffers[end] = buffer;
        datagramBytes[end++] = bytesOfDatagram;
        datagrams += datagramsOfBuffer;
    }

    /** Returns the number of datagrams in the queue. */
    int datagrams() {
        return datagrams;
    }

    boolean isEmpty() {
        return first == end;
    }

    /** Sends everything. If the sink fails, the rest stays in the queue. */
    void sendTo(DatagramSink sink, SocketAddress remote) {
        while (first < end) {
            int lengthBytes = datagramBytes[first];
            sink.sendRun(take(), lengthBytes, remote);
        }
        reset();
    }

    void release() {
        while (first < end) {
            take().release();
        }
        reset();
    }

    private ByteBuf take() {
        ByteBuf buffer = buffers[first];
        if (buffer == null) {
            throw new IllegalStateException("no datagram " + first + " of " + end);
        }
        buffers[first++] = null;
        return buffer;
    }

    private void reset() {
        first = 0;
        end = 0;
        datagrams = 0;
    }
}
