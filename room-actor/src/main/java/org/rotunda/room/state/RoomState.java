package org.rotunda.room.state;

import java.util.List;
import org.rotunda.room.protocol.RoomSerializable;
import org.rotunda.room.protocol.RoomView;

/** The state of a room, stored as snapshots. Pure: it uses no actor, no clock and no I/O. */
public sealed interface RoomState extends RoomSerializable permits RoomState.Empty, OpenRoom, RoomState.Completed {

    /** Returns the state after one more event. */
    RoomState apply(RoomEvent event);

    default RoomState applyAll(List<? extends RoomEvent> events) {
        RoomState state = this;
        for (RoomEvent event : events) {
            state = state.apply(event);
        }
        return state;
    }

    /** The state of a SID under which no room was created. */
    record Empty() implements RoomState {
        @Override
        public RoomState apply(RoomEvent event) {
            if (event instanceof RoomEvent.RoomCreated created) {
                return OpenRoom.created(created);
            }
            if (event instanceof RoomEvent.ParticipantAnonymized) {
                return this; // The journal of the room was deleted just before this event was written.
            }
            throw new IllegalStateException("a room must be created first: " + event);
        }
    }

    /**
     * The state of a room that has ended. Such a room answers questions, and its participants can be anonymized.
     *
     * @param departed the participants who had left most recently, and all who were in the room when it ended
     */
    record Completed(RoomView view, List<Departed> departed) implements RoomState {
        public Completed {
            departed = List.copyOf(departed);
        }

        @Override
        public RoomState apply(RoomEvent event) {
            if (event instanceof RoomEvent.ParticipantAnonymized anonymized) {
                return new Completed(view, anonymize(departed, anonymized));
            }
            throw new IllegalStateException("nothing else happens in a completed room: " + event);
        }
    }

    /** Returns the departed participants, one of them without its identity if it is among them. */
    static List<Departed> anonymize(List<Departed> departed, RoomEvent.ParticipantAnonymized event) {
        return departed.stream()
                .map(each -> each.sid().equals(event.participant()) ? each.anonymized(event.at()) : each)
                .toList();
    }
}
