package org.rotunda.media.sdp;

/** The reasons why a description of the client had no effect. None of these is an error. */
public enum NegotiationDrop {
    /** The client's offer crossed ours. The client will yield, answer ours and offer again. */
    GLARE,
    STALE_OFFER,
    STALE_ANSWER,
    /** The connection has ended, or the description has a type that clients do not send. */
    UNEXPECTED
}
