package org.rotunda.room.protocol;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ICE candidates that one side of a peer connection has gathered for one ufrag. A list that is sent to a client
 * contains everything that earlier lists for that ufrag contained, because the client skips as many elements as the
 * list before had. A list that comes from a client does not: it starts again from empty with each of the client's
 * descriptions.
 *
 * @param revision the sender's counter of lists
 * @param complete true if the sender has found its last candidate
 */
public record ConnectionCandidates(
        String connectionId, String ufrag, long revision, List<IceCandidate> candidates, boolean complete) {
    public ConnectionCandidates {
        candidates = List.copyOf(candidates);
    }

    /**
     * Returns the union of this list and a later list for the same ufrag, with the candidates of this list first.
     * Candidates beyond {@link ClientLimits#CANDIDATES_MAX} or {@link ClientLimits#CANDIDATE_LIST_BYTES_MAX} are left
     * out.
     */
    public ConnectionCandidates and(ConnectionCandidates later) {
        Set<IceCandidate> union = new LinkedHashSet<>();
        int bytes = 0;
        for (List<IceCandidate> part : List.of(candidates, later.candidates)) {
            for (IceCandidate each : part) {
                boolean fits = union.size() < ClientLimits.CANDIDATES_MAX
                        && bytes + each.chargedBytes() <= ClientLimits.CANDIDATE_LIST_BYTES_MAX;
                if (fits && union.add(each)) {
                    bytes += each.chargedBytes();
                }
            }
        }
        return new ConnectionCandidates(
                connectionId, ufrag, later.revision, List.copyOf(union), complete || later.complete);
    }

    /** Returns a list for this ufrag without candidates, to which {@link #and} adds lists. */
    public ConnectionCandidates withoutCandidates() {
        return new ConnectionCandidates(connectionId, ufrag, 0, List.of(), false);
    }

    public ConnectionCandidates withRevision(long next) {
        return new ConnectionCandidates(connectionId, ufrag, next, candidates, complete);
    }

    /** Returns an upper bound of the bytes that the candidates take in a message between nodes. */
    public int chargedBytes() {
        return candidates.stream().mapToInt(IceCandidate::chargedBytes).sum();
    }
}
