package org.rotunda.room.state;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomError;

/** The reason why a participant leaves. Some reasons have an error for the client. */
public enum Departure {
    LEFT(null),
    REMOVED(null),
    SESSION_TIMEOUT(null),
    DUPLICATE_IDENTITY(RoomError.DUPLICATE_IDENTITY),
    MAX_DURATION(RoomError.PARTICIPANT_SESSION_LENGTH_EXCEEDED),
    DESCRIPTION_UNUSABLE(RoomError.SERVER_REMOTE_DESCRIPTION_FAILED),
    NO_SUPPORTED_CODEC(RoomError.NO_SUPPORTED_CODEC),
    /** No media node has a place for the participant's connection. */
    NO_MEDIA_NODE(RoomError.MEDIA_CONNECTION_FAILED),
    /** A defect of ours in the work for this participant. The client may connect again. */
    FAULT(RoomError.MEDIA_CONNECTION_FAILED);

    private final @Nullable RoomError error;

    Departure(@Nullable RoomError error) {
        this.error = error;
    }

    /** The error that is sent to the client; null if there is no error. */
    public @Nullable RoomError error() {
        return error;
    }
}
