package org.rotunda.gateway.rest;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;

/** Failures of stages in the words of the REST API. */
public final class ApiFailures {
    private ApiFailures() {}

    /** What the room refuses, or null if the failure is of another kind. */
    static @Nullable RoomError roomError(Throwable failure) {
        return Failures.rootCause(failure) instanceof RoomRefusal refusal ? refusal.error() : null;
    }

    /** The answer, or null if nobody has foreseen this failure. */
    public static @Nullable ApiFault faultOf(Throwable failure, String path) {
        Throwable cause = Failures.rootCause(failure);
        if (cause instanceof ApiFault fault) {
            return fault;
        }
        RoomError error = roomError(failure);
        if (error == null) {
            return null;
        }
        return switch (error) {
            case ROOM_NOT_FOUND, PARTICIPANT_NOT_FOUND -> ApiFault.notFound(path);
            case BUSY -> ApiFault.unavailable(); // Nothing has happened; helper libraries retry.
            default -> ApiFault.badRequest(error.code(), error.message());
        };
    }
}
