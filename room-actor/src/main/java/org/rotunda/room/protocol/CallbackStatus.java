package org.rotunda.room.protocol;

/** The status of a status callback that is not delivered, with the name that the REST API uses. */
public enum CallbackStatus {
    /** The callback is still to be sent, for the first time or again. */
    WAITING("waiting"),
    /** The callback was given up. */
    FAILED("failed");

    private final String wireName;

    CallbackStatus(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
