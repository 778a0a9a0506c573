package org.rotunda.room.signal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/**
 * The priorities that one subscriber gives the tracks of others. They hold for this subscriber only. A client that gets
 * its channel anew sends all of them again. Owned by one actor.
 */
public final class TrackPriorities {
    private final Map<TrackSid, TrackPriority> chosen = new HashMap<>();

    /**
     * Takes a choice. Returns whether it changes anything.
     *
     * @param isKnown false if no other participant publishes the track; such a choice is ignored
     */
    public boolean onChosen(ClientSignal.PriorityChosen choice, boolean isKnown) {
        TrackPriority priority = choice.priority();
        if (priority == null) {
            return chosen.remove(choice.track()) != null;
        }
        return isKnown && chosen.put(choice.track(), priority) != priority;
    }

    /** Forgets all tracks but these. */
    public void retain(Set<TrackSid> published) {
        chosen.keySet().retainAll(published);
    }

    /** Returns the priority that the subscriber gives a track; null if the publisher's priority holds. */
    public @Nullable TrackPriority of(TrackSid track) {
        return chosen.get(track);
    }
}
