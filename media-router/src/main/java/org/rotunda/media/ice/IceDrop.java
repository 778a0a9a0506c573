package org.rotunda.media.ice;

import java.util.Locale;

/** Reasons why a STUN datagram had no effect. Drops are counted and never thrown. */
public enum IceDrop {
    /** The datagram is not a well-formed STUN message, or it is longer than an Ethernet MTU. */
    MALFORMED,
    /**
     * The message is no binding request. A lite agent sends no requests, so it expects no answers; it ignores
     * indications.
     */
    NOT_A_REQUEST,
    /** FINGERPRINT is missing or wrong (RFC 8445 §7.2.2 demands it). */
    BAD_FINGERPRINT,
    /** USERNAME or MESSAGE-INTEGRITY is missing; the answer is 400. */
    MISSING_CREDENTIALS,
    /** The username contains none of our current ufrags; the answer is 401. */
    UNKNOWN_USERNAME,
    /** MESSAGE-INTEGRITY does not match our password; the answer is 401. */
    BAD_INTEGRITY,
    /** The message has an unknown attribute that a receiver must understand; the answer is 420. */
    UNKNOWN_ATTRIBUTE,
    /** The peer claims to be the controlled side; the answer is 487 (RFC 8445 §7.3.1.1). */
    ROLE_CONFLICT;

    private final String metricName = "ice_" + name().toLowerCase(Locale.ROOT);

    /** Returns the name of this reason in metrics. */
    String metricName() {
        return metricName;
    }
}
