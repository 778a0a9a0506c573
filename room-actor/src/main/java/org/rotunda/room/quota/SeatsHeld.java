package org.rotunda.room.quota;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.protocol.RoomType;

/**
 * The seats that an account holds, stored as snapshots. Immutable.
 *
 * @param rooms the seats of each room, by its SID
 */
public record SeatsHeld(Map<String, RoomSeats> rooms) implements RoomSerializable {
    static final SeatsHeld NONE = new SeatsHeld(Map.of());

    /**
     * The seats of a room and its participants.
     *
     * @param participants the SIDs of the participants
     */
    public record RoomSeats(RoomType type, Set<String> participants) {
        public RoomSeats {
            participants = Collections.unmodifiableSet(new LinkedHashSet<>(participants));
        }

        private RoomSeats with(ParticipantSid participant, boolean taken) {
            Set<String> next = new LinkedHashSet<>(participants);
            if (taken) {
                next.add(participant.value());
            } else {
                next.remove(participant.value());
            }
            return new RoomSeats(type, next);
        }
    }

    public SeatsHeld {
        rooms = Collections.unmodifiableMap(new HashMap<>(rooms));
    }

    /** Returns the seats after one more event. */
    SeatsHeld apply(SeatsChanged event) {
        Map<String, RoomSeats> next = new HashMap<>(rooms);
        event.changes().forEach(change -> fold(next, change));
        return new SeatsHeld(next);
    }

    private static void fold(Map<String, RoomSeats> rooms, SeatChange change) {
        String room = change.room().value();
        ParticipantSid participant = change.participant();
        RoomSeats held = rooms.get(room);
        if (change.taken()) {
            RoomSeats seats = held == null ? new RoomSeats(change.type(), Set.of()) : held;
            rooms.put(room, participant == null ? seats : seats.with(participant, true));
        } else if (participant == null) {
            rooms.remove(room);
        } else if (held != null) {
            rooms.put(room, held.with(participant, false));
        }
    }
}
