package org.rotunda.gateway.signal;

/** Why a client's frame was not understood; the name is also the label of the counter. */
public enum Malformed {
    /** Longer than {@link SignalLimits#FRAME_CHARS_MAX}. */
    TOO_LARGE,
    /** No JSON, or nested too deeply. */
    NOT_JSON,
    /** JSON, but no object. */
    NOT_AN_OBJECT,
    /** A frame or message of a type that does not exist. */
    TYPE_UNKNOWN,
    /** A field that must be there is not. */
    FIELD_MISSING,
    /** A field has the wrong type or an impossible value. */
    FIELD_INVALID,
    /** A list is longer than its limit. */
    LIST_TOO_LONG
}
