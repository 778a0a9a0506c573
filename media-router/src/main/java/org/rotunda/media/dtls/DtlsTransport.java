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
import java.util.function.Supplier;
import org.bouncycastle.tls.DTLSRequest;
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
 * The DTLS 1.2 server side of one peer (RFC 6347, RFC 5764). A ClientHello starts the handshake on {@link
 * DtlsHandshakes}. Then the peer's certificate is compared with the fingerprints in its description. Keys and
 * application data (SCTP) are released only after a match.
 *
 * <p>Owned by one event loop. Output is kept until {@link #drainTo}. Results of the handshake thread arrive as tasks on
 * the loop's executor, and the loop drains this transport after each task. This class has no deadlines: the handshake
 * thread has its own clock, and DTLS needs no timer after the handshake.
 */
public final class DtlsTransport {
    /**
     * Receives the events of the transport. The methods are called on the loop, while the transport handles an input.
     */
    public interface Listener {
        /**
         * Called once, when the peer's certificate has matched its description. From now on {@link #send} works, and
         * the keys may be used for SRTP.
         */
        void onKeys(SrtpKeys keys);

        /** Receives the content of one record; the data is borrowed for the call. */
        void onApplicationData(ByteBuf data);

        /**
         * Called at most once, and not after {@link #close}. The keys from {@link #onKeys} stay valid, so media can
         * continue.
         */
        void onClosed(DtlsCloseReason reason);
    }

    /** The phases of an association, in their order. Any phase may be followed by {@link #CLOSED}. */
    public enum Phase {
        /** No ClientHello has started a handshake yet. */
        WAITING,
        /** A handshake runs on a thread of its own. Datagrams are passed to that thread. */
        HANDSHAKE,
        /** The handshake succeeded, but no fingerprint has been compared yet. The keys are held back. */
        UNVERIFIED,
        /** The peer is verified. Keys are given out, and records carry application data. */
        OPEN,
        /** The association has ended, by either side or by a failure. Nothing is read or sent any more. */
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(DtlsTransport.class);

    /**
     * The maximum number of datagrams kept while the peer's fingerprint is unknown. If we made the offer, the
     * fingerprint comes in the client's answer, which may arrive after the handshake.
     */
    static final int HELD_DATAGRAMS_MAX = 16;

    /**
     * The maximum number of datagrams kept for {@link #drainTo}. A flight of the handshake has far fewer, and SCTP
     * sends fewer between two drains.
     */
    static final int OUTPUT_DATAGRAMS_MAX = 1024;

    /** The longest application data in one {@link #send}, in bytes. */
    public static final int APPLICATION_DATA_LENGTH_MAX = 1400;

    // The wait is never used, because RecordDatagrams does not block. Zero would mean an unlimited wait.
    private static final int RECEIVE_WAIT_MILLIS = 1;

    private final DtlsIdentity identity;
    private final DtlsHandshakes handshakes;
    private final Supplier<DtlsHandshakes.@Nullable Origin> origin;
    private final Executor owner;
    private final ByteBufAllocator allocator;
    private final Listener listener;
    private final ArrayDeque<ByteBuf> output = new ArrayDeque<>();
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private final DtlsStatistics drops = new DtlsStatistics();
    private final CipherSpecOrder order = new CipherSpecOrder();
    private final HelloInvitation invitation = new HelloInvitation();
    private final byte[] plain = new byte[DtlsAdmission.DATAGRAM_LENGTH_MAX];
    private final ByteBuf plainView = Unpooled.wrappedBuffer(plain);

    private Phase phase = Phase.WAITING;
    private List<DtlsFingerprint> expected = List.of();
    private DtlsHandshakes.@Nullable Running running;
    private @Nullable RecordDatagrams datagrams;
    private @Nullable Established established;
    private long outputDrops;

    /**
     * Makes a transport whose handshake has no {@link DtlsHandshakes.Origin} and so counts towards no share of the
     * threads.
     */
    public DtlsTransport(
            DtlsIdentity identity,
            DtlsHandshakes handshakes,
            Executor owner,
            ByteBufAllocator allocator,
            Listener listener) {
        this(identity, handshakes, () -> null, owner, allocator, listener);
    }

    /** @param origin returns the origin of a handshake that is about to start */
    public DtlsTransport(
            DtlsIdentity identity,
            DtlsHandshakes handshakes,
            Supplier<DtlsHandshakes.@Nullable Origin> origin,
            Executor owner,
            ByteBufAllocator allocator,
            Listener listener) {
        this.identity = identity;
        this.handshakes = handshakes;
        this.origin = origin;
        this.owner = owner;
        this.allocator = allocator;
        this.listener = listener;
    }

    /** Returns the phase of the association. */
    public Phase phase() {
        return phase;
    }

    /**
     * Sets the fingerprints. The peer's certificate must match one of them. While the list is empty the peer is not
     * verified. The call has no effect once the transport is open.
     */
    public void expectFingerprints(List<DtlsFingerprint> fingerprints) {
        expected = List.copyOf(fingerprints);
        verify();
    }

    /**
     * Asks the client to send its ClientHello again at once, because it has sent the first one elsewhere. Returns false if
     * a handshake has started, or if the client has been asked often enough. The caller must drain.
     */
    public boolean invite() {
        byte[] request = phase == Phase.WAITING && handshakes.mayInvite() ? invitation.unasked() : null;
        if (request != null) {
            enqueue(request, 0, request.length);
        }
        return request != null;
    }

    /**
     * Handles a datagram whose first byte is 20 to 63 (RFC 7983). Its address must have passed an ICE check with
     * message integrity. The datagram is borrowed for the call.
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

    /**
     * Encrypts one record of application data. Returns false if the transport is not open, if the data is too long, or
     * if the record could not be sent. The data is borrowed.
     */
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

    /** Passes all pending datagrams to the transmitter, which takes ownership of them. */
    public void drainTo(Consumer<ByteBuf> transmitter) {
        for (ByteBuf datagram = output.poll(); datagram != null; datagram = output.poll()) {
            transmitter.accept(datagram);
        }
    }

    /**
     * Ends the association. If {@code notify} is true, a close_notify is queued, and the caller must drain once more.
     * If it is false, nothing is sent: a node that hands its clients to another node must not close their associations.
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

    /** Returns whether the peer is verified and the keys have been released. */
    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Returns the number of datagrams dropped for this reason so far. */
    public long drops(DtlsDrop reason) {
        return drops.count(reason);
    }

    /** Adds the counts of dropped datagrams to the map. The keys are the names in metrics. */
    public void addDropsTo(Map<String, Long> byName) {
        drops.addTo(byName);
    }

    /** Returns the number of our own datagrams that were dropped because they were not drained in time. */
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
        if (invitation.isSent()) {
            return startInvited(datagram);
        }
        DtlsHandshakes.Running started = begin(null);
        if (started == null) {
            return DtlsDrop.HANDSHAKES_BUSY;
        }
        return started.offer(copy(datagram)) ? null : DtlsDrop.QUEUE_FULL;
    }

    private @Nullable DtlsDrop startInvited(ByteBuf datagram) {
        if (!HelloInvitation.isInvited(datagram)) {
            // The client sent this before it read our request. It is waiting for a request or a ServerHello.
            byte[] request = invitation.answerTo(datagram);
            enqueue(request, 0, request.length);
            return null;
        }
        DTLSRequest hello = invitation.add(datagram);
        return hello == null || begin(hello) != null ? null : DtlsDrop.HANDSHAKES_BUSY;
    }

    /** @param hello the ClientHello if it has been read already; otherwise the handshake reads it */
    private DtlsHandshakes.@Nullable Running begin(@Nullable DTLSRequest hello) {
        DtlsHandshakes.Running started = handshakes.start(new ServerHandshake(hello), origin.get(), owner);
        if (started != null) {
            running = started;
            phase = Phase.HANDSHAKE;
        }
        return started;
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
     * Processes all records of one datagram. Returns false if no record carried data. The record layer silently skips
     * records that are not authentic (RFC 6347 §4.1.2.7).
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
            // All records of the datagram have been read.
        } catch (TlsFatalAlertReceived e) {
            LOG.info("the peer ended DTLS with an alert: {}", e.toString());
            end(DtlsCloseReason.CLOSED_BY_PEER);
        } catch (IOException e) {
            // Bouncy Castle skips most forged records, and DtlsAdmission should refuse the rest. Therefore only the
            // verified peer should be able to cause this error. An error that the peer causes is logged with an alert
            // as its cause. Any other cause in the log shows that DtlsAdmission let a forged record through.
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
        // A datagram that ended the association, for example a close_notify, is not counted as a drop.
        return read || phase != Phase.OPEN;
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

    /**
     * The handshake of this transport. Only {@link #run} is on another thread, and it touches no mutable field of the
     * transport.
     */
    private final class ServerHandshake implements DtlsHandshakes.Job {
        private final @Nullable DTLSRequest hello;
        private @Nullable RecordDatagrams wire;

        ServerHandshake(@Nullable DTLSRequest hello) {
            this.hello = hello;
        }

        @Override
        public DtlsHandshakeResult run(DatagramTransport blocking, int timeoutMillis) {
            DtlsServer server = new DtlsServer(identity, timeoutMillis);
            RecordDatagrams recordDatagrams = new RecordDatagrams(blocking, DtlsTransport.this::enqueue);
            wire = recordDatagrams; // The loop reads this field later, in onFinished.
            try {
                DTLSTransport records = new DTLSServerProtocol().accept(server, recordDatagrams, hello);
                SrtpKeys keys = server.keys();
                byte[] certificate = server.peerCertificate();
                if (keys == null || certificate == null) {
                    return new Failed(DtlsCloseReason.HANDSHAKE_FAILED);
                }
                return new Established(records, keys, certificate);
            } catch (TlsTimeoutException e) {
                return new Failed(DtlsCloseReason.HANDSHAKE_TIMEOUT);
            } catch (IOException | RuntimeException e) {
                // A fault that a peer provokes ends only the handshake of that peer. Only clients that passed an ICE
                // check can cause this log line, once per handshake, so they cannot flood the log.
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
                return; // The transport was closed meanwhile.
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
