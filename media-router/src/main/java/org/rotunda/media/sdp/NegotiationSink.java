package org.rotunda.media.sdp;

import org.rotunda.media.control.Description;

/**
 * Receives the results of a {@link Negotiation}. The methods are called while the negotiation handles an input, and
 * must not call back into the negotiation.
 */
public interface NegotiationSink {
    /** Sends the description to the client. */
    void localDescription(Description description);

    /**
     * Receives the media that the connection carries from now on. Called before the client gets the matching
     * description.
     */
    void plan(MediaPlan plan);

    /** Called when the client's description cannot be used. The negotiation has not changed. */
    void refused(NegotiationFault fault, long revision, String detail);

    /** Called once for an offer that the client has not answered within {@link Negotiation#ANSWER_WAIT_NANOS}. */
    void answerOverdue(long revision);
}
