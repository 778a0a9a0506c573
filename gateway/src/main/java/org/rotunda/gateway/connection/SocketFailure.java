package org.rotunda.gateway.connection;

import java.io.Serial;

/**
 * The reason for closing a WebSocket with 1011, so that its client comes back. The exception is expected, so it has no
 * stack trace.
 */
public final class SocketFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SocketFailure(String why) {
        super(why, null, false, false);
    }
}
