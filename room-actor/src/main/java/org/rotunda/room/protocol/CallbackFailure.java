package org.rotunda.room.protocol;

/** The reason why an attempt to deliver a status callback failed, with the error code of the public API. */
public enum CallbackFailure {
    /** The receiver answered with a status from 400 to 499 that does not ask for a repeat. */
    REFUSED(11200),
    /** The receiver answered with a status from 500 up, or with 408, 425 or 429. */
    SERVER_ERROR(11200),
    /** The receiver answered with a status from 300 to 399. Redirects are not followed. */
    REDIRECT(11200),
    /** The receiver did not answer completely in time. */
    TIMEOUT(53660),
    /** The host has no address, or the connection, its encryption or the answer was not usable. */
    UNREACHABLE(11205),
    /** The host of the URL has an address to which callbacks must not go. */
    FORBIDDEN(11210),
    /** The account has no auth token, so the callback cannot be signed. */
    UNSIGNED(11200);

    private final int code;

    CallbackFailure(int code) {
        this.code = code;
    }

    /** Returns the error code. */
    public int code() {
        return code;
    }
}
