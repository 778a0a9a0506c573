package org.rotunda.record.take;

/** How far a take is. */
public enum TakeState {
    /** No frame has come that can be the first one. */
    WAITING,
    WRITING,
    /** No media has come for {@link Take#STALLED_NANOS}. */
    STALLED,
    /** The rest is written; nothing is taken any more. */
    CLOSING,
    CLOSED
}
