package org.rotunda.room.protocol;

/** The reason why a room refuses a command, with the public error code and text. */
public enum RoomError {
    ROOM_NAME_INVALID(53100, "Room name is invalid"),
    ROOM_NAME_TOO_LONG(53101, "Room name is too long"),
    ROOM_NAME_CHARS_INVALID(53102, "Room name contains invalid characters"),
    ROOM_CREATE_FAILED(53103, "Unable to create Room"),
    ROOM_CONNECT_FAILED(53104, "Unable to connect to Room"),
    ROOM_MAX_PARTICIPANTS_EXCEEDED(53105, "Room contains too many Participants"),
    ROOM_NOT_FOUND(53106, "Room not found"),
    ROOM_MAX_PARTICIPANTS_OUT_OF_RANGE(53107, "MaxParticipants is out of range"),
    ROOM_TYPE_INVALID(53108, "RoomType is not valid"),
    ROOM_TIMEOUT_OUT_OF_RANGE(53109, "Timeout is out of range"),
    STATUS_CALLBACK_METHOD_INVALID(53110, "StatusCallbackMethod is invalid"),
    STATUS_CALLBACK_INVALID(53111, "StatusCallback is invalid"),
    ROOM_STATUS_INVALID(53112, "Status is invalid"),
    ROOM_EXISTS(53113, "Room exists"),
    ROOM_PARAMETERS_INCOMPATIBLE(53114, "Room creation parameter(s) incompatible with the Room type"),
    MEDIA_REGION_INVALID(53115, "MediaRegion is invalid"),
    MEDIA_REGION_UNAVAILABLE(53116, "There are no media servers available in the MediaRegion"),
    SUBSCRIPTION_NOT_SUPPORTED(53117, "The subscription operation requested is not supported for the Room type"),
    ROOM_COMPLETED(53118, "Room completed"),
    ROOMS_QUOTA_EXCEEDED(53119, "The concurrent Rooms quota was exceeded"),
    RECORDING_RULES_INVALID(53120, "Invalid Recording Rule(s)"),
    RECORDING_NOT_SUPPORTED(53122, "The recording operation requested is not supported for the Room type"),
    MAX_PARTICIPANT_DURATION_OUT_OF_RANGE(53123, "MaxParticipantDuration is out of range"),
    AUDIO_ONLY_NOT_SUPPORTED(53124, "The AudioOnly flag is not supported for the Room type"),
    TRACK_KIND_NOT_SUPPORTED(53125, "The track kind is not supported by the Room"),
    IDENTITY_INVALID(53200, "Participant identity is invalid"),
    IDENTITY_TOO_LONG(53201, "Participant identity is too long"),
    IDENTITY_CHARS_INVALID(53202, "Participant identity contains invalid characters"),
    MAX_TRACKS_EXCEEDED(
            53203, "The maximum number of published tracks allowed in the Room at the same time has been reached"),
    PARTICIPANT_NOT_FOUND(53204, "Participant not found"),
    DUPLICATE_IDENTITY(53205, "Participant disconnected because of duplicate identity"),
    PARTICIPANTS_QUOTA_EXCEEDED(53206, "The Participant concurrency quota was exceeded"),
    PARTICIPANT_STATUS_INVALID(53209, "Participant status is invalid"),
    SUBSCRIBE_RULES_INVALID(53215, "Invalid Subscribe Rule(s)"),
    PARTICIPANT_SESSION_LENGTH_EXCEEDED(53216, "Participant session length exceeded"),
    TRACK_INVALID(53300, "Track is invalid"),
    TRACK_NAME_TOO_LONG(53302, "Track name is too long"),
    TRACK_NAME_CHARS_INVALID(53303, "Track name contains invalid characters"),
    TRACK_NAME_DUPLICATED(53304, "Track name is duplicated"),
    SERVER_LOCAL_DESCRIPTION_FAILED(53401, "Server is unable to create or apply a local media description"),
    SERVER_REMOTE_DESCRIPTION_FAILED(53403, "Server is unable to create or apply a remote media description"),
    NO_SUPPORTED_CODEC(53404, "No supported codec"),
    MEDIA_CONNECTION_FAILED(53405, "Media connection failed or Media activity ceased"),
    /**
     * The room cannot handle the request now, for example because its journal is away. The caller should try again
     * later. Clients are told {@code busy}.
     */
    BUSY(53006, "Video server is busy");

    private final int code;
    private final String message;

    RoomError(int code, String message) {
        this.code = code;
        this.message = message;
    }

    public int code() {
        return code;
    }

    public String message() {
        return message;
    }
}
