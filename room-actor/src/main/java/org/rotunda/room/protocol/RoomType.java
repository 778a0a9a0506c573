package org.rotunda.room.protocol;

/** The type of a room, with the name that the REST API uses. */
public enum RoomType {
    GROUP("group", ClientLimits.ROOM_PARTICIPANTS_MAX, true),
    GROUP_SMALL("group-small", 4, true),
    PEER_TO_PEER("peer-to-peer", 10, false),
    GO("go", 2, false);

    private final String wireName;
    private final int participantsMax;
    private final boolean mediaServer;

    RoomType(String wireName, int participantsMax, boolean mediaServer) {
        this.wireName = wireName;
        this.participantsMax = participantsMax;
        this.mediaServer = mediaServer;
    }

    /** Returns the highest number of participants that a room of this type can have at the same time. */
    public int participantsMax() {
        return participantsMax;
    }

    /** Returns whether media goes through a media router. Otherwise the clients connect to each other. */
    public boolean hasMediaServer() {
        return mediaServer;
    }

    public String wireName() {
        return wireName;
    }
}
