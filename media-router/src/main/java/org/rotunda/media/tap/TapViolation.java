package org.rotunda.media.tap;

/** Why a link must be closed. */
public enum TapViolation {
    /** The first bytes are not those of a tap link, or of another version. */
    NOT_A_LINK,
    /** The other end does not know the secret. */
    WRONG_PROOF,
    /** A frame came before the handshake was over, or a second handshake. */
    OUT_OF_ORDER,
    TOO_LONG,
    /** A frame has not the length of its type. */
    MALFORMED,
    UNKNOWN_TYPE,
    /** The type does not belong to the role of the other end. */
    WRONG_ROLE,
    MEDIA_BEFORE_OPEN,
    TOO_MANY_TAPS,
    /** The sequence numbers of a tap went back further than packets can be late. */
    SEQUENCE_WENT_BACK,
    /** Nothing was heard for {@link TapLink#SILENCE_NANOS}. */
    SILENCE
}
