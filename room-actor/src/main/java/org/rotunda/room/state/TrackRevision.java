package org.rotunda.room.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.RoomEvent.ParticipantRevised;
import org.rotunda.room.state.RoomEvent.TrackChanged;
import org.rotunda.room.state.RoomEvent.TrackPublished;
import org.rotunda.room.state.RoomEvent.TrackRefused;
import org.rotunda.room.state.RoomEvent.TrackUnpublished;

/** Turns a client's list of its own tracks into events. Pure. */
public final class TrackRevision {
    private final ParticipantSid participant;
    private final Instant now;
    private final List<RoomEvent> events = new ArrayList<>();
    private OpenRoom room;

    private TrackRevision(OpenRoom room, ParticipantSid participant, Instant now) {
        this.room = room;
        this.participant = participant;
        this.now = now;
    }

    /**
     * Returns the events that a client's list causes. An old or repeated list causes no events. The list of a
     * participant who is not in the room causes no events either.
     */
    public static List<RoomEvent> revise(
            OpenRoom room,
            ParticipantSid participant,
            ClientParticipant account,
            Supplier<TrackSid> sids,
            Instant now) {
        return room.participant(participant)
                .filter(each -> account.revision() > each.clientRevision())
                .map(each -> new TrackRevision(room, participant, now).takeIn(account, sids))
                .orElse(List.of());
    }

    /**
     * Returns the events that the first tracks of a new participant cause. The participant is already in the room, but
     * without tracks.
     */
    static List<RoomEvent> publishFirst(
            OpenRoom room, ParticipantSid participant, List<ClientTrack> tracks, Supplier<TrackSid> sids, Instant now) {
        TrackRevision revision = new TrackRevision(room, participant, now);
        tracks.stream().limit(ClientLimits.TRACKS_MAX).forEach(track -> revision.takeIn(track, sids));
        return revision.events;
    }

    /** Returns the events that unpublish these tracks and then refuse them. */
    public static List<RoomEvent> refuse(
            Participant participant, Collection<TrackSid> tracks, RoomError error, Instant now) {
        return participant.publications().stream()
                .filter(publication -> tracks.contains(publication.sid()))
                .<RoomEvent>flatMap(publication -> Stream.of(
                        new TrackUnpublished(participant.sid(), publication.sid(), now),
                        new TrackRefused(participant.sid(), new RefusedTrack(publication.clientTrackId(), error), now)))
                .toList();
    }

    private List<RoomEvent> takeIn(ClientParticipant account, Supplier<TrackSid> sids) {
        List<ClientTrack> tracks =
                account.tracks().stream().limit(ClientLimits.TRACKS_MAX).toList();
        Set<String> listed = new HashSet<>();
        tracks.forEach(track -> listed.add(track.id()));
        // Tracks are unpublished before new tracks are published, so that new tracks can take their names.
        current().publications().stream()
                .filter(publication -> !listed.contains(publication.clientTrackId()))
                .forEach(publication -> add(new TrackUnpublished(participant, publication.sid(), now)));
        tracks.forEach(track -> takeIn(track, sids));
        add(new ParticipantRevised(
                participant, account.revision(), listed.stream().sorted().toList(), now));
        return events;
    }

    private void takeIn(ClientTrack track, Supplier<TrackSid> sids) {
        Participant publisher = current();
        Optional<Publication> known = publisher.publicationOf(track.id());
        if (known.isPresent()) {
            Publication old = known.get();
            if (old.enabled() != track.enabled() || old.priority() != track.priority()) {
                add(new TrackChanged(participant, old.sid(), track.enabled(), track.priority(), now));
            }
        } else if (!publisher.knows(track.id())) {
            add(TrackRules.refusal(room.properties(), room.trackCount(), publisher, track)
                    .<RoomEvent>map(error -> new TrackRefused(participant, new RefusedTrack(track.id(), error), now))
                    .orElseGet(() -> new TrackPublished(participant, publication(track, sids.get()), now)));
        }
    }

    private static Publication publication(ClientTrack track, TrackSid sid) {
        return new Publication(sid, track.id(), track.kind(), track.name(), track.enabled(), track.priority());
    }

    private Participant current() {
        return room.participant(participant).orElseThrow();
    }

    private void add(RoomEvent event) {
        events.add(event);
        room = (OpenRoom) room.apply(event); // The next track is judged against the room after this event.
    }
}
