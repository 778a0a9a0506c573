package org.rotunda.gateway.insights;

/** The reason why a frame of an insights socket cannot be used. */
public enum InsightsFault {
    NOT_JSON,
    TOO_LARGE,
    /** The frame is no connect and no event. */
    TYPE_UNKNOWN,
    /** A field is missing, too long, or of another type. */
    FIELD_INVALID,
    /** An event before the connect, or a second connect. */
    UNEXPECTED
}
