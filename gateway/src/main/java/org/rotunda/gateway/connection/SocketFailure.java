package org.rotunda.gateway.connection;

import java.io.Serial;

/**
 * The reason why the gateway closes a WebSocket with code 1011 or 1012. The exception is expected, so it has no stack trace.
 */
public final class SocketFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SocketFailure(String why) {
        super(why, null, false, false);
    }
}
