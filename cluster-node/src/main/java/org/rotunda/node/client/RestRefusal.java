package org.rotunda.node.client;

import java.io.Serial;

/** An answer of the server that refuses a request, or a reason why there is no answer. Its message is for people. */
final class RestRefusal extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    RestRefusal(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Returns the exit code of the process. */
    int exitCode() {
        return exitCode;
    }
}
