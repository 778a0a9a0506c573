package org.rotunda.media.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams below a peer's DTLS records. A read blocks during the handshake. After the handshake each datagram is
 * processed at once, without waiting.
 */
public final class PeerRecords implements DatagramTransport {
    private static final int RECEIVE_LIMIT = 2048;

    private final byte[] plain = new byte[RECEIVE_LIMIT];
    private @Nullable DatagramTransport handshake;
    private @Nullable DTLSTransport records;
    private @Nullable Consumer<byte[]> out;
    private byte @Nullable [] pending; // The datagram that is being processed.
    private boolean closedByPeer;

    /** @param handshake the transport of the handshake's datagrams; it may block */
    public PeerRecords(DatagramTransport handshake) {
        this.handshake = handshake;
    }

    /** Ends the handshake. From now on datagrams leave through the transmitter. */
    public void open(DTLSTransport association, Consumer<byte[]> transmitter) {
        handshake = null;
        records = association;
        out = transmitter;
    }

    /** Returns whether the router closed the association. */
    public boolean isClosedByPeer() {
        return closedByPeer;
    }

    public void sendApplicationData(byte[] data) {
        DTLSTransport association = records;
        if (association != null && !closedByPeer && data.length > 0) { // Bouncy Castle sends no empty records.
            try {
                association.send(data, 0, data.length);
            } catch (IOException e) {
                throw new IllegalStateException("a record of a peer", e);
            }
        }
    }

    /**
     * Encrypts and sends a record of any content type, for example an alert or a handshake message. The keys are right,
     * but no real client sends such records. The method reaches into Bouncy Castle's record layer, because its
     * interface offers only application data.
     */
    public void sendRecord(int contentType, byte[] plain) {
        DTLSTransport association = records;
        if (association == null || closedByPeer || plain.length == 0) {
            return;
        }
        try {
            Field field = DTLSTransport.class.getDeclaredField("recordLayer");
            field.setAccessible(true);
            Object layer = field.get(association);
            Method send =
                    layer.getClass().getDeclaredMethod("sendRecord", short.class, byte[].class, int.class, int.class);
            send.setAccessible(true);
            send.invoke(layer, (short) contentType, plain, 0, plain.length);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("another Bouncy Castle than this was written for", e);
        }
    }

    public void onDatagram(byte[] datagram, Consumer<byte[]> applicationData) {
        DTLSTransport association = records;
        if (association == null || closedByPeer) {
            return;
        }
        pending = datagram;
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
            // All records of the datagram have been read.
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
        DatagramTransport blocking = handshake;
        if (blocking != null) {
            return blocking.receive(buffer, offset, length, waitMillis);
        }
        byte[] datagram = pending;
        pending = null;
        if (datagram == null) {
            throw new InterruptedIOException("nothing more");
        }
        int count = Math.min(length, datagram.length);
        System.arraycopy(datagram, 0, buffer, offset, count);
        return count;
    }

    @Override
    public void send(byte[] buffer, int offset, int length) throws IOException {
        DatagramTransport blocking = handshake;
        Consumer<byte[]> transmitter = out;
        if (blocking != null) {
            blocking.send(buffer, offset, length);
        } else if (transmitter != null) {
            transmitter.accept(Arrays.copyOfRange(buffer, offset, offset + length));
        }
    }

    @Override
    public void close() {
        closedByPeer = true; // The record layer closes its transport after a close_notify of the router.
    }
}
