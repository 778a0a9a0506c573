package org.rotunda.room.state;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.rules.TrackSelection;

/** The tracks that participants receive by their subscribe rules. Pure. */
public final class Subscriptions {
    private Subscriptions() {}

    /** A track to receive, and its publisher. */
    public record Subscribed(Participant publisher, Publication track) implements TrackSelection.Candidate {
        @Override
        public ParticipantSid publisherSid() {
            return publisher.sid();
        }

        @Override
        public String publisherIdentity() {
            return publisher.identity();
        }

        @Override
        public TrackSid trackSid() {
            return track.sid();
        }

        @Override
        public String trackName() {
            return track.name();
        }

        @Override
        public TrackKind trackKind() {
            return track.kind();
        }

        @Override
        public TrackPriority trackPriority() {
            return track.priority();
        }
    }

    /** Returns the tracks that a participant receives: those tracks of the others that its subscribe rules select. */
    public static Stream<Subscribed> of(OpenRoom room, Participant subscriber) {
        return select(published(room), subscriber);
    }

    /** Returns all tracks that are published in the room. */
    static Stream<Subscribed> published(OpenRoom room) {
        return room.participants().stream()
                .flatMap(publisher -> publisher.publications().stream().map(track -> new Subscribed(publisher, track)));
    }

    /**
     * Returns a subscriber with the tracks noted that a change has taken out of its set. Only a change of its rules or
     * of a track's priority can do that while the track stays published.
     *
     * @param before the room before the change
     * @param after the room after the change
     * @param subscriber the subscriber after the change
     * @param concerned returns whether the change concerns a track
     */
    static Participant noteLeft(
            OpenRoom before, OpenRoom after, Participant subscriber, Predicate<TrackSid> concerned) {
        SubscribeRules rules = subscriber.subscribeRules();
        if (rules == null) {
            return subscriber; // The default rules select all tracks or none, whatever changes.
        }
        Set<TrackSid> left = before.participant(subscriber.sid()).stream()
                .flatMap(old -> received(before, old, concerned))
                .collect(Collectors.toSet());
        received(after, subscriber, concerned).forEach(left::remove);
        return left.isEmpty()
                ? subscriber
                : subscriber.with(rules.afterLeft(
                        left, published(after).map(Subscribed::trackSid).toList()));
    }

    private static Stream<TrackSid> received(OpenRoom room, Participant subscriber, Predicate<TrackSid> concerned) {
        return select(published(room).filter(each -> concerned.test(each.trackSid())), subscriber)
                .map(Subscribed::trackSid);
    }

    private static Stream<Subscribed> select(Stream<Subscribed> tracks, Participant subscriber) {
        List<TrackRule> rules = subscriber.rulesInForce();
        return tracks.filter(each -> !each.publisher().sid().equals(subscriber.sid()))
                .filter(each -> TrackSelection.selects(rules, false, each));
    }
}
