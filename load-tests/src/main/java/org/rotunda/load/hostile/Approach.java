package org.rotunda.load.hostile;

/** How a hostile datagram reaches the node, from the outermost door inwards. */
public enum Approach {
    /** From an address no check came from. Nothing may be processed. */
    STRANGER,
    /** From the address of a participant, with damaged ciphertext. Nothing may get past the keys. */
    VALIDATED,
    /** Damaged before its protection, then protected with the participant's own keys: authentic nonsense. */
    SEALED
}
