package org.rotunda.gateway.rest;

import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.Failures;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;

/** Turns exceptions of failed stages into faults of the REST API. */
public final class ApiFailures {
    private ApiFailures() {}

    /** Returns the error with which a room refused a request, or null if the failure has another cause. */
    static @Nullable RoomError roomError(Throwable failure) {
        return Failures.rootCause(failure) instanceof RoomRefusal refusal ? refusal.error() : null;
    }

    /** Returns the fault to answer with, or null if the failure is unexpected. */
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
            // Twilio's helper libraries repeat the request after a 503. This does no harm, because the room has not
            // acted on the request.
            case BUSY -> ApiFault.unavailable();
            default -> ApiFault.badRequest(error.code(), error.message());
        };
    }
}
