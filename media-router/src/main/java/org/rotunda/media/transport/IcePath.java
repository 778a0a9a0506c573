package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.ice.IceLiteAgent;
import org.rotunda.media.stun.IceCredentials;

/**
 * The network path between one transport and its client: answers the client's checks, has its datagrams delivered to
 * this transport, and knows the one address that everything is sent to. Owned by one event loop.
 */
final class IcePath {
    /** Hears which ufrags and addresses are this transport's, and whether the client can be sent to. */
    interface Listener {
        void ufragAdded(String ufrag);

        void ufragRetired(String ufrag);

        void addressValidated(InetSocketAddress remote);

        void addressExpired(InetSocketAddress remote);

        /** The client nominated another address. */
        void selectedAddressChanged();

        void consentLost();
    }

    private final Listener listener;
    private final IceLiteAgent ice;
    private final Events events = new Events();
    private final ArrayDeque<ByteBuf> answers = new ArrayDeque<>(); // Each goes to the address its check came from.
    private final ArrayDeque<InetSocketAddress> answerRemotes = new ArrayDeque<>();
    private @Nullable InetSocketAddress dtlsRemote; // The client's latest DTLS came from it; null once it expired.

    IcePath(TransportEnvironment environment, IceCredentials credentials, Listener listener) {
        this.listener = listener;
        this.ice = new IceLiteAgent(environment.allocator(), credentials);
    }

    /** Has checks with our ufrag delivered to this transport. */
    void open() {
        listener.ufragAdded(ice.local().ufrag());
    }

    void close() {
        listener.ufragRetired(ice.local().ufrag());
    }

    /** Takes over the client's ufrag from its description, and our credentials, which are new after an ICE restart. */
    void negotiated(String remoteUfrag, IceCredentials local) {
        ice.setRemoteUfrag(remoteUfrag);
        if (!ice.local().ufrag().equals(local.ufrag())) {
            ice.restart(local, events);
            listener.ufragAdded(local.ufrag());
        }
    }

    /** A STUN datagram for one of our ufrags; borrowed for the call. */
    void onStun(ByteBuf datagram, InetSocketAddress source, long nowNanos) {
        ice.onBindingRequest(datagram, source, nowNanos, events);
    }

    /** The client's DTLS came from this validated address. */
    void onDtlsFrom(InetSocketAddress source) {
        dtlsRemote = source;
    }

    /** Returns whether an authentic check came from that address within 30 s. */
    boolean isValidated(InetSocketAddress source, long nowNanos) {
        return ice.isValidated(source, nowNanos);
    }

    /**
     * The address that everything is sent to. Before the client has nominated one it is the address that its DTLS came
     * from, because a client that begins DTLS uses that pair: Chromium nominates 20 ms to 2.5 s later, and during a
     * move there would be no video for that time. Departs from RFC 8445 §12.1.2 for the address only: it has passed an
     * authentic check within 30 s like a nominated one.
     */
    @Nullable
    InetSocketAddress destination() {
        InetSocketAddress selected = ice.selectedAddress();
        return selected != null ? selected : dtlsRemote;
    }

    RouterRoomView.IceState state() {
        if (ice.selectedAddress() != null) {
            return RouterRoomView.IceState.NOMINATED;
        }
        return ice.checks() > 0 ? RouterRoomView.IceState.CHECKED : RouterRoomView.IceState.NEW;
    }

    void onTimeout(long nowNanos) {
        ice.onTimeout(nowNanos, events);
    }

    long nextDeadlineNanos() {
        return ice.nextDeadlineNanos();
    }

    /** Hands over the answers to checks. */
    void drainTo(DatagramSink sink) {
        ByteBuf answer;
        while ((answer = answers.poll()) != null) {
            sink.send(answer, answerRemotes.remove());
        }
    }

    void release() {
        answers.forEach(ByteBuf::release);
        answers.clear();
        answerRemotes.clear();
    }

    void addDropsTo(Map<String, Long> byName) {
        ice.addDropsTo(byName);
    }

    private final class Events implements IceLiteAgent.Sink {
        @Override
        public void transmit(ByteBuf datagram, InetSocketAddress remote) {
            answers.add(datagram);
            answerRemotes.add(remote);
        }

        @Override
        public void addressValidated(InetSocketAddress remote) {
            listener.addressValidated(remote);
        }

        @Override
        public void addressExpired(InetSocketAddress remote) {
            listener.addressExpired(remote);
            if (remote.equals(dtlsRemote)) {
                dtlsRemote = null; // Consent is for DTLS too (RFC 7675 §5.1).
            }
        }

        @Override
        public void selectedAddressChanged(InetSocketAddress remote) {
            listener.selectedAddressChanged(); // The address itself is read from the agent with every drain.
        }

        @Override
        public void credentialsRetired(String localUfrag) {
            listener.ufragRetired(localUfrag);
        }

        @Override
        public void consentLost() {
            listener.consentLost();
        }
    }
}
