package org.rotunda.room.state;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.rotunda.room.protocol.TrackSid;

/**
 * The ids under which one participant receives tracks. An id is new for every connection, and for each time that the
 * track comes back to the participant, because a connection must not use an id twice. It does not depend on the media
 * node. It is a hash of the connection, the track, and the number of times that the track has left. So a room that
 * recovers gets the same ids. Each id is computed once, because every change in a room needs all of them. Owned by one
 * actor.
 */
public final class SubscriptionIds {
    /**
     * The maximum number of ids kept. A room of any type has at most 512 tracks at a time. At the maximum all ids are
     * forgotten, and the ids still in use are computed again.
     */
    static final int IDS_MAX = 1_024;

    private final Map<TrackSid, Known> ids = new HashMap<>();
    private String connectionId = "";
    private long computed;

    /** An id, and the number of times that its track had left the participant's set. */
    private record Known(int timesLeft, String id) {}

    /** Returns the id under which the participant receives the track on its present connection. */
    public String of(Participant subscriber, Publication track) {
        String current = subscriber.placement().connectionId();
        if (!current.equals(connectionId)) {
            connectionId = current;
            ids.clear();
        }
        SubscribeRules rules = subscriber.subscribeRules();
        int timesLeft = rules == null ? 0 : rules.timesLeft(track.sid());
        Known known = ids.get(track.sid());
        if (known != null && known.timesLeft() == timesLeft) {
            return known.id();
        }
        if (ids.size() >= IDS_MAX) {
            ids.clear();
        }
        computed++;
        String name = subscriber.sid() + "/" + current + "/" + track.sid() + (timesLeft == 0 ? "" : "/" + timesLeft);
        String id =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        ids.put(track.sid(), new Known(timesLeft, id));
        return id;
    }

    /** Returns the number of ids computed so far. */
    long computed() {
        return computed;
    }
}
