package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.rotunda.room.protocol.TrackSid;

/**
 * The ids under which one participant receives tracks. An id is new for every connection, and does not depend on the
 * media node. It is a hash of the connection and the track, so that a room that recovers gets the same ids. Each id is
 * computed once, because every change in a room needs all of them. Owned by one actor.
 */
public final class SubscriptionIds {
    /**
     * The maximum number of ids kept. A room of any type has at most 512 tracks at a time. At the maximum all ids are
     * forgotten, and the ids still in use are computed again.
     */
    static final int IDS_MAX = 1_024;

    private final Map<TrackSid, String> ids = new HashMap<>();
    private String connectionId = "";
    private long computed;

    /** Returns the id under which the participant receives the track on its present connection. */
    public String of(Participant subscriber, Publication track) {
        String current = subscriber.placement().connectionId();
        if (!current.equals(connectionId)) {
            connectionId = current;
            ids.clear();
        }
        String known = ids.get(track.sid());
        if (known != null) {
            return known;
        }
        if (ids.size() >= IDS_MAX) {
            ids.clear();
        }
        computed++;
        String name = subscriber.sid() + "/" + current + "/" + track.sid();
        String id =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        ids.put(track.sid(), id);
        return id;
    }

    /** Returns the number of ids computed so far. */
    long computed() {
        return computed;
    }
}
