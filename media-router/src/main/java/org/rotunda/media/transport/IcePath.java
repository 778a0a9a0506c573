package org.rotunda.media.transport;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.RouterRoomView;
import org.rotunda.media.ice.IceLiteAgent;
import org.rotunda.media.stun.IceCredentials;

/**
 * The network path between one transport and its client. Answers the client's connectivity checks, announces the ufrags
 * and addresses of this transport, and knows the one address that everything is sent to. Owned by one event loop.
 */
final class IcePath {
    /** Learns which ufrags and addresses belong to this transport, and whether we may send to the client. */
    interface Listener {
        void ufragAdded(String ufrag);

        void ufragRetired(String ufrag);

        void addressValidated(SocketAddress remote);

        void addressExpired(SocketAddress remote);

        /** Called when the client has nominated another address. */
        void selectedAddressChanged();

        void consentLost();
    }

    private final Listener listener;
    private final IceLiteAgent ice;
    private final Events events = new Events();
    private final ArrayDeque<ByteBuf> answers = new ArrayDeque<>();
    // The destination addresses of the answers, in the order of "answers".
    private final ArrayDeque<SocketAddress> answerRemotes = new ArrayDeque<>();
    // The source of the client's latest DTLS datagram; null before the first datagram and after the address has
    // expired.
    private @Nullable SocketAddress dtlsRemote;

    IcePath(TransportEnvironment environment, IceCredentials credentials, Listener listener) {
        this.listener = listener;
        this.ice = new IceLiteAgent(environment.allocator(), credentials);
    }

    /** Registers our ufrag, so that checks with it are delivered to this transport. */
    void open() {
        listener.ufragAdded(ice.local().ufrag());
    }

    void close() {
        listener.ufragRetired(ice.local().ufrag());
    }

    /**
     * Stores the client's ufrag and our credentials. If our ufrag has changed, restarts ICE with the new credentials.
     */
    void negotiated(String remoteUfrag, IceCredentials local) {
        ice.setRemoteUfrag(remoteUfrag);
        if (!ice.local().ufrag().equals(local.ufrag())) {
            ice.restart(local, events);
            listener.ufragAdded(local.ufrag());
        }
    }

    /** Takes a STUN datagram for one of our ufrags. The datagram is borrowed for the call. */
    void onStun(ByteBuf datagram, SocketAddress source, long nowNanos) {
        ice.onBindingRequest(datagram, source, nowNanos, events);
    }

    /** Takes the end of a TCP connection. Nothing is sent there any more. */
    void onClosed(SocketAddress remote) {
        ice.onClosed(remote, events);
    }

    /** Notes the validated address that the client's latest DTLS datagram came from. */
    void onDtlsFrom(SocketAddress source) {
        dtlsRemote = source;
    }

    /** Returns the source of the client's latest DTLS datagram, or null if there is none or its consent has expired. */
    @Nullable
    SocketAddress dtlsRemote() {
        return dtlsRemote;
    }

    /** Returns whether an authentic check came from this address within the last 30 s. */
    boolean isValidated(SocketAddress source, long nowNanos) {
        return ice.isValidated(source, nowNanos);
    }

    /** Returns whether an authentic check came from this address within the last 10 s. */
    boolean holds(SocketAddress source, long nowNanos) {
        return ice.holds(source, nowNanos);
    }

    /**
     * Returns the address that we send everything to, or null if we may not send.
     *
     * <p>Before the client nominates an address, we send to the source address of its DTLS datagrams. Chromium
     * nominates an address 20 ms to 2.5 s after it begins DTLS, and without this rule the client would get no video in
     * that time. The rule departs from RFC 8445 §12.1.2. However, the address has passed an authentic check within 30
     * s, as a nominated address has.
     */
    @Nullable
    SocketAddress destination() {
        SocketAddress selected = ice.selectedAddress();
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

    /** Passes the queued STUN answers to the sink. */
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
        public void transmit(ByteBuf datagram, SocketAddress remote) {
            answers.add(datagram);
            answerRemotes.add(remote);
        }

        @Override
        public void addressValidated(SocketAddress remote) {
            listener.addressValidated(remote);
        }

        @Override
        public void addressExpired(SocketAddress remote) {
            listener.addressExpired(remote);
            if (remote.equals(dtlsRemote)) {
                dtlsRemote = null; // DTLS needs consent too (RFC 7675 §5.1).
            }
        }

        @Override
        public void selectedAddressChanged(SocketAddress remote) {
            listener.selectedAddressChanged(); // Nothing is stored here: destination() asks the agent.
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
