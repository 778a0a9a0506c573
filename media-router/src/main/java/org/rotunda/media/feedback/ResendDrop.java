package org.rotunda.media.feedback;

/** The reasons why a requested packet was not sent again. Each drop is counted. */
public enum ResendDrop {
    /** The packet is older than the window. */
    TOO_OLD,
    /** The packet was resent less than a round trip ago, so this request may have crossed the resend. */
    TOO_SOON,
    /** The packet was resent {@link NackResponder#RESENDS_PER_PACKET_MAX} times. */
    TOO_OFTEN,
    /** The bit rate available for resends is used up. */
    OVER_BUDGET,
    /** The packet precedes the key frame that answered the subscriber's PLI. */
    BEFORE_KEY_FRAME,
    /** The history does not hold the packet any more, or the packet was never sent. */
    GONE
}
