package org.rotunda.room.call;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.slf4j.Logger;

/**
 * The data that the parts of a {@link RoomConductor} share: the latest state, its epoch and revisions, and the members
 * of the call. Owned by the conductor.
 */
public final class LiveRoom {
    /** The number of revisions in one epoch. All revisions of the next epoch are higher. */
    public static final long REVISIONS_PER_EPOCH = 1L << 20;

    // The room asks for a new epoch when this number of revisions is left. The revisions left must last until the new
    // epoch is journalled.
    private static final long REVISIONS_LEFT_MIN = 1L << 10;

    private final RoomSid sid;
    private final CallEnvironment environment;
    private final ActorContext<ConductorCommand> context;
    private final ActorRef<RoomCommand> entity;
    private final Map<ParticipantSid, Member> members = new LinkedHashMap<>();
    private final MemberFaults faults = new MemberFaults(this);
    private @Nullable OpenRoom state;
    private boolean mediaServer = true; // The type of a room never changes.
    private long epoch;
    private long revisions;

    LiveRoom(
            RoomSid sid,
            CallEnvironment environment,
            ActorContext<ConductorCommand> context,
            ActorRef<RoomCommand> entity) {
        this.sid = sid;
        this.environment = environment;
        this.context = context;
        this.entity = entity;
    }

    RoomSid sid() {
        return sid;
    }

    CallEnvironment environment() {
        return environment;
    }

    RoomSettings settings() {
        return environment.settings();
    }

    /** The members of the call, in the order in which they came. This is the conductor's own map, not a copy. */
    Map<ParticipantSid, Member> members() {
        return members;
    }

    /** Returns the guard for the work of single members. */
    MemberFaults faults() {
        return faults;
    }

    boolean hasSession(ParticipantSid participant) {
        Member member = members.get(participant);
        return member != null && member.socket != null;
    }

    /** The latest state; empty before the first state and after the room's end. */
    Optional<OpenRoom> state() {
        return Optional.ofNullable(state);
    }

    Optional<Participant> participant(ParticipantSid participant) {
        OpenRoom now = state;
        return now == null ? Optional.empty() : now.participant(participant);
    }

    /** Returns whether media of this room goes through a media router, and not from client to client. */
    boolean hasMediaServer() {
        return mediaServer;
    }

    /** The epoch of the latest state; 0 before the first state. */
    long epoch() {
        return epoch;
    }

    /** Stores the next state. Returns true if the state begins a new epoch. */
    boolean evolve(OpenRoom next) {
        state = next;
        mediaServer = next.properties().hasMediaServer();
        if (next.epoch() == epoch) {
            return false;
        }
        epoch = next.epoch();
        revisions = 0;
        return true;
    }

    void complete() {
        state = null;
    }

    /** Returns the next revision. Revisions always rise, also when the epoch changes. */
    long nextRevision() {
        revisions++;
        if (revisions == REVISIONS_PER_EPOCH - REVISIONS_LEFT_MIN) {
            ask(new CallReport.RevisionsRunOut());
        }
        return epoch * REVISIONS_PER_EPOCH + revisions;
    }

    /**
     * Returns whether clients are to be told that the room is recorded. There is no recorder yet, so they are told only
     * where recording is simulated.
     */
    boolean announcesRecording(OpenRoom now) {
        return settings().recordingSimulated() && now.selectsForRecording();
    }

    /** Returns the time on the clock of the machines, in nanoseconds. */
    long nowNanos() {
        return environment.nanoTime().getAsLong();
    }

    /** Sends a report to the entity. */
    void ask(CallReport report) {
        entity.tell(report);
    }

    Logger log() {
        return context.getLog();
    }

    void log(String what, ParticipantSid participant) {
        log().atInfo().addKeyValue("participant", participant.value()).log(what);
    }
}
