package org.rotunda.room.pair;

/** The way in which a relay has handled one description or one list of candidates of a client. */
public enum PairOutcome {
    /** It went to the other client. */
    RELAYED,
    /** The client has sent the same before, as clients do after they have resumed their session. */
    REPEATED,
    /** Its revision belongs to a negotiation that is over, or to no negotiation. */
    STALE,
    /** The offer has crossed an offer of the other client, which counts. The client yields and offers again. */
    GLARE,
    /**
     * The offer shows that the answer to the first offer of the connection is lost. A client takes no offer before it
     * has the answer to its first one, so the pair gets a new connection.
     */
    ANSWER_LOST,
    /** The relay was taken over and waits until it knows the latest descriptions of both clients. */
    HELD,
    /** The client has closed the connection. */
    CLOSED,
    /** It belongs to a connection that the pair does not have any more, or never had. */
    UNKNOWN_CONNECTION
}
