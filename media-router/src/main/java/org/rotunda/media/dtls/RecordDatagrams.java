package org.rotunda.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams below Bouncy Castle's record layer. During the handshake it passes on to the blocking transport of the
 * handshake thread; afterwards it belongs to the loop, holds the one datagram being processed and never waits.
 */
final class RecordDatagrams implements DatagramTransport {
    /** Handshake flights are cut to this size (design: 1200 passes every path). */
    static final int HANDSHAKE_MTU = 1200;

    /** Repeats of our last flight: as many may be lost in a row. Far below the twelve rounds after which BoringSSL gives up. */
    static final int FLIGHT_REPEATS_MAX = 4;

    /** Takes our datagrams; the array is only lent. */
    interface Output {
        void datagram(byte[] bytes, int offset, int length);
    }

    private final Output output;
    private @Nullable DatagramTransport handshake;
    private byte @Nullable [] pending;
    private boolean closed;
    private boolean muted;
    private boolean peerIsDone;
    private int flightRepeats;

    RecordDatagrams(DatagramTransport handshake, Output output) {
        this.handshake = handshake;
        this.output = output;
    }

    /** From now on the loop owns this. */
    void handOver() {
        handshake = null;
    }

    /** The next datagram to be received. */
    void load(byte[] datagram) {
        pending = datagram;
    }

    /** Nothing leaves any more. */
    void mute() {
        muted = true;
    }

    /** Whether the record layer has ended the connection. */
    boolean isClosed() {
        return closed;
    }

    /**
     * The same whatever is pending: the record layer may still hold records of a datagram of the handshake, as of a repeated flight, and
     * fails the connection when the buffer it makes of this size is too small for them.
     */
    @Override
    public int getReceiveLimit() throws IOException {
        DatagramTransport blocking = handshake;
        return blocking == null ? DtlsAdmission.DATAGRAM_LENGTH_MAX : blocking.getReceiveLimit();
    }

    @Override
    public int getSendLimit() {
        return HANDSHAKE_MTU;
    }

    /** On the loop, throws when there is no datagram: a negative answer would make the record layer poll for a millisecond. */
    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        DatagramTransport blocking = handshake;
        if (blocking != null) {
            return blocking.receive(buffer, offset, length, waitMillis);
        }
        byte[] datagram = pending;
        if (datagram == null) {
            throw new NothingMore();
        }
        pending = null;
        int count = Math.min(length, datagram.length);
        System.arraycopy(datagram, 0, buffer, offset, count);
        return count;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
        DatagramTransport blocking = handshake;
        if (blocking != null) {
            blocking.send(buffer, offset, length);
        } else if (!muted && mayLeave(buffer[offset] & 0xFF)) {
            output.datagram(buffer, offset, length);
        }
    }

    /**
     * Repeats of our last flight are let through only while they can be of use. A repeated Finished makes BoringSSL repeat
     * its own flight, which makes Bouncy Castle repeat ours; unbounded, that goes on until BoringSSL has counted twelve
     * rounds and gives up a connection that was fine. This is inferred from how both libraries answer and from Chromium
     * failing such connections on a busy machine; no trace of the records has been taken.
     */
    private boolean mayLeave(int contentType) {
        if (contentType == DtlsAdmission.CHANGE_CIPHER_SPEC) { // Begins the flight; its Finished follows.
            flightRepeats++;
        }
        boolean isOfFlight = contentType == DtlsAdmission.CHANGE_CIPHER_SPEC || contentType == DtlsAdmission.HANDSHAKE;
        return !isOfFlight || (!peerIsDone && flightRepeats <= FLIGHT_REPEATS_MAX);
    }

    /** The peer has sent application data, so it has our last flight. */
    void onPeerDone() {
        peerIsDone = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Thrown on every datagram, so without the cost of a stack trace. */
    private static final class NothingMore extends InterruptedIOException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
