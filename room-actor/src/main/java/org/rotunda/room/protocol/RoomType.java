package org.rotunda.room.protocol;

/** The type of a room, with the name that the REST API uses. */
public enum RoomType {
    GROUP("group"),
    GROUP_SMALL("group-small"),
    PEER_TO_PEER("peer-to-peer"),
    GO("go");

    private final String wireName;

    RoomType(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
