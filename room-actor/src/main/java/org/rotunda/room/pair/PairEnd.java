package org.rotunda.room.pair;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.room.protocol.ConnectionCandidates;

/** The contributions of one side to the present connection of a pair. Owned by its {@link PairRelay}. */
final class PairEnd {
    /**
     * The maximum number of ufrags whose candidates are kept. A side has a second ufrag while it restarts ICE, and an
     * offer that loses against the other side's offer may have a third one, which nobody needs.
     */
    static final int UFRAGS_MAX = 2;

    /** The last description that went to the other side; null before the first one. */
    @Nullable
    Description last;

    /** While the relay is taken over: the number of the connection to which {@link #last} belongs; -1 if none. */
    long number = -1;

    /** While the relay is taken over: true once this side has told its latest state. */
    boolean told;

    // The union of all lists by ufrag. The ufrag of the latest list is at the end.
    private final Map<String, ConnectionCandidates> candidates = new LinkedHashMap<>();

    void clear() {
        last = null;
        number = -1;
        candidates.clear();
    }

    List<ConnectionCandidates> candidates() {
        return List.copyOf(candidates.values());
    }

    /**
     * Adds a list. Returns the union of all lists for its ufrag, or null if the list adds nothing.
     *
     * @param revisions returns the revision for the union
     */
    @Nullable
    ConnectionCandidates add(ConnectionCandidates list, LongSupplier revisions) {
        ConnectionCandidates known = candidates.get(list.ufrag());
        ConnectionCandidates union = (known == null ? list.withoutCandidates() : known).and(list);
        if (known != null && union.candidates().equals(known.candidates()) && union.complete() == known.complete()) {
            return null;
        }
        ConnectionCandidates next = union.withRevision(revisions.getAsLong());
        candidates.remove(list.ufrag()); // The ufrag goes to the end.
        candidates.put(list.ufrag(), next);
        if (candidates.size() > UFRAGS_MAX) {
            candidates.remove(candidates.keySet().iterator().next());
        }
        return next;
    }

    /** Returns whether a description follows the last one. An answer follows an offer of the same revision. */
    boolean isFollowedBy(Description next) {
        Description said = last;
        return said == null
                || next.revision() > said.revision()
                || (next.revision() == said.revision()
                        && said.type() == Description.Type.OFFER
                        && next.type() == Description.Type.ANSWER);
    }
}
