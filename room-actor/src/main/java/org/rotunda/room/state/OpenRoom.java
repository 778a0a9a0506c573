package org.rotunda.room.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.rules.TrackSelection;
import org.rotunda.room.state.RoomEvent.ParticipantAnonymized;
import org.rotunda.room.state.RoomEvent.ParticipantConnected;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.ParticipantMoved;
import org.rotunda.room.state.RoomEvent.ParticipantRevised;
import org.rotunda.room.state.RoomEvent.RecordingRulesChanged;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.RoomCreated;
import org.rotunda.room.state.RoomEvent.RoomHosted;
import org.rotunda.room.state.RoomEvent.SessionResumed;
import org.rotunda.room.state.RoomEvent.SessionSuspended;
import org.rotunda.room.state.RoomEvent.SubscribeRulesChanged;
import org.rotunda.room.state.RoomEvent.TrackChanged;
import org.rotunda.room.state.RoomEvent.TrackPublished;
import org.rotunda.room.state.RoomEvent.TrackRefused;
import org.rotunda.room.state.RoomEvent.TrackUnpublished;

/**
 * The state of a room in progress. Each event leads to the next state. {@link Admission}, {@link TrackRevision} and
 * {@link Deadlines} decide which events a request or a deadline causes.
 *
 * @param epoch the epoch of the present owner; 0 before the first epoch
 * @param participants the connected and reconnecting participants, in the order in which they came
 * @param departed the participants who left most recently, at most {@value #DEPARTED_MAX}
 * @param used true once a participant has connected
 * @param idleSince the time at which the room last became empty; without meaning while a participant is there
 * @param recordingRules the recording rules that were set; null while the default rule is in force
 */
