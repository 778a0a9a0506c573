package org.rotunda.room.call;

/** The places where a defect of ours can end one member of a call. The names appear in metrics. */
public enum FaultPlace {
    /** The update of the member after a change of the room's state. */
    STATE,
    /** A command of the member's client, or of an operator about the member. */
    COMMAND,
    /** An event of the member's media node. */
    MEDIA,
    TIMEOUT,
    /** The end of the member. */
    END,
    /** The routers of the media nodes. They have closed the member's connections too often. */
    TRANSPORT
}
