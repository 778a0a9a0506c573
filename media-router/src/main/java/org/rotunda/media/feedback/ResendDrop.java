package org.rotunda.media.feedback;

/** The reasons why a packet that a subscriber asked for again was not sent. Each is counted. */
public enum ResendDrop {
    /** The request is for a packet too far back to remember. */
    TOO_OLD,
    /** It was resent less than a round trip ago: this request may have crossed it. */
    TOO_SOON,
    /** It was resent {@link NackResponder#RESENDS_PER_PACKET_MAX} times. */
    TOO_OFTEN,
    /** The share of the bitrate that resends may take is used up. */
    OVER_BUDGET,
    /** It precedes the key frame that answered the subscriber's PLI. */
    BEFORE_KEY_FRAME,
    /** The history does not hold it any more, or it was never sent. */
    GONE
}
