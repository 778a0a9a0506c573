package org.rotunda.room.entity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.quota.Seats;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.RoomEvent;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomState;

/**
 * The seats of one room in its account. The room asks for a seat and goes on with other commands; the answer comes as a
 * command of its own. A seat whose return was lost is found again, because the room repeats which seats it has. Lives in
 * the entity's actor.
 */
final class RoomSeats {
    /** A renewal comes up to this part of the interval earlier, so that the rooms of a node do not renew all at once. */
    private static final double JITTER = 0.2;

    private final ActorContext<RoomCommand> context;
    private final TimerScheduler<RoomCommand> timers;
    private final RoomSid sid;
    private final Seats seats;
    private final RoomEnvironment environment;
    // The identities of those for whom a seat is asked, and who are not admitted yet.
    private final Map<ParticipantSid, String> expected = new LinkedHashMap<>();
    private int creates; // Requests for the seat of the room that are not answered yet.

    RoomSeats(
            ActorContext<RoomCommand> context,
            TimerScheduler<RoomCommand> timers,
            RoomSid sid,
            RoomEnvironment environment) {
        this.context = context;
        this.timers = timers;
        this.sid = sid;
        this.seats = environment.seats();
        this.environment = environment;
    }

    boolean areCounted(AccountSid account) {
        return seats.areCounted(account);
    }

    /** Returns whether a create waits for the seat of the room. */
    boolean isRoomExpected() {
        return creates > 0;
    }

    /** Asks for the seat of the room. {@link RoomInternal.RoomSeated} brings the answer. */
    void take(RoomCommand.Create create) {
        creates++;
        Runnable giveUp = () -> {
            creates--;
            if (creates == 0) { // Another create may have taken the same seat.
                seats.giveRoom(create.account(), sid);
            }
        };
        context.pipeToSelf(
                seats.takeRoom(create.account(), sid, create.properties().type()),
                (error, failure) -> new RoomInternal.RoomSeated(
                        create, failure == null ? error.orElse(null) : RoomError.BUSY, giveUp));
    }

    /** Notes that the room is created with its seat. */
    void used(RoomInternal.RoomSeated seated) {
        creates--;
    }

    /**
     * Asks for the seat of a participant. {@link RoomInternal.Seated} brings the answer. If the identity is in the room
     * already, or about to be, the new participant takes over the seat of the old one.
     */
    void take(OpenRoom room, RoomCommand.Connect connect, ParticipantSid participant) {
        ParticipantSid replaces = expected.entrySet().stream()
                .filter(each -> each.getValue().equals(connect.identity()))
                .map(Map.Entry::getKey)
                .reduce((earlier, later) -> later)
                .or(() -> room.participantByIdentity(connect.identity()).map(Participant::sid))
                .orElse(null);
        expected.put(participant, connect.identity());
        AccountSid account = room.account();
        RoomType type = room.properties().type();
        Runnable giveUp = () -> {
            expected.remove(participant);
            seats.giveParticipant(account, sid, participant);
        };
        context.pipeToSelf(
                seats.takeParticipant(account, sid, type, participant, replaces),
                (error, failure) -> new RoomInternal.Seated(
                        connect, participant, failure == null ? error.orElse(null) : RoomError.BUSY, giveUp));
    }

    /** Notes that a participant is admitted with its seat. */
    void used(RoomInternal.Seated seated) {
        expected.remove(seated.participant());
    }

    /** Gives back the seats of those who have left by the events, and of the whole room when it has ended. */
    void of(RoomState state, List<RoomEvent> events) {
        if (state instanceof RoomState.Completed over) {
            timers.cancel(RoomInternal.RenewSeats.class);
            giveRoom(over.view().account());
        } else if (state instanceof OpenRoom room && areCounted(room.account())) {
            for (RoomEvent event : events) {
                if (event instanceof ParticipantDisconnected gone) {
                    seats.giveParticipant(room.account(), sid, gone.participant());
                }
            }
            if (!timers.isTimerActive(RoomInternal.RenewSeats.class)) {
                renewLater();
            }
        }
    }

    /** Gives back all seats of the room. A repeat does no harm. */
    void giveRoom(AccountSid account) {
        if (areCounted(account)) {
            seats.giveRoom(account, sid);
        }
    }

    /** Tells the account which participants of the room have seats, those included who are about to be admitted. */
    void renew(OpenRoom room) {
        if (areCounted(room.account())) {
            List<ParticipantSid> participants = new ArrayList<>(expected.keySet());
            room.participants().forEach(participant -> participants.add(participant.sid()));
            seats.renew(room.account(), sid, room.properties().type(), participants);
            renewLater();
        }
    }

    private void renewLater() {
        Duration interval = seats.renewEvery();
        double part = 1 - JITTER * environment.random().nextDouble();
        timers.startSingleTimer(RoomInternal.RenewSeats.class, new RoomInternal.RenewSeats(), Duration.ofNanos((long)
                (interval.toNanos() * part)));
    }
}
