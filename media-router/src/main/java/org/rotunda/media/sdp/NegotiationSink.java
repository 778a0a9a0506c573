package org.rotunda.media.sdp;

import org.rotunda.media.control.Description;

/**
 * Receives the results of a {@link Negotiation}. The methods are called during its inputs, on the thread of the input,
 * and must not call back into the negotiation.
 */
public interface NegotiationSink {
    /** Sends the description to the client. */
    void localDescription(Description description);

    /**
     * Receives the media that the connection carries from now on. Called before the client gets the matching
     * description.
     */
    void plan(MediaPlan plan);

    /** Called when the client's description cannot be used. It has changed nothing. */
    void refused(NegotiationFault fault, long revision, String detail);

    /** Called once per offer, when the client has not answered it for {@link Negotiation#ANSWER_WAIT_NANOS}. */
    void answerOverdue(long revision);
}
