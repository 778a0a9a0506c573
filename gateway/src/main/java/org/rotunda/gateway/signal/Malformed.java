package org.rotunda.gateway.signal;

/** The reasons why a client's frame is malformed. The names are also labels of a metric. */
public enum Malformed {
    /** The frame is longer than {@link SignalLimits#FRAME_CHARS_MAX}. */
    TOO_LARGE,
    /** The text is not JSON, or is nested too deeply. */
    NOT_JSON,
    /** The text is JSON, but not an object. */
    NOT_AN_OBJECT,
    /** The frame or message has a type that does not exist. */
    TYPE_UNKNOWN,
    /** A required field is absent. */
    FIELD_MISSING,
    /** A field has the wrong type or an impossible value. */
    FIELD_INVALID,
    /** A list is longer than its limit. */
    LIST_TOO_LONG
}
