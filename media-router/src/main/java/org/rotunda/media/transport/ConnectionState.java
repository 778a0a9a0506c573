package org.rotunda.media.transport;

import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;

/**
 * The connectivity between a transport and its client. Reports each change to the room. Keeps the times of the room's
 * last command and of the last loss of consent. Owned by one event loop.
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

    /** Notes the time of a command. A command shows that the room has not abandoned the transport. */
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
     * Reports to the room that DTLS has ended. The transport stays open until the room closes it, because a client that
     * moves to another node also closes DTLS.
     *
     * @param hadKeys true if the handshake had succeeded
     */
    void onDtlsClosed(boolean hadKeys) {
        enter(hadKeys ? MediaEvent.State.DISCONNECTED : MediaEvent.State.DTLS_FAILED);
    }

    /** Reports the state to the room, as part of a report for which the room has asked. */
    void report() {
        owner.onEvent(new MediaEvent.StateChanged(id, state, true));
    }

    /**
     * Returns the time of the room's last command or of the last loss of consent, whichever is later. The value is
     * meaningful only while the client is not connected.
     */
    long idleSinceNanos() {
        return Math.max(commandNanos, consentLostNanos);
    }

    private void enter(MediaEvent.State next) {
        state = next;
        owner.onEvent(new MediaEvent.StateChanged(id, state));
    }
}
