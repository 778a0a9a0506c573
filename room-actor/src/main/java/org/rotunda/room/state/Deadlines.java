package org.rotunda.room.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.SessionSuspended;

/**
 * Computes the events that time alone causes in a room. All deadlines follow from the state, so they survive a change
 * of owner. Pure.
 */
public final class Deadlines {
    private Deadlines() {}

    /** Returns the next time at which {@link #due} has events, if the room does not change meanwhile. */
    public static Instant next(OpenRoom room, RoomSettings settings) {
        Stream<Instant> ofParticipants =
                room.participants().stream().map(participant -> stayDeadline(room, participant));
        Stream<Instant> ofRoom = room.participants().isEmpty()
                ? Stream.of(ageDeadline(room, settings), idleDeadline(room, settings))
                : Stream.of(ageDeadline(room, settings));
        return Stream.concat(ofParticipants, ofRoom).min(Instant::compareTo).orElseThrow();
    }

    /** Returns the events that are due. */
    public static List<RoomEvent> due(OpenRoom room, RoomSettings settings, Instant now) {
        if (!now.isBefore(ageDeadline(room, settings))) {
            return List.of(new RoomCompleted(now));
        }
        List<RoomEvent> departures = room.participants().stream()
                .filter(participant -> !now.isBefore(stayDeadline(room, participant)))
                .<RoomEvent>map(participant -> new ParticipantDisconnected(
                        participant.sid(),
                        now.isBefore(durationDeadline(room, participant))
                                ? Departure.SESSION_TIMEOUT
                                : Departure.MAX_DURATION,
                        now))
                .toList();
        return andCompletion(room, departures, settings, now);
    }

    /**
     * Returns the given events, and adds the completion of the room if these events leave the room empty and its time
     * to wait for participants is over.
     */
    public static List<RoomEvent> andCompletion(
            OpenRoom room, List<RoomEvent> events, RoomSettings settings, Instant now) {
        OpenRoom after = (OpenRoom) room.applyAll(events);
        if (!after.participants().isEmpty() || now.isBefore(idleDeadline(after, settings))) {
            return events;
        }
        List<RoomEvent> all = new ArrayList<>(events);
        all.add(new RoomCompleted(now));
        return all;
    }

    /**
     * Returns the events that give every reconnecting participant a new deadline, after a new owner has taken the room
     * over. Their clients get the whole session timeout to find the new owner, however long the room had no owner.
     */
    public static List<RoomEvent> renewed(OpenRoom room, RoomSettings settings, Instant now) {
        return room.participants().stream()
                .filter(participant -> participant.status() == ParticipantStatus.RECONNECTING)
                .<RoomEvent>map(participant ->
                        new SessionSuspended(participant.sid(), now.plus(settings.sessionTimeout()), now))
                .toList();
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
