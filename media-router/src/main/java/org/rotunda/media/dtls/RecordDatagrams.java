package org.rotunda.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams below Bouncy Castle's record layer. During the handshake this object passes calls on to the blocking
 * transport of the handshake thread. Afterwards it belongs to the loop, holds the one datagram being processed, and
 * never waits.
 */
final class RecordDatagrams implements DatagramTransport {
    /** The longest datagram of a handshake flight, in bytes. Datagrams of 1,200 bytes pass every path. */
    static final int HANDSHAKE_MTU = 1200;

    /**
     * The most repeats of our last flight; this number of flights may be lost in a row. The number is far below the
     * twelve rounds after which BoringSSL gives up.
     */
    static final int FLIGHT_REPEATS_MAX = 4;

    /** Receives our datagrams; the array is only lent. */
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

    /** Ends the handshake: from now on the loop owns this object. */
    void handOver() {
        handshake = null;
    }

    /** Sets the datagram that is received next. */
    void load(byte[] datagram) {
        pending = datagram;
    }

    /** Stops all output. */
    void mute() {
        muted = true;
    }

    /** Returns whether the record layer has ended the connection. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Returns the same limit whatever datagram is pending. The record layer may still hold records of a handshake
     * datagram, for example of a repeated flight. It allocates a buffer of this size and fails the connection when they
     * do not fit.
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

    /**
     * Reads the pending datagram. On the loop this method throws when there is none: a negative result would make the
     * record layer poll for a millisecond.
     */
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
     * Returns whether a record may leave. Repeats of our last flight are limited in number and end when the peer has
     * our flight: a repeated Finished makes BoringSSL repeat its own flight, which makes Bouncy Castle repeat ours.
     * Without a limit the two sides go on until BoringSSL has counted twelve rounds and gives up a working connection.
     * This is inferred from how both libraries answer and from Chromium failing such connections on a busy machine; the
     * records were not traced.
     */
    private boolean mayLeave(int contentType) {
        // A ChangeCipherSpec begins the flight; the Finished follows it.
        if (contentType == DtlsAdmission.CHANGE_CIPHER_SPEC) {
            flightRepeats++;
        }
        boolean isOfFlight = contentType == DtlsAdmission.CHANGE_CIPHER_SPEC || contentType == DtlsAdmission.HANDSHAKE;
        return !isOfFlight || (!peerIsDone && flightRepeats <= FLIGHT_REPEATS_MAX);
    }

    /** Notes that the peer has sent application data, so it has our last flight. */
    void onPeerDone() {
        peerIsDone = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    /**
     * Says that no datagram is pending. It is thrown for every datagram and so has no stack trace, which would be
     * expensive.
     */
    private static final class NothingMore extends InterruptedIOException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
