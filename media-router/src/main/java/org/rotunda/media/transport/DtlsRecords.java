package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.dtls.DtlsFingerprint;
import org.rotunda.media.dtls.DtlsHandshakes;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.dtls.DtlsTransport;

/**
 * The DTLS side of one transport; {@link SrtpStreams} is the SRTP side. Performs the handshake, and then carries SCTP
 * packets in DTLS records. Datagrams are dropped and counted while there is no address to send them to. Owned by one
 * event loop.
 */
final class DtlsRecords {
    private final TransportEnvironment environment;
    private final Supplier<@Nullable SocketAddress> destination;
    private final DtlsTransport dtls;
    // These consumers are created once, because every call of drainTo uses them.
    private final Consumer<ByteBuf> fromSctp = this::protect;
    private final Consumer<ByteBuf> fromDtls = this::onRecord;
    private @Nullable DatagramSink draining;

    /**
     * @param identity our certificate, whose fingerprint our descriptions name
     * @param origin returns the origin of the next handshake: the client's address and room, which each get only a
     *     share of the handshake threads; null if the handshake counts towards no share
     * @param onOutput called on the loop when a handshake thread may have produced datagrams
     */
    DtlsRecords(
            TransportEnvironment environment,
            DtlsIdentity identity,
            Supplier<@Nullable SocketAddress> destination,
            Supplier<DtlsHandshakes.@Nullable Origin> origin,
            Runnable onOutput,
            DtlsTransport.Listener listener) {
        this.environment = environment;
        this.destination = destination;
        this.dtls = new DtlsTransport(
                identity,
                environment.handshakes(),
                origin,
                task -> environment.owner().execute(() -> {
                    task.run();
                    onOutput.run();
                }),
                environment.allocator(),
                listener);
    }

    /**
     * Sets the accepted fingerprints: the client's certificate must match one of them (RFC 8122 §5).
     *
     * @param values values of {@code a=fingerprint}; values with an unknown hash function are ignored
     */
    void expectFingerprints(List<String> values) {
        List<DtlsFingerprint> fingerprints = new ArrayList<>();
        for (String value : values) {
            DtlsFingerprint fingerprint = DtlsFingerprint.parse(value);
            if (fingerprint != null) {
                fingerprints.add(fingerprint);
            }
        }
        dtls.expectFingerprints(fingerprints);
    }

    /** Asks the client to send its ClientHello again at once. Returns false if that is of no use any more. */
    boolean invite() {
        return dtls.invite();
    }

    /** Returns whether no ClientHello of the client has started a handshake yet. */
    boolean isWaiting() {
        return dtls.phase() == DtlsTransport.Phase.WAITING;
    }

    /** Takes a datagram from a validated address. The datagram is borrowed for the call. */
    void onDatagram(ByteBuf datagram) {
        dtls.onDatagram(datagram);
    }

    /**
     * Returns the consumer of SCTP packets. It takes ownership of each packet. The packet leaves with the next {@link
     * #drainTo}.
     */
    Consumer<ByteBuf> fromSctp() {
        return fromSctp;
    }

    RouterRoomView.DtlsState state() {
        return switch (dtls.phase()) {
            case WAITING -> RouterRoomView.DtlsState.WAITING;
            case HANDSHAKE -> RouterRoomView.DtlsState.HANDSHAKE;
            case UNVERIFIED -> RouterRoomView.DtlsState.UNVERIFIED;
            case OPEN -> RouterRoomView.DtlsState.OPEN;
            case CLOSED -> RouterRoomView.DtlsState.CLOSED;
        };
    }

    void drainTo(DatagramSink sink) {
        draining = sink;
        dtls.drainTo(fromDtls);
        draining = null;
    }

    void close(boolean notifyPeer) {
        dtls.close(notifyPeer);
    }

    /** Releases the datagrams that are still queued. */
    void release() {
        dtls.drainTo(fromDtls);
    }

    void addDropsTo(Map<String, Long> byName) {
        dtls.addDropsTo(byName);
    }

    private void protect(ByteBuf packet) {
        dtls.send(packet);
        packet.release();
    }

    private void onRecord(ByteBuf datagram) {
        DatagramSink sink = draining;
        if (sink == null) {
            datagram.release(); // The transport has ended, so the datagram cannot be sent.
            return;
        }
        SocketAddress remote = destination.get();
        if (remote == null) {
            datagram.release();
            environment.drops().count(TransportDrop.NO_CONSENT);
        } else {
            sink.send(datagram, remote);
        }
    }
}
