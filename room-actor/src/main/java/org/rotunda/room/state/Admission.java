package org.rotunda.room.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.rotunda.room.placement.Placement;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.SubscribeRulesChanged;

/**
 * The admission of one participant to a room. The class also contains the rules for refusing a participant. Pure.
 *
 * @param events the events that admit the participant
 */
public record Admission(SessionId sessionId, List<RoomEvent> events) {
    /** The media-signaling channels that this server serves. No other channel is granted. */
    static final Set<String> CHANNELS_SERVED = SignalChannel.NAMES;

    /**
     * Returns the reason to refuse this connect, or nothing. A participant with the same identity does not count
     * towards the limit of participants, because the new participant replaces it.
     */
    public static Optional<RoomError> refusal(OpenRoom room, RoomCommand.Connect connect) {
        if (!room.account().equals(connect.account())) {
            return Optional.of(RoomError.ROOM_NOT_FOUND);
        }
        long others = room.participants().stream()
                .filter(each -> !each.identity().equals(connect.identity()))
                .count();
        return others < room.properties().participantsMax()
                ? Optional.empty()
                : Optional.of(RoomError.ROOM_MAX_PARTICIPANTS_EXCEEDED);
    }

    /**
     * Returns the admission of a participant that {@link #refusal} does not refuse.
     *
     * @param participant the SID of the new participant
     */
    public static Admission of(
            OpenRoom room,
            RoomCommand.Connect connect,
            ParticipantSid participant,
            String mediaNode,
            RandomGenerator random,
            Instant now) {
        SessionId sessionId = SessionId.random(room.sid(), participant, random);
        List<RoomEvent> events = new ArrayList<>();
        room.participantByIdentity(connect.identity())
                .map(Participant::sid)
                .ifPresent(old -> events.add(new ParticipantDisconnected(old, Departure.DUPLICATE_IDENTITY, now)));
        events.add(new ParticipantConnected(
                participant,
                connect.identity(),
                SessionHash.of(sessionId),
                // Without a media server everybody receives everything.
                connect.automaticSubscription() || !room.properties().hasMediaServer(),
                grant(room, connect.channels(), random),
                new Placement(mediaNode, connect.offer().connectionId()),
                connect.participant().revision(),
                room.properties().hasMediaServer() ? connect.bandwidthProfile() : null,
                now));
        if (!connect.subscribeRules().isEmpty() && room.properties().hasMediaServer()) {
            events.add(new SubscribeRulesChanged(participant, connect.subscribeRules(), now));
        }
        events.addAll(TrackRevision.publishFirst(
                (OpenRoom) room.applyAll(events),
                participant,
                connect.participant().tracks(),
                () -> TrackSid.random(random),
                now));
        return new Admission(sessionId, events);
    }

    /**
     * Returns the granted channels with their data-channel labels. Labels are journalled, because a client keeps the
     * first label that it hears. Room types without a media server have no channels.
     */
    private static Map<String, String> grant(OpenRoom room, Set<String> wanted, RandomGenerator random) {
        Map<String, String> labels = new TreeMap<>();
        if (room.properties().hasMediaServer()) {
            wanted.stream()
                    .filter(CHANNELS_SERVED::contains)
                    .sorted()
                    .forEach(channel -> labels.put(channel, channel + "-" + Long.toHexString(random.nextLong())));
        }
        return labels;
    }
}
