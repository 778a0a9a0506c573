package org.rotunda.room.signal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackSid;

/**
 * What one subscriber has said about the tracks that it shows. Every message gets exactly one answer, also a repeated
 * one, because the client sends no further hint before the answer. Owned by one actor.
 */
public final class RenderHintMemory {
    private final Map<TrackSid, Known> hints = new HashMap<>();

    private record Known(boolean enabled, @Nullable PictureSize size) {}

    private static final Known NOTHING = new Known(true, null);

    /**
     * The answer to one message.
     *
     * @param changed true if the message changes anything
     */
    public record Outcome(ServerSignal.RenderHintsTaken answer, boolean changed) {}

    /** @param isKnown returns whether another participant publishes the track */
    public Outcome onHints(ClientSignal.RenderHints message, Predicate<TrackSid> isKnown) {
        List<TrackResult> results = new ArrayList<>();
        boolean changed = false;
        for (ClientSignal.RenderHint hint : message.hints()) {
            boolean known = isKnown.test(hint.track());
            results.add(new TrackResult(hint.track(), known ? HintResult.OK : HintResult.UNKNOWN_TRACK));
            changed |= known && take(hint);
        }
        return new Outcome(new ServerSignal.RenderHintsTaken(message.id(), results), changed);
    }

    private boolean take(ClientSignal.RenderHint hint) {
        Known old = hints.getOrDefault(hint.track(), NOTHING);
        Boolean enabled = hint.enabled();
        PictureSize size = hint.size();
        Known next = new Known(enabled == null ? old.enabled() : enabled, size == null ? old.size() : size);
        hints.put(hint.track(), next);
        return !next.equals(old);
    }

    /** Forgets all tracks but these. */
    public void retain(Set<TrackSid> published) {
        hints.keySet().retainAll(published);
    }

    /** Returns whether the subscriber wants the video of a track. It does until it says otherwise. */
    public boolean isEnabled(TrackSid track) {
        return hints.getOrDefault(track, NOTHING).enabled();
    }

    /** Returns the size at which the subscriber shows a track; null if it has not said so. */
    public @Nullable PictureSize sizeOf(TrackSid track) {
        return hints.getOrDefault(track, NOTHING).size();
    }
}
