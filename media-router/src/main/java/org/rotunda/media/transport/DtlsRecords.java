package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.dtls.DtlsFingerprint;
import org.rotunda.media.dtls.DtlsTransport;

/**
 * The DTLS side of one transport, beside {@link SrtpStreams}: the handshake, and after it the data channels' packets as
 * records. Without an address to send to, its datagrams are dropped and counted. Owned by one event loop.
 */
final class DtlsRecords {
    private final TransportEnvironment environment;
    private final Supplier<@Nullable InetSocketAddress> destination;
    private final DtlsTransport dtls;
    private final Consumer<ByteBuf> fromSctp = this::protect; // Made once, because every drain uses them.
    private final Consumer<ByteBuf> fromDtls = this::onRecord;
    private @Nullable DatagramSink draining;

    /** @param onOutput called on the loop when a handshake thread may have left something to drain */
    DtlsRecords(
            TransportEnvironment environment,
            Supplier<@Nullable InetSocketAddress> destination,
            Runnable onOutput,
            DtlsTransport.Listener listener) {
        this.environment = environment;
        this.destination = destination;
        this.dtls = new DtlsTransport(
                environment.identity(),
                environment.handshakes(),
                task -> environment.owner().execute(() -> {
                    task.run();
                    onOutput.run();
                }),
                environment.allocator(),
                listener);
    }

    /**
     * Sets the fingerprints of which the client's certificate must have one (RFC 8122 §5): values of {@code
     * a=fingerprint}, also of unknown hash functions.
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

    /** A datagram from a validated address; borrowed for the call. */
    void onDatagram(ByteBuf datagram) {
        dtls.onDatagram(datagram);
    }

    /** Takes SCTP packets and owns them; they leave with the next drain. */
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

    /** Releases the datagrams that the last drain did not take. */
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
            datagram.release(); // The transport has ended: no drain takes the datagram.
            return;
        }
        InetSocketAddress remote = destination.get();
        if (remote == null) {
            datagram.release();
            environment.drops().count(TransportDrop.NO_CONSENT);
        } else {
            sink.send(datagram, remote);
        }
    }
}
