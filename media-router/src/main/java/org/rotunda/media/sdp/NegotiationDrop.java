package org.rotunda.media.sdp;

/** The reasons why a description of the client had no effect. None of these is an error. */
public enum NegotiationDrop {
    /** It crossed our offer: the client will yield, answer ours and offer again. */
    GLARE,
    STALE_OFFER,
    STALE_ANSWER,
    /** After the end of the connection, or of a type clients do not send. */
    UNEXPECTED
}
