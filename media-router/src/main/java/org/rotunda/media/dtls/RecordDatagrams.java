package org.rotunda.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams below Bouncy Castle's record layer. During the handshake all calls go to the blocking transport of the
 * handshake thread. After the handshake the loop owns this object. From then on this object holds only the datagram
 * being processed, and never waits.
 */
final class RecordDatagrams implements DatagramTransport {
    /** The longest datagram of a handshake flight, in bytes. Datagrams of 1,200 bytes pass every path. */
    static final int HANDSHAKE_MTU = 1200;

    /**
     * The maximum number of times that our last flight is sent again after the handshake. It is below twelve, because
     * BoringSSL gives up a connection after twelve rounds of repeated flights.
     */
    static final int FLIGHT_REPEATS_MAX = 4;

    /** Receives our datagrams; the array is borrowed for the call. */
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

    /** Sets the datagram that the record layer reads next. */
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
     * Returns the length of the longest datagram that the record layer can read, in bytes. After the handshake this is
     * always {@link DtlsAdmission#DATAGRAM_LENGTH_MAX}. The record layer allocates a buffer of this length, and every
     * datagram must fit, even a datagram left over from the handshake.
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
     * Reads the pending datagram. After the handshake this method throws if there is no datagram, because a negative
     * result would make the record layer poll for a millisecond.
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
     * Returns whether a record may be sent. The repeats of our last flight are limited in number, and stop when the
     * peer has the flight. Without this limit our repeated Finished would make BoringSSL repeat its own flight, and its
     * flight would make Bouncy Castle repeat ours. After twelve rounds BoringSSL would give up a working connection.
     */
    private boolean mayLeave(int contentType) {
        // A ChangeCipherSpec begins the flight.
        if (contentType == DtlsAdmission.CHANGE_CIPHER_SPEC) {
            flightRepeats++;
        }
        boolean isOfFlight = contentType == DtlsAdmission.CHANGE_CIPHER_SPEC || contentType == DtlsAdmission.HANDSHAKE;
        return !isOfFlight || (!peerIsDone && flightRepeats <= FLIGHT_REPEATS_MAX);
    }

    /** Notes that the peer has our last flight, because it has sent application data. */
    void onPeerDone() {
        peerIsDone = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    /**
     * Means that no datagram is pending. Any datagram without application data can cause this exception, so it omits
     * the expensive stack trace.
     */
    private static final class NothingMore extends InterruptedIOException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
