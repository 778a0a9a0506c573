package org.rotunda.room.quota;

import java.util.List;
import org.rotunda.room.protocol.RoomSerializable;

/** The event of an account: the changes that came while the event before was being written, in their order. */
public record SeatsChanged(List<SeatChange> changes) implements RoomSerializable {
    public SeatsChanged {
        changes = List.copyOf(changes);
    }
}
