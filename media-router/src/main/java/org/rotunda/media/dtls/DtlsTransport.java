package org.rotunda.media.dtls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.dtls.DtlsHandshakeResult.Established;
import org.rotunda.media.dtls.DtlsHandshakeResult.Failed;
import org.rotunda.media.srtp.SrtpKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DTLS 1.2 server side of one peer (RFC 6347, RFC 5764): a ClientHello starts the handshake on {@link DtlsHandshakes},
 * the peer's certificate is checked against the fingerprints of its description, and only then keys and application data
 * (SCTP) are released.
 *
 * <p>Owned by one event loop. Output is kept until {@link #drainTo}; results of the handshake thread arrive as tasks of
 * the owner's executor, so that executor drains after each task, as after any input. There are no deadlines here: the
 * handshake's clock runs on its thread, and afterwards DTLS has none.
 */
public final class DtlsTransport {
    /** Hears what the transport has to say; always on the loop, at the end of an input. */
    public interface Listener {
        /** Once: the peer is who its description says, SRTP may start and {@link #send} works. */
        void onKeys(SrtpKeys keys);

        /** A record's content; borrowed for the call. */
        void onApplicationData(ByteBuf data);

        /** At most once, and not for {@link #close}. Keys given out before stay valid: only ICE ends the media. */
        void onClosed(DtlsCloseReason reason);
    }

    /** The phases of an association, in their order; {@link #CLOSED} may follow any other. */
    public enum Phase {
        /** No ClientHello has started a handshake, or the last one failed and the next may. */
        WAITING,
        /** A handshake runs on a thread of its own, which is fed with datagrams. */
        HANDSHAKE,
        /** The handshake succeeded, but no expected fingerprint matches the peer's certificate yet: keys are held back. */
        UNVERIFIED,
        /** The peer is verified: keys are given out, records carry application data. */
        OPEN,
        /** The association has ended, by either side or by a failure. Nothing is read or sent any more. */
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(DtlsTransport.class);

    /** Datagrams kept while the peer's fingerprint is not known yet: a ClientHello can outrun the answer. */
    static final int HELD_DATAGRAMS_MAX = 16;

    /** Datagrams kept for {@link #drainTo}; more than a flight, and more than SCTP sends between two drains. */
    static final int OUTPUT_DATAGRAMS_MAX = 1024;

    /** Longest application data in one {@link #send}, in bytes. */
    public static final int APPLICATION_DATA_LENGTH_MAX = 1400;

    private static final int RECEIVE_WAIT_MILLIS = 1; // Never waited for, see RecordDatagrams; 0 would mean for ever.

    private final DtlsIdentity identity;
    private final DtlsHandshakes handshakes;
    private final Executor owner;
    private final ByteBufAllocator allocator;
    private final Listener listener;
    private final ArrayDeque<ByteBuf> output = new ArrayDeque<>();
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private final DtlsStatistics drops = new DtlsStatistics();
    private final CipherSpecOrder order = new CipherSpecOrder();
    private final byte[] plain = new byte[DtlsAdmission.DATAGRAM_LENGTH_MAX];
    private final ByteBuf plainView = Unpooled.wrappedBuffer(plain);

    private Phase phase = Phase.WAITING;
    private List<DtlsFingerprint> expected = List.of();
    private DtlsHandshakes.@Nullable Running running;
    private @Nullable RecordDatagrams datagrams;
    private @Nullable Established established;
    private long outputDrops;

    public DtlsTransport(
            DtlsIdentity identity,
            DtlsHandshakes handshakes,
            Executor owner,
            ByteBufAllocator allocator,
            Listener listener) {
        this.identity = identity;
        this.handshakes = handshakes;
        this.owner = owner;
        this.allocator = allocator;
        this.listener = listener;
    }

    /** The phase of the association. */
    public Phase phase() {
        return phase;
    }

    /**
     * Says who the peer must be: any one of these certificates. An empty list trusts nobody and keeps waiting. May be called
     * before, during or after the handshake; once the transport is open the association is settled and this has no effect.
     */
    public void expectFingerprints(List<DtlsFingerprint> fingerprints) {
        expected = List.copyOf(fingerprints);
        verify();
    }

    /**
     * A datagram whose first byte is 20 to 63 (RFC 7983), from an address that passed an ICE check with message integrity.
     * Borrowed for the call.
     */
    public void onDatagram(ByteBuf datagram) {
        DtlsDrop refusal = DtlsAdmission.refusalOf(datagram, hasKeys());
        if (refusal == null) {
            refusal = isHandshaking() && !order.admits(datagram) ? DtlsDrop.OUT_OF_ORDER : admit(datagram);
        }
        if (refusal != null) {
            drops.increment(refusal);
        }
    }

    private boolean isHandshaking() {
        return phase == Phase.WAITING || phase == Phase.HANDSHAKE;
    }

    private @Nullable DtlsDrop admit(ByteBuf datagram) {
        return switch (phase) {
            case WAITING -> start(datagram);
            case HANDSHAKE -> {
                DtlsHandshakes.Running handshake = running;
                yield handshake == null || handshake.offer(copy(datagram)) ? null : DtlsDrop.QUEUE_FULL;
            }
            case UNVERIFIED -> hold(copy(datagram)) ? null : DtlsDrop.QUEUE_FULL;
            case OPEN -> process(copy(datagram)) ? null : DtlsDrop.NOTHING_READ;
            case CLOSED -> DtlsDrop.CLOSED;
        };
    }

    private boolean hold(byte[] datagram) {
        return held.size() < HELD_DATAGRAMS_MAX && held.add(datagram);
    }

    /** Encrypts one record of application data; false if the transport is not open or the data too long. Borrowed. */
    public boolean send(ByteBuf data) {
        Established association = established;
        int length = data.readableBytes();
        if (phase != Phase.OPEN || association == null || length > APPLICATION_DATA_LENGTH_MAX) {
            return false;
        }
        byte[] bytes = copy(data);
        try {
            association.records().send(bytes, 0, length);
            return true;
        } catch (IOException e) {
            end(DtlsCloseReason.RECORD_FAILURE);
            return false;
        }
    }

    /** Hands over all datagrams to be sent, with ownership. */
    public void drainTo(Consumer<ByteBuf> transmitter) {
        for (ByteBuf datagram = output.poll(); datagram != null; datagram = output.poll()) {
            transmitter.accept(datagram);
        }
    }

    /**
     * Ends the association. With {@code notify} the peer is told (drain once more afterwards). Without, nothing is sent: a
     * node that hands its clients to another must not close them.
     */
    public void close(boolean notify) {
        boolean live = phase == Phase.OPEN || phase == Phase.UNVERIFIED;
        phase = Phase.CLOSED;
        held.clear();
        DtlsHandshakes.Running handshake = running;
        if (handshake != null) {
            handshake.cancel();
            running = null;
        }
        if (!notify) {
            releaseOutput();
        }
        Established association = established;
        if (notify && live && association != null) {
            closeRecords(association.records());
        }
        established = null;
        datagrams = null;
    }

    /** Whether keys have been released. */
    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Datagrams dropped for this reason so far. */
    public long drops(DtlsDrop reason) {
        return drops.count(reason);
    }

    /** Adds the counts to a map by the names that metrics use. */
    public void addDropsTo(Map<String, Long> byName) {
        drops.addTo(byName);
    }

    /** Datagrams of ours dropped because nobody drained. */
    public long outputDrops() {
        return outputDrops;
    }

    private boolean hasKeys() {
        return phase == Phase.OPEN || phase == Phase.UNVERIFIED;
    }

    private @Nullable DtlsDrop start(ByteBuf datagram) {
        if (!DtlsAdmission.startsWithClientHello(datagram)) {
            return DtlsDrop.NOT_A_CLIENT_HELLO;
        }
        DtlsHandshakes.Running started = handshakes.start(new ServerHandshake(), owner);
        if (started == null) {
            return DtlsDrop.HANDSHAKES_BUSY;
        }
        running = started;
        phase = Phase.HANDSHAKE;
        return started.offer(copy(datagram)) ? null : DtlsDrop.QUEUE_FULL;
    }

    private void verify() {
        Established association = established;
        if (phase != Phase.UNVERIFIED || association == null || expected.isEmpty()) {
            return;
        }
        boolean known = false;
        for (DtlsFingerprint fingerprint : expected) {
            known |= fingerprint.matches(association.peerCertificate());
        }
        if (!known) {
            closeRecords(association.records());
            end(DtlsCloseReason.FINGERPRINT_MISMATCH);
            return;
        }
        phase = Phase.OPEN;
        listener.onKeys(association.keys());
        for (byte[] datagram = held.poll(); datagram != null && phase == Phase.OPEN; datagram = held.poll()) {
            if (!process(datagram)) {
                drops.increment(DtlsDrop.NOTHING_READ);
            }
        }
    }

    /**
     * All records of one datagram, which is on the wire in the record layer's eyes. False if none carried data: the record layer
     * passes over what is not authentic without a word (RFC 6347 §4.1.2.7).
     */
    private boolean process(byte[] datagram) {
        Established association = established;
        RecordDatagrams wire = datagrams;
        if (association == null || wire == null) {
            throw new IllegalStateException("no records in phase " + phase);
        }
        DTLSTransport records = association.records();
        wire.load(datagram);
        boolean read = false;
        try {
            int length = records.receive(plain, 0, plain.length, RECEIVE_WAIT_MILLIS);
            while (length >= 0 && phase == Phase.OPEN) {
                read = true;
                deliver(length);
                length = records.receivePending(plain, 0, plain.length);
            }
        } catch (InterruptedIOException nothingMore) {
            // The usual end: this datagram is used up.
        } catch (TlsFatalAlertReceived e) {
            LOG.info("the peer ended DTLS with an alert: {}", e.toString());
            end(DtlsCloseReason.CLOSED_BY_PEER);
        } catch (IOException e) {
            // The peer's fault if admission refuses all that a stranger can forge and Bouncy Castle does not pass over;
            // a cause that is no alert says what it has to learn.
            LOG.info(
                    "a DTLS record could not be processed: {}, caused by {}",
                    e.toString(),
                    String.valueOf(e.getCause()));
            LOG.debug("where", e);
            end(DtlsCloseReason.RECORD_FAILURE);
        }
        if (phase == Phase.OPEN && wire.isClosed()) {
            end(DtlsCloseReason.CLOSED_BY_PEER);
        }
        return read || phase != Phase.OPEN; // A goodbye carries no data and is no drop.
    }

    private void deliver(int length) {
        if (datagrams != null) {
            datagrams.onPeerDone();
        }
        if (length > 0) {
            listener.onApplicationData(plainView.setIndex(0, length));
        }
    }

    private void end(DtlsCloseReason reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        running = null;
        established = null;
        datagrams = null;
        held.clear();
        listener.onClosed(reason);
    }

    private static void closeRecords(DTLSTransport records) {
        try {
            records.close();
        } catch (IOException e) {
            throw new IllegalStateException("the output queue does not fail", e);
        }
    }

    private void enqueue(byte[] bytes, int offset, int length) {
        if (output.size() >= OUTPUT_DATAGRAMS_MAX) {
            outputDrops++;
            return;
        }
        output.add(allocator.buffer(length).writeBytes(bytes, offset, length));
    }

    private void releaseOutput() {
        for (ByteBuf datagram = output.poll(); datagram != null; datagram = output.poll()) {
            datagram.release();
        }
    }

    private static byte[] copy(ByteBuf datagram) {
        byte[] bytes = new byte[datagram.readableBytes()];
        datagram.getBytes(datagram.readerIndex(), bytes);
        return bytes;
    }

    /** The handshake of this transport; only {@link #run} is on another thread, and touches nothing of the transport's. */
    private final class ServerHandshake implements DtlsHandshakes.Job {
        private @Nullable RecordDatagrams wire;

        @Override
        public DtlsHandshakeResult run(DatagramTransport blocking, int timeoutMillis) {
            DtlsServer server = new DtlsServer(identity, timeoutMillis);
            RecordDatagrams recordDatagrams = new RecordDatagrams(blocking, DtlsTransport.this::enqueue);
            wire = recordDatagrams; // Seen by the loop in onFinished, a later task.
            try {
                DTLSTransport records = new DTLSServerProtocol().accept(server, recordDatagrams);
                SrtpKeys keys = server.keys();
                byte[] certificate = server.peerCertificate();
                if (keys == null || certificate == null) {
                    return new Failed(DtlsCloseReason.HANDSHAKE_FAILED);
                }
                return new Established(records, keys, certificate);
            } catch (TlsTimeoutException e) {
                return new Failed(DtlsCloseReason.HANDSHAKE_TIMEOUT);
            } catch (IOException | RuntimeException e) { // Whatever a peer provokes ends its handshake and no more.
                // One line for each handshake of a client that passed an ICE check: it cannot flood the log. No trace:
                // the fault is
                // the peer's, and the alert (or what the record layer could not read) is in the message.
                LOG.info("a DTLS handshake failed: {}", e.toString());
                return new Failed(DtlsCloseReason.HANDSHAKE_FAILED);
            }
        }

        @Override
        public void onOutput(byte[] datagram) {
            if (phase == Phase.HANDSHAKE) {
                enqueue(datagram, 0, datagram.length);
            }
        }

        @Override
        public void onFinished(DtlsHandshakeResult result, List<byte[]> unread) {
            if (phase != Phase.HANDSHAKE) {
                return; // Closed meanwhile.
            }
            running = null;
            RecordDatagrams recordDatagrams = wire;
            if (result instanceof Established association && recordDatagrams != null) {
                recordDatagrams.handOver();
                datagrams = recordDatagrams;
                established = association;
                phase = Phase.UNVERIFIED;
                for (byte[] datagram : unread) {
                    if (!hold(datagram)) {
                        drops.increment(DtlsDrop.QUEUE_FULL);
                    }
                }
                verify();
            } else {
                end(result instanceof Failed failed ? failed.reason() : DtlsCloseReason.HANDSHAKE_FAILED);
            }
        }
    }
}
