package org.rotunda.room.quota;

/**
 * The quotas of one account; 0 means no limit.
 *
 * @param rooms the rooms in progress
 * @param participants the participants of all its rooms, connected or reconnecting
 * @param goParticipants those of them who are in rooms of the type {@code go}
 */
public record Quota(int rooms, int participants, int goParticipants) {
    public Quota {
        require(rooms, "concurrent-rooms");
        require(participants, "concurrent-participants");
        require(goParticipants, "concurrent-go-participants");
    }

    private static void require(int quota, String key) {
        if (quota < 0) {
            throw new IllegalArgumentException("rotunda.limits." + key + " must not be negative: " + quota);
        }
    }

    boolean isUnlimited() {
        return rooms == 0 && participants == 0 && goParticipants == 0;
    }

    /** Returns the limit of one kind of seats; 0 means no limit. */
    int of(SeatKind kind) {
        return switch (kind) {
            case ROOM -> rooms;
            case PARTICIPANT -> participants;
            case GO_PARTICIPANT -> goParticipants;
        };
    }
}
