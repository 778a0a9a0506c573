package org.rotunda.room.signal;

/** The reasons why a client's message on a media-signaling channel is dropped. The names are also labels of a metric. */
public enum SignalFault {
    /** The message is longer than 64 Ki characters. */
    TOO_LARGE,
    /** The text is not a JSON object, or is nested too deeply. */
    NOT_JSON,
    /** The channel has no message of this type. */
    TYPE_UNKNOWN,
    /** A field is absent, has the wrong type or an impossible value. */
    FIELD_INVALID,
    /** A list is longer than its limit. */
    LIST_TOO_LONG,
    /** The client sends more messages than it may. */
    TOO_MANY
}
