package org.rotunda.gateway.connection;

import java.io.Serial;

/** Why a WebSocket is closed with 1011, so that its client comes back. No fault of the program: it has no stack trace. */
public final class SocketFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SocketFailure(String why) {
        super(why, null, false, false);
    }
}
