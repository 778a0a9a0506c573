package org.rotunda.room.quota;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;

/**
 * The seats of an account with their numbers: the stored seats, and the changes that are about to be stored. Decides
 * whether one more seat may be taken. Pure; not safe for several threads.
 */
final class SeatBook {
    private final Map<String, Room> rooms = new HashMap<>();
    private int participants;
    private int goParticipants;

    private static final class Room {
        private final RoomType type;
        private final Set<String> participants = new HashSet<>();

        private Room(RoomType type) {
            this.type = type;
        }
    }

    static SeatBook of(SeatsHeld held) {
        SeatBook book = new SeatBook();
        held.rooms().forEach((sid, seats) -> {
            RoomSid room = new RoomSid(sid);
            book.apply(new SeatChange(room, seats.type(), null, true));
            seats.participants()
                    .forEach(participant ->
                            book.apply(new SeatChange(room, seats.type(), new ParticipantSid(participant), true)));
        });
        return book;
    }

    /** Returns the number of seats of a kind that are taken. */
    int taken(SeatKind kind) {
        return switch (kind) {
            case ROOM -> rooms.size();
            case PARTICIPANT -> participants;
            case GO_PARTICIPANT -> goParticipants;
        };
    }

    boolean has(RoomSid room) {
        return rooms.containsKey(room.value());
    }

    boolean has(RoomSid room, ParticipantSid participant) {
        Room seats = rooms.get(room.value());
        return seats != null && seats.participants.contains(participant.value());
    }

    /** Returns the participants of a room that have seats, as the texts of their SIDs. */
    Set<String> participants(RoomSid room) {
        Room seats = rooms.get(room.value());
        return seats == null ? Set.of() : Set.copyOf(seats.participants);
    }

    /** Returns the SIDs of all rooms, as texts. */
    Set<String> rooms() {
        return Set.copyOf(rooms.keySet());
    }

    /** Returns the quota that one more room would exceed. */
    Optional<SeatKind> excess(Quota quota) {
        return isFull(SeatKind.ROOM, quota) ? Optional.of(SeatKind.ROOM) : Optional.empty();
    }

    /**
     * Returns the quota that one more participant of a room would exceed.
     *
     * @param replaces a participant that ends when the new one is admitted; null if there is none
     */
    Optional<SeatKind> excess(Quota quota, RoomSid room, RoomType type, @Nullable ParticipantSid replaces) {
        if (replaces != null && has(room, replaces)) {
            return Optional.empty(); // The new participant takes over the seat.
        }
        if (isFull(SeatKind.PARTICIPANT, quota)) {
            return Optional.of(SeatKind.PARTICIPANT);
        }
        return type == RoomType.GO && isFull(SeatKind.GO_PARTICIPANT, quota)
                ? Optional.of(SeatKind.GO_PARTICIPANT)
                : Optional.empty();
    }

    private boolean isFull(SeatKind kind, Quota quota) {
        int limit = quota.of(kind);
        return limit > 0 && taken(kind) >= limit;
    }

    void apply(SeatChange change) {
        String sid = change.room().value();
        ParticipantSid participant = change.participant();
        if (change.taken()) {
            Room room = rooms.computeIfAbsent(sid, absent -> new Room(change.type()));
            if (participant != null && room.participants.add(participant.value())) {
                count(room, 1);
            }
        } else if (participant != null) {
            Room room = rooms.get(sid);
            if (room != null && room.participants.remove(participant.value())) {
                count(room, -1);
            }
        } else if (rooms.containsKey(sid)) {
            Room room = Objects.requireNonNull(rooms.remove(sid));
            count(room, -room.participants.size());
        }
    }

    private void count(Room room, int by) {
        participants += by;
        if (room.type == RoomType.GO) {
            goParticipants += by;
        }
    }
}
