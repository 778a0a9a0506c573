package org.rotunda.room.signal;

/** What became of one hint. The name is the word in the message. */
public enum HintResult {
    OK,
    /** The receiver of the hint does not know the track. */
    UNKNOWN_TRACK,
    /** The hint contradicts itself or the track. */
    INVALID_HINT,
    /** The client cannot change its encodings. Firefox always answers this. */
    COULD_NOT_APPLY_HINT,
    /** A newer hint came before the client could apply this one. */
    REQUEST_SKIPPED,
    /** A word that this server does not know. */
    OTHER
}
