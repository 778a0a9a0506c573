package org.rotunda.room.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.SessionSuspended;

/**
 * Computes the events that time alone causes in a room. All deadlines follow from the state, so they survive a change
 * of owner. The event of a deadline happens at the deadline, even if the room had no owner then and decides it later:
 * the time without an owner must make no stay and no room longer. Pure.
 */
public final class Deadlines {
    private Deadlines() {}

    /** Returns the next time at which {@link #due} has events, if the room does not change meanwhile. */
    public static Instant next(OpenRoom room, RoomSettings settings) {
        Stream<Instant> ofParticipants =
                room.participants().stream().map(participant -> stayDeadline(room, participant));
        return Stream.concat(ofParticipants, Stream.of(endDeadline(room, settings)))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** Returns the events that are due, in the order of their deadlines. */
    public static List<RoomEvent> due(OpenRoom room, RoomSettings settings, Instant now) {
        Instant age = ageDeadline(room, settings);
        List<RoomEvent> departures = room.participants().stream()
                .filter(participant -> !now.isBefore(stayDeadline(room, participant)))
                // Whoever may stay longer than the room leaves with its end.
                .filter(participant -> stayDeadline(room, participant).isBefore(age))
                .<RoomEvent>map(participant -> departure(room, participant))
                .sorted(Comparator.comparing(RoomEvent::at))
                .toList();
        return andCompletion(room, departures, settings, now);
    }

    private static ParticipantDisconnected departure(OpenRoom room, Participant participant) {
        Instant deadline = stayDeadline(room, participant);
        return new ParticipantDisconnected(
                participant.sid(),
                deadline.isBefore(durationDeadline(room, participant))
                        ? Departure.SESSION_TIMEOUT
                        : Departure.MAX_DURATION,
                later(deadline, participant.updatedAt()));
    }

    /**
     * Returns the given events, and adds the completion of the room if, after these events, its deadline has passed:
     * it is too old, or it is empty and its time to wait for participants is over.
     */
    public static List<RoomEvent> andCompletion(
            OpenRoom room, List<RoomEvent> events, RoomSettings settings, Instant now) {
        OpenRoom after = (OpenRoom) room.applyAll(events);
        Instant end = endDeadline(after, settings);
        if (now.isBefore(end)) {
            return events;
        }
        List<RoomEvent> all = new ArrayList<>(events);
        all.add(new RoomCompleted(later(end, lastChange(after))));
        return all;
    }

    /**
     * Returns the events that give every reconnecting participant a new deadline, after a new owner has taken the room
     * over. Their clients get the whole session timeout to find the new owner, however long the room had no owner. A
     * participant or a room whose longest time is over gets no new deadline.
     */
    public static List<RoomEvent> renewed(OpenRoom room, RoomSettings settings, Instant now) {
        if (!now.isBefore(ageDeadline(room, settings))) {
            return List.of();
        }
        return room.participants().stream()
                .filter(participant -> participant.status() == ParticipantStatus.RECONNECTING)
                .filter(participant -> now.isBefore(durationDeadline(room, participant)))
                .<RoomEvent>map(participant ->
                        new SessionSuspended(participant.sid(), now.plus(settings.sessionTimeout()), now))
                .toList();
    }

    /** Returns the time at which the room ends if nothing else happens in it. */
    private static Instant endDeadline(OpenRoom room, RoomSettings settings) {
        Instant age = ageDeadline(room, settings);
        if (!room.participants().isEmpty()) {
            return age;
        }
        Instant idle = idleDeadline(room, settings);
        return idle.isBefore(age) ? idle : age;
    }

    /**
     * Returns the time of the last change in the room. A change can come after a deadline, because a message may
     * overtake the timer, and the end of a room must not lie before a change.
     */
    private static Instant lastChange(OpenRoom room) {
        return room.participants().stream().map(Participant::updatedAt).reduce(room.idleSince(), Deadlines::later);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static Instant ageDeadline(OpenRoom room, RoomSettings settings) {
        return room.createdAt().plus(settings.roomAgeMax());
    }

    /**
     * Returns the time until which an empty room waits for a participant. An ad-hoc room waits for its first
     * participant, but not again after the last participant has left.
     */
    private static Instant idleDeadline(OpenRoom room, RoomSettings settings) {
        if (room.used()) {
            return room.idleSince().plus(Duration.ofMinutes(room.properties().emptyRoomTimeoutMinutes()));
        }
        int unusedMinutes = room.properties().unusedRoomTimeoutMinutes();
        return room.createdAt()
                .plus(unusedMinutes == 0 ? settings.adHocJoinTimeout() : Duration.ofMinutes(unusedMinutes));
    }

    private static Instant stayDeadline(OpenRoom room, Participant participant) {
        Instant duration = durationDeadline(room, participant);
        Instant reconnect = participant.reconnectDeadline();
        return reconnect != null && reconnect.isBefore(duration) ? reconnect : duration;
    }

    private static Instant durationDeadline(OpenRoom room, Participant participant) {
        return participant.connectedAt().plusSeconds(room.properties().maxParticipantDurationSeconds());
    }
}
