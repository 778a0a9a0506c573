package org.rotunda.media.sdp;

/** The reasons why a description of the client had no effect and was not refused. */
public enum NegotiationDrop {
    /** The client's offer crossed ours. The client will roll its offer back, answer ours and offer again. */
    GLARE,
    STALE_OFFER,
    STALE_ANSWER,
    /** The connection has ended, or the description has a type that clients do not send. */
    UNEXPECTED
}
