package org.rotunda.load.hostile;

/** The ways in which a hostile datagram is sent. Datagrams of a later constant pass more of the node's checks. */
public enum Approach {
    /** The datagram comes from an address that has sent no connectivity check. The node must not process it. */
    STRANGER,
    /** The datagram comes from a participant's address and has damaged ciphertext. Its authentication must fail. */
    VALIDATED,
    /**
     * The packet is damaged first and then protected with the participant's own keys, so that its authentication
     * succeeds.
     */
    SEALED
}
