package org.rotunda.media.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/** A simulated peer's DTLS records: blocking during the handshake, afterwards one datagram at a time and never waiting. */
final class PeerRecords implements DatagramTransport {
    private static final int RECEIVE_LIMIT = 2048;

    private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(256);
    private final byte[] plain = new byte[RECEIVE_LIMIT];
    private InlineHandshakes.@Nullable Pipe handshake;
    private @Nullable DTLSTransport records;
    private @Nullable Consumer<byte[]> out;
    private boolean closedByPeer;

    PeerRecords(InlineHandshakes.Pipe server) {
        this.handshake = server;
    }

    BlockingQueue<byte[]> inbox() {
        return inbox;
    }

    /** The handshake is over: datagrams leave this way from now on. */
    void open(DTLSTransport association, Consumer<byte[]> transmitter) {
        handshake = null;
        inbox.clear();
        records = association;
        out = transmitter;
    }

    /** Whether the router said goodbye. */
    boolean isClosedByPeer() {
        return closedByPeer;
    }

    void sendApplicationData(byte[] data) {
        DTLSTransport association = records;
        if (association != null && !closedByPeer && data.length > 0) { // Bouncy Castle sends no empty records.
            try {
                association.send(data, 0, data.length);
            } catch (IOException e) {
                throw new IllegalStateException("a record of a simulated peer", e);
            }
        }
    }

    void onDatagram(byte[] datagram, Consumer<byte[]> applicationData) {
        DTLSTransport association = records;
        if (association == null || closedByPeer) {
            return;
        }
        inbox.add(datagram);
        try {
            int length = association.receive(plain, 0, plain.length, 1);
            while (length >= 0) {
                byte[] data = new byte[length];
                System.arraycopy(plain, 0, data, 0, length);
                applicationData.accept(data);
                length = association.receivePending(plain, 0, plain.length);
            }
        } catch (TlsFatalAlertReceived e) {
            closedByPeer = true;
        } catch (InterruptedIOException nothingMore) {
            // The usual end: the datagram is used up.
        } catch (IOException e) {
            throw new IllegalStateException("records of the router", e);
        }
    }

    @Override
    public int getReceiveLimit() {
        return RECEIVE_LIMIT;
    }

    @Override
    public int getSendLimit() {
        return 1400;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        if (handshake != null) {
            return InlineHandshakes.take(inbox, buffer, offset, length, waitMillis);
        }
        byte[] datagram = inbox.poll();
        if (datagram == null) {
            throw new InterruptedIOException("nothing more");
        }
        int count = Math.min(length, datagram.length);
        System.arraycopy(datagram, 0, buffer, offset, count);
        return count;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
        InlineHandshakes.Pipe server = handshake;
        byte[] datagram = new byte[length];
        System.arraycopy(buffer, offset, datagram, 0, length);
        Consumer<byte[]> transmitter = out;
        if (server != null) {
            server.inbox.add(datagram);
        } else if (transmitter != null) {
            transmitter.accept(datagram);
        }
    }

    @Override
    public void close() {
        closedByPeer = true; // The record layer closes its transport when the other side says goodbye.
    }
}
