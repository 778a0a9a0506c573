package org.rotunda.media.transport;

import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;

/**
 * The connectivity between a transport and its client as the room is told it, and the time since neither client nor
 * room has been heard of. Owned by one event loop.
 */
final class ConnectionState {
    private final TransportId id;
    private final TransportOwner owner;
    private MediaEvent.State state = MediaEvent.State.CONNECTING;
    private long commandNanos;
    private long consentLostNanos;

    ConnectionState(TransportId id, TransportOwner owner, long nowNanos) {
        this.id = id;
        this.owner = owner;
        this.commandNanos = nowNanos;
        this.consentLostNanos = nowNanos;
    }

    /** The room has sent a command: the transport is not abandoned. */
    void onCommand(long nowNanos) {
        commandNanos = nowNanos;
    }

    boolean isConnected() {
        return state == MediaEvent.State.CONNECTED;
    }

    MediaEvent.State state() {
        return state;
    }

    void onConnected() {
        enter(MediaEvent.State.CONNECTED);
    }

    void onConsentLost(long nowNanos) {
        consentLostNanos = nowNanos;
        enter(MediaEvent.State.DISCONNECTED);
    }

    /**
     * DTLS has ended. A client that moves to another node closes it, so the transport stays until the room closes it.
     *
     * @param hadKeys true if the handshake had succeeded
     */
    void onDtlsClosed(boolean hadKeys) {
        enter(hadKeys ? MediaEvent.State.DISCONNECTED : MediaEvent.State.DTLS_FAILED);
    }

    /** Tells the room the state, also if it has been told before. */
    void report() {
        owner.onEvent(new MediaEvent.StateChanged(id, state));
    }

    /**
     * The time since when neither the client nor the room has been heard of; of use only while the client is not
     * connected.
     */
    long idleSinceNanos() {
        return Math.max(commandNanos, consentLostNanos);
    }

    private void enter(MediaEvent.State next) {
        state = next;
        report();
    }
}
