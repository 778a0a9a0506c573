package org.rotunda.room.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;

/**
 * One connected or reconnecting participant of a room.
 *
 * @param sessionHash the SHA-256 hash of the session id; the id itself is a secret and is not journalled
 * @param automaticSubscription true if the participant receives every track of the others while no subscribe rules are
 *     set for it; otherwise it receives no track then
 * @param channels the data-channel label of each granted media-signaling channel, by the name of the channel
 * @param clientRevision the revision of the last participant state that the client has sent
 * @param reconnectDeadline the time at which the participant leaves unless its session is resumed; null while connected
 * @param subscribeRules the subscribe rules that were set for the participant; null while the default rule is in force
 * @param bandwidthProfile how the client wants its incoming bandwidth to be used; null if it did not say
 */
public record Participant(
        ParticipantSid sid,
        String identity,
        String sessionHash,
        boolean automaticSubscription,
        Map<String, String> channels,
        Placement placement,
        long clientRevision,
        List<Publication> publications,
        List<RefusedTrack> refused,
        Instant connectedAt,
        Instant updatedAt,
        @Nullable Instant reconnectDeadline,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SubscribeRules subscribeRules,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable BandwidthProfile bandwidthProfile) {
    public Participant {
        channels = Map.copyOf(channels);
        publications = List.copyOf(publications);
        refused = List.copyOf(refused);
    }

    public ParticipantStatus status() {
        return reconnectDeadline == null ? ParticipantStatus.CONNECTED : ParticipantStatus.RECONNECTING;
    }

    /** Returns the rules that decide what the participant receives: the rules that were set, or the default rule. */
    public List<TrackRule> rulesInForce() {
        if (subscribeRules != null) {
            return subscribeRules.rules();
        }
        return List.of(automaticSubscription ? TrackRule.INCLUDE_ALL : TrackRule.EXCLUDE_ALL);
    }

    public Optional<Publication> publicationOf(String clientTrackId) {
        return publications.stream()
                .filter(track -> track.clientTrackId().equals(clientTrackId))
                .findFirst();
    }

    /** Returns whether the room has already decided whether to accept or refuse this track of the client. */
    public boolean knows(String clientTrackId) {
        return publicationOf(clientTrackId).isPresent()
                || refused.stream().anyMatch(track -> track.clientTrackId().equals(clientTrackId));
    }

    public Participant published(Publication publication, Instant at) {
        List<Publication> next = new ArrayList<>(publications);
        next.add(publication.at(at));
        return with(placement, clientRevision, next, refused, reconnectDeadline, at);
    }

    public Participant refused(RefusedTrack track, Instant at) {
        List<RefusedTrack> next = new ArrayList<>(refused);
        next.add(track);
        return with(placement, clientRevision, publications, next, reconnectDeadline, at);
    }

    public Participant changed(TrackSid track, boolean enabled, TrackPriority priority, Instant at) {
        List<Publication> next = publications.stream()
                .map(each -> each.sid().equals(track) ? each.with(enabled, priority, at) : each)
                .toList();
        return with(placement, clientRevision, next, refused, reconnectDeadline, at);
    }

    public Participant unpublished(TrackSid track, Instant at) {
        List<Publication> next =
                publications.stream().filter(each -> !each.sid().equals(track)).toList();
        return with(placement, clientRevision, next, refused, reconnectDeadline, at);
    }

    /**
     * Returns the participant after its client has sent a state of this revision. Refusals of tracks that the client no
     * longer lists are dropped.
     */
    public Participant revised(long revision, Collection<String> listed, Instant at) {
        List<RefusedTrack> stillListed = refused.stream()
                .filter(track -> listed.contains(track.clientTrackId()))
                .toList();
        return with(placement, revision, publications, stillListed, reconnectDeadline, at);
    }

    public Participant suspended(Instant deadline, Instant at) {
        return with(placement, clientRevision, publications, refused, deadline, at);
    }

    public Participant resumed(Instant at) {
        return with(placement, clientRevision, publications, refused, null, at);
    }

    public Participant moved(Placement to, Instant at) {
        return with(to, clientRevision, publications, refused, reconnectDeadline, at);
    }

    /**
     * Returns the participant with other subscribe rules. This does not count as a change of the participant itself.
     */
    Participant with(SubscribeRules rules) {
        return new Participant(
                sid,
                identity,
                sessionHash,
                automaticSubscription,
                channels,
                placement,
                clientRevision,
                publications,
                refused,
                connectedAt,
                updatedAt,
                reconnectDeadline,
                rules,
                bandwidthProfile);
    }

    public Departed departed(Instant at) {
        return new Departed(sid, identity, connectedAt, at, null);
    }

    /** Returns the participant with new values of the components that events can change. */
    private Participant with(
            Placement nextPlacement,
            long nextRevision,
            List<Publication> nextPublications,
            List<RefusedTrack> nextRefused,
            @Nullable Instant nextDeadline,
            Instant at) {
        return new Participant(
                sid,
                identity,
                sessionHash,
                automaticSubscription,
                channels,
                nextPlacement,
                nextRevision,
                nextPublications,
                nextRefused,
                connectedAt,
                at,
                nextDeadline,
                subscribeRules,
                bandwidthProfile);
    }
}
