package org.rotunda.gateway.limit;

/** The limits of request rates. */
public enum RateLimit {
    /** REST requests of one account that read. */
    READS,
    /** REST requests of one account that create, change or delete. */
    WRITES,
    /** Signaling connects of one account. */
    CONNECTS,
    /** REST requests of one address without valid credentials. */
    FAILURES
}
