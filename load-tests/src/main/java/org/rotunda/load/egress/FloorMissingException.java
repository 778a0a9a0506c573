package org.rotunda.load.egress;

/** Says why the floor cannot be measured on this machine. The bench goes on without it. */
public final class FloorMissingException extends Exception {
    private static final long serialVersionUID = 1L;

    FloorMissingException(String reason) {
        super(reason);
    }

    FloorMissingException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