public record OpenRoom(
        RoomSid sid,
        AccountSid account,
        String uniqueName,
        RoomProperties properties,
        Instant createdAt,
        long epoch,
        List<Participant> participants,
        List<Departed> departed,
        boolean used,
        Instant idleSince,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RecordingRules recordingRules)
        implements RoomState {
    /**
     * The maximum number of departed participants in the state. Participants who left earlier are only in the database
     * tables.
     */
    static final int DEPARTED_MAX = 200;

    public OpenRoom {
        participants = List.copyOf(participants);
        departed = List.copyOf(departed);
    }

    public static OpenRoom created(RoomCreated event) {
        return new OpenRoom(
                event.sid(),
                event.account(),
                event.uniqueName(),
                event.properties(),
                event.at(),
                0,
                List.of(),
                List.of(),
                false,
                event.at(),
                event.properties().recordingRules().isEmpty()
                        ? null
                        : new RecordingRules(event.properties().recordingRules(), event.at(), event.at()));
    }

    @Override
    public RoomState apply(RoomEvent event) {
        if (event instanceof RoomCompleted completed) {
            return with(completed);
        } else if (event instanceof RoomHosted hosted) {
            return with(hosted);
        } else if (event instanceof ParticipantConnected connected) {
            return with(connected);
        } else if (event instanceof ParticipantDisconnected disconnected) {
            return with(disconnected);
        } else if (event instanceof TrackPublished e) {
            return with(e.participant(), old -> old.published(e.publication(), e.at()));
        } else if (event instanceof TrackRefused e) {
            return with(e.participant(), old -> old.refused(e.track(), e.at()));
        } else if (event instanceof TrackChanged e) {
            return with(e);
        } else if (event instanceof TrackUnpublished e) {
            return with(e.participant(), old -> old.unpublished(e.track(), e.at()));
        } else if (event instanceof ParticipantRevised e) {
            return with(e.participant(), old -> old.revised(e.clientRevision(), e.listed(), e.at()));
        } else if (event instanceof SessionSuspended e) {
            return with(e.participant(), old -> old.suspended(e.deadline(), e.at()));
        } else if (event instanceof SessionResumed e) {
            return with(e.participant(), old -> old.resumed(e.at()));
        } else if (event instanceof ParticipantMoved e) {
            return with(e.participant(), old -> old.moved(e.placement(), e.at()));
        } else if (event instanceof SubscribeRulesChanged e) {
            return with(e);
        } else if (event instanceof RecordingRulesChanged e) {
            return with(e);
        } else if (event instanceof ParticipantAnonymized e) {
            return with(epoch, participants, RoomState.anonymize(departed, e), used, idleSince);
        }
        throw new IllegalStateException("does not happen in a room in progress: " + event);
    }

    public Optional<Participant> participant(ParticipantSid wanted) {
        return participants.stream().filter(each -> each.sid().equals(wanted)).findFirst();
    }

    public Optional<Participant> participantByIdentity(String identity) {
        return participants.stream()
                .filter(each -> each.identity().equals(identity))
                .findFirst();
    }

    /** Finds a participant by SID, or by identity if no participant has that SID. */
    public Optional<Participant> find(String sidOrIdentity) {
        return participants.stream()
                .filter(each -> each.sid().value().equals(sidOrIdentity))
                .findFirst()
                .or(() -> participantByIdentity(sidOrIdentity));
    }

    /** Returns the participant of a session. */
    public Optional<Participant> participantOf(SessionId sessionId) {
        return participant(sessionId.participant())
                .filter(each -> each.sessionHash().equals(SessionHash.of(sessionId)));
    }

    /** Returns the number of tracks published in the room now. */
    public int trackCount() {
        return participants.stream()
                .mapToInt(each -> each.publications().size())
                .sum();
    }

    /** Returns the rules that decide what is recorded: the rules that were set, or the default rule. */
    public List<TrackRule> recordingRulesInForce() {
        if (recordingRules != null) {
            return recordingRules.rules();
        }
        return List.of(properties.recordParticipantsOnConnect() ? TrackRule.INCLUDE_ALL : TrackRule.EXCLUDE_ALL);
    }

    /** Returns whether the recording rules select a track that is published now. Data tracks are never recorded. */
    public boolean selectsForRecording() {
        List<TrackRule> rules = recordingRulesInForce();
        boolean start = properties.recordParticipantsOnConnect();
        return TrackSelection.canSelect(rules, start)
                && Subscriptions.published(this)
                        .filter(each -> each.trackKind() != TrackKind.DATA)
                        .anyMatch(each -> TrackSelection.selects(rules, start, each));
    }

    public RoomView view() {
        return new RoomView(sid, account, uniqueName, RoomStatus.IN_PROGRESS, properties, createdAt, createdAt, null);
    }

    public ParticipantView view(Participant participant) {
        return new ParticipantView(
                participant.sid(),
                sid,
                account,
                participant.identity(),
                participant.status(),
                participant.connectedAt(),
                participant.updatedAt(),
                null);
    }

    private RoomState with(RoomCompleted event) {
        List<Departed> all = new ArrayList<>(departed);
        // All participants who were in the room at its end are kept, even if there are then more than DEPARTED_MAX,
        // because the database shows their departure only later.
        participants.forEach(participant -> all.add(participant.departed(event.at())));
        return new Completed(
                new RoomView(
                        sid, account, uniqueName, RoomStatus.COMPLETED, properties, createdAt, event.at(), event.at()),
                all);
    }

    private OpenRoom with(RoomHosted event) {
        return with(event.epoch(), participants, departed, used, idleSince);
    }

    private OpenRoom with(ParticipantConnected event) {
        List<Participant> next = new ArrayList<>(participants);
        next.add(new Participant(
                event.participant(),
                event.identity(),
                event.sessionHash(),
                event.automaticSubscription(),
                event.channels(),
                event.placement(),
                event.clientRevision(),
                List.of(),
                List.of(),
                event.at(),
                event.at(),
                null,
                null,
                event.bandwidthProfile()));
        return with(epoch, next, departed, true, idleSince);
    }

    private OpenRoom with(ParticipantDisconnected event) {
        List<Participant> next = new ArrayList<>(participants);
        next.removeIf(each -> each.sid().equals(event.participant()));
        List<Departed> nextDeparted = participant(event.participant())
                .map(gone -> withDeparted(departed, gone.departed(event.at())))
                .orElse(departed);
        return with(epoch, next, nextDeparted, used, event.at());
    }

    private OpenRoom with(TrackChanged event) {
        OpenRoom next = with(
                event.participant(), old -> old.changed(event.track(), event.enabled(), event.priority(), event.at()));
        boolean samePriority = participant(event.participant()).stream()
                .flatMap(publisher -> publisher.publications().stream())
                .anyMatch(track -> track.sid().equals(event.track()) && track.priority() == event.priority());
        if (samePriority) {
            return next; // No rule depends on anything else that changes.
        }
        return next.with(
                next.epoch,
                next.participants.stream()
                        .map(each -> Subscriptions.noteLeft(this, next, each, event.track()::equals))
                        .toList(),
                next.departed,
                next.used,
                next.idleSince);
    }

    private OpenRoom with(SubscribeRulesChanged event) {
        OpenRoom next = with(event.participant(), old -> {
            SubscribeRules last = old.subscribeRules();
            return old.with(new SubscribeRules(
                    event.rules(),
                    last == null ? event.at() : last.createdAt(),
                    event.at(),
                    last == null ? Map.of() : last.timesLeft()));
        });
        return next.with(event.participant(), each -> Subscriptions.noteLeft(this, next, each, track -> true));
    }

    private OpenRoom with(RecordingRulesChanged event) {
        Instant first = recordingRules == null ? event.at() : recordingRules.createdAt();
        return new OpenRoom(
                sid,
                account,
                uniqueName,
                properties,
                createdAt,
                epoch,
                participants,
                departed,
                used,
                idleSince,
                new RecordingRules(event.rules(), first, event.at()));
    }

    private OpenRoom with(ParticipantSid changed, UnaryOperator<Participant> change) {
        List<Participant> next = participants.stream()
                .map(each -> each.sid().equals(changed) ? change.apply(each) : each)
                .toList();
        return with(epoch, next, departed, used, idleSince);
    }

    /** Returns the room with new values of the components that events can change. */
    private OpenRoom with(
            long nextEpoch,
            List<Participant> nextParticipants,
            List<Departed> nextDeparted,
            boolean nextUsed,
            Instant nextIdleSince) {
        return new OpenRoom(
                sid,
                account,
                uniqueName,
                properties,
                createdAt,
                nextEpoch,
                nextParticipants,
                nextDeparted,
                nextUsed,
                nextIdleSince,
                recordingRules);
    }

    private static List<Departed> withDeparted(List<Departed> old, Departed one) {
        List<Departed> next = new ArrayList<>(old);
        next.add(one);
        return next.size() > DEPARTED_MAX ? next.subList(next.size() - DEPARTED_MAX, next.size()) : next;
    }
}
