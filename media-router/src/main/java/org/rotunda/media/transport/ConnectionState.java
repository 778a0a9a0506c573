package org.rotunda.media.transport;

import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;

/**
 * Whether media can flow between a transport and its client, as the room is told, and since when neither of them has been heard of. Owned by
 * one event loop.
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

    /** The room cares. */
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
     * A client that moves to another node says goodbye on DTLS: the transport stays until the room closes it.
     *
     * @param hadKeys whether the handshake had succeeded
     */
    void onDtlsClosed(boolean hadKeys) {
        enter(hadKeys ? MediaEvent.State.DISCONNECTED : MediaEvent.State.DTLS_FAILED);
    }

    /** Tells the room, anew or again. */
    void report() {
        owner.onEvent(new MediaEvent.StateChanged(id, state));
    }

    /** Since when neither the client nor the room has been heard of, of a client that is not there now. */
    long idleSinceNanos() {
        return Math.max(commandNanos, consentLostNanos);
    }

    private void enter(MediaEvent.State next) {
        state = next;
        report();
    }
}
