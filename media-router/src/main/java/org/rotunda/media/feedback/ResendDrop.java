package org.rotunda.media.feedback;

/** The reasons why a packet that a subscriber asked for again was not sent. Each is counted. */
public enum ResendDrop {
    /** The packet is too far back to be remembered. */
    TOO_OLD,
    /** The packet was resent less than a round trip ago, so this request may have crossed the resend. */
    TOO_SOON,
    /** The packet was resent {@link NackResponder#RESENDS_PER_PACKET_MAX} times. */
    TOO_OFTEN,
    /** The share of the bitrate that resends may take is used up. */
    OVER_BUDGET,
    /** The packet precedes the key frame that answered the subscriber's PLI. */
    BEFORE_KEY_FRAME,
    /** The history does not hold the packet any more, or the packet was never sent. */
    GONE
}
