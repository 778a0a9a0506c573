package org.rotunda.room.protocol;

import java.io.Serial;

/** A refusal in an error reply. A refusal is no fault, so it has no stack trace and no supervisor sees it. */
public final class RoomRefusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final RoomError error;

    public RoomRefusal(RoomError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    public RoomError error() {
        return error;
    }
}
