package org.rotunda.room.protocol;

/** The status of a participant in its room, with the name that the public APIs use. */
public enum ParticipantStatus {
    CONNECTED("connected"),
    RECONNECTING("reconnecting"),
    DISCONNECTED("disconnected");

    private final String wireName;

    ParticipantStatus(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
