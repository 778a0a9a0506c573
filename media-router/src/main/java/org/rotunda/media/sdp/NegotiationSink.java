package org.rotunda.media.sdp;

import org.rotunda.media.control.Description;

/**
 * Takes the results of a {@link Negotiation}. Called during its inputs, on their thread; must not call back into it.
 */
public interface NegotiationSink {
    /** Send this to the client. */
    void localDescription(Description description);

    /** The media this connection carries from now on. Comes before the description that tells the client of it. */
    void plan(MediaPlan plan);

    /** The client's description cannot be used. Nothing has changed. */
    void refused(NegotiationFault fault, long revision, String detail);

    /** The client has left our offer without answer for {@link Negotiation#ANSWER_WAIT_NANOS}. Once per offer. */
    void answerOverdue(long revision);
}
