package org.rotunda.media.dtls;

import java.util.List;
import java.util.concurrent.Executor;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * Where blocking handshakes run: {@code media.net} has the threads and the clock, this package knows the protocol. Called
 * from event loops; never blocks them.
 */
public interface DtlsHandshakes {

    /**
     * Starts a handshake on a thread of its own, or answers null when all are busy.
     *
     * @param owner the loop that owns the transport; every callback of the job runs there, in order
     */
    @Nullable
    Running start(Job job, Executor owner);

    /** One handshake. */
    interface Job {
        /** On the handshake thread: blocks until the handshake is over, one way or the other. Does not throw. */
        DtlsHandshakeResult run(DatagramTransport datagrams, int timeoutMillis);

        /** On the loop: a datagram of ours to be sent. */
        void onOutput(byte[] datagram);

        /** On the loop, last: how it ended, and the datagrams that came in meanwhile and were not consumed. */
        void onFinished(DtlsHandshakeResult result, List<byte[]> unread);
    }

    /** A started handshake, as its loop sees it. */
    interface Running {
        /** Hands in a datagram; takes ownership of the array. False if the queue is full and it was dropped. */
        boolean offer(byte[] datagram);

        /** Ends the handshake soon; its result no longer matters. */
        void cancel();
    }
}
