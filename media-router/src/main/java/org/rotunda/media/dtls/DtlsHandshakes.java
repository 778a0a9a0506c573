package org.rotunda.media.dtls;

import java.util.List;
import java.util.concurrent.Executor;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * The runner of blocking handshakes. {@code media.net} implements it with threads and a clock; this package knows the
 * protocol. Event loops call it; it never blocks them.
 */
public interface DtlsHandshakes {

    /**
     * Starts a handshake on a thread of its own, or returns null when all threads are busy.
     *
     * @param owner the executor of the loop that owns the transport; every callback of the job runs there, in order
     */
    @Nullable
    Running start(Job job, Executor owner);

    /** One handshake of one transport. */
    interface Job {
        /** Runs the handshake on its thread and blocks until it has succeeded or failed. Does not throw. */
        DtlsHandshakeResult run(DatagramTransport datagrams, int timeoutMillis);

        /** Receives a datagram of ours that must be sent. Called on the loop. */
        void onOutput(byte[] datagram);

        /**
         * Receives the result of the handshake and the datagrams that it did not read. This is the last call; it is
         * made on the loop.
         */
        void onFinished(DtlsHandshakeResult result, List<byte[]> unread);
    }

    /** A started handshake, as the loop sees it. */
    interface Running {
        /**
         * Hands in a datagram; takes ownership of the array. Returns false if the queue is full and the datagram was
         * dropped.
         */
        boolean offer(byte[] datagram);

        /** Ends the handshake soon; its result no longer matters. */
        void cancel();
    }
}
