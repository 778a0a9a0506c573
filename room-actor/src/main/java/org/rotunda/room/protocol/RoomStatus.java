package org.rotunda.room.protocol;

/** The status of a room, with the name that the REST API uses. */
public enum RoomStatus {
    IN_PROGRESS("in-progress"),
    COMPLETED("completed"),
    FAILED("failed");

    private final String wireName;

    RoomStatus(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
