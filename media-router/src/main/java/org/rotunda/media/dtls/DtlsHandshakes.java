package org.rotunda.media.dtls;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * Runs each blocking handshake on a thread of its own. {@code media.net} implements this interface; the methods are
 * called on event loops and never block.
 */
public interface DtlsHandshakes {

    /**
     * The origin of a handshake. The handshakes of one address get only a share of the threads, and so do the
     * handshakes of one room. The limit per room takes the place of a limit per account: a router does not know
     * accounts, but each room belongs to one account.
     *
     * @param address the client's address without its port, or the first 64 bits of an IPv6 address
     * @param room the SID of the client's room
     */
    record Origin(Object address, String room) {
        private static final int IPV6_PREFIX_BYTES = 8; // Usually one client has all addresses of such a prefix.

        public static Origin of(InetAddress address, String room) {
            if (address instanceof Inet6Address) {
                return new Origin(
                        ByteBuffer.wrap(address.getAddress(), 0, IPV6_PREFIX_BYTES)
                                .getLong(),
                        room);
            }
            return new Origin(address, room);
        }
    }

    /**
     * Starts a handshake on a thread of its own. Returns null if the pool has no free thread, or if the share of the
     * address or of the room is used up.
     *
     * @param origin the origin of the handshake; null if the handshake counts towards no share
     * @param owner the executor of the loop that owns the transport; every callback of the job runs there, in order
     */
    @Nullable
    Running start(Job job, @Nullable Origin origin, Executor owner);

    /**
     * Returns whether clients may be invited to send their ClientHello again ({@link DtlsTransport#invite}). The
     * simulated clients of tests have no handshake that an invitation could speed up.
     */
    default boolean mayInvite() {
        return true;
    }

    /** The handshake of one transport. {@link #run} is called on a handshake thread, the other methods on the loop. */
    interface Job {
        /** Runs the handshake on its thread and blocks until it has succeeded or failed. Does not throw. */
        DtlsHandshakeResult run(DatagramTransport datagrams, int timeoutMillis);

        /** Receives a datagram of ours that must be sent. */
        void onOutput(byte[] datagram);

        /**
         * Receives the result of the handshake, and the datagrams that the handshake did not read. No method of the job
         * is called after this one.
         */
        void onFinished(DtlsHandshakeResult result, List<byte[]> unread);
    }

    /** A started handshake. The loop calls these methods. */
    interface Running {
        /**
         * Passes a datagram to the handshake, which takes ownership of the array. Returns false if the queue was full
         * and the datagram was dropped.
         */
        boolean offer(byte[] datagram);

        /** Asks the handshake to end. Its result is ignored. */
        void cancel();
    }
}
