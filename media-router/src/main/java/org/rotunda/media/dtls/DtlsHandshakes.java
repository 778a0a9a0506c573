package org.rotunda.media.dtls;

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
     * Starts a handshake on a thread of its own, or returns null when all threads are busy.
     *
     * @param owner the executor of the loop that owns the transport; every callback of the job runs there, in order
     */
    @Nullable
    Running start(Job job, Executor owner);

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
