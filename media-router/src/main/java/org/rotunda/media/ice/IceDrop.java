package org.rotunda.media.ice;

import java.util.Locale;

/** Why a STUN datagram had no effect. Counted, never thrown. */
public enum IceDrop {
    /** Not a well-formed STUN message, or longer than one is read. */
    MALFORMED,
    /** Not a binding request: a lite agent sends none, so it expects no answers; indications need no answer. */
    NOT_A_REQUEST,
    /** FINGERPRINT is missing or wrong (RFC 8445 §7.2.2 demands it). */
    BAD_FINGERPRINT,
    /** USERNAME or MESSAGE-INTEGRITY is missing; answered 400. */
    MISSING_CREDENTIALS,
    /** The username names none of our ufrags in force; answered 401. */
    UNKNOWN_USERNAME,
    /** MESSAGE-INTEGRITY does not match our password; answered 401. */
    BAD_INTEGRITY,
    /** An attribute that must be understood is not; answered 420. */
    UNKNOWN_ATTRIBUTE,
    /** The peer claims to be controlled; answered 487 (RFC 8445 §7.3.1.1). */
    ROLE_CONFLICT;

    private final String metricName = "ice_" + name().toLowerCase(Locale.ROOT);

    /** As the metrics call it. */
    String metricName() {
        return metricName;
    }
}
