package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.srtp.SrtpSession;

/**
 * The run of datagrams that is being encrypted on an event loop. Encryption writes each datagram at its place behind the
 * former one, so that a run is copied only once, into the buffer that the kernel reads. A run has one owner; it is closed
 * when another transport encrypts a packet, when a datagram does not fit, and when its owner sends.
 *
 * <p>All datagrams of a run have one length, and only the last one may be shorter, because a segmented send splits the
 * run by length ({@link DatagramSink#sendRun}). One object for each event loop.
 */
final class EgressRun {
    /** The transport whose packets are in a run. */
    interface Owner {
        /** Takes the run, by {@link #copy}, before it is emptied. Another transport may be the caller. */
        void onRunClosed(int datagramBytes, int datagrams);
    }

    private final byte[] bytes = new byte[DatagramSink.RUN_BYTES_MAX + SrtpSession.OVERHEAD_BYTES_MAX];
    private @Nullable Owner owner; // Null while the run is empty.
    private int datagramBytes; // The length of the first datagram.
    private int datagrams;
    private int lengthBytes;
    private boolean ended; // The last datagram is shorter than the first.

    /** Makes room for a datagram of this length, and closes the run if the datagram does not belong to it. */
    void prepare(Owner next, int nextBytes) {
        if (owner != next || !fits(nextBytes)) {
            close();
        }
    }

    private boolean fits(int nextBytes) {
        return !ended
                && nextBytes <= datagramBytes
                && datagramBytes <= DatagramSink.RUN_DATAGRAM_BYTES_MAX
                && datagrams < DatagramSink.RUN_DATAGRAMS_MAX
                && lengthBytes + nextBytes <= DatagramSink.RUN_BYTES_MAX;
    }

    /** Returns the array into which the next datagram is encrypted, from {@link #lengthBytes}. */
    byte[] bytes() {
        return bytes;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    /** Takes over a datagram that was written behind the run. Requires {@link #prepare}. */
    void append(Owner appending, int appendedBytes) {
        if (datagrams == 0) {
            owner = appending;
            datagramBytes = appendedBytes;
        } else {
            ended = appendedBytes < datagramBytes;
        }
        datagrams++;
        lengthBytes += appendedBytes;
    }

    /** Returns the number of datagrams of this owner in the run. */
    int datagramsOf(Owner asking) {
        return owner == asking ? datagrams : 0;
    }

    /** Gives the run to this owner, if it is its run. */
    void closeIfOf(Owner asking) {
        if (owner == asking) {
            close();
        }
    }

    /** Gives the run to its owner, if there is one. */
    private void close() {
        Owner closing = owner;
        if (closing != null) {
            closing.onRunClosed(datagramBytes, datagrams);
        }
        owner = null;
        datagrams = 0;
        lengthBytes = 0;
        ended = false;
    }

    ByteBuf copy(ByteBufAllocator allocator) {
        return allocator.directBuffer(lengthBytes).writeBytes(bytes, 0, lengthBytes);
    }
}
