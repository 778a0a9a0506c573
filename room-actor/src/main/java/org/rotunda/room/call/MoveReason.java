package org.rotunda.room.call;

/** The reason why a member's transport goes to another media node or is replaced by a new connection. */
public enum MoveReason {
    /** The media node is lost. */
    NODE_LOST,
    /** The media node accepts no more transports. */
    NODE_REFUSED,
    /** The media node is drained. */
    NODE_DRAINED,
    /** An operator asked the room to leave the media node. */
    REQUESTED,
    /**
     * The client does not answer on the connection, or no router has the connection. The client gets a new connection.
     */
    CONNECTION_RENEWED
}
