package org.rotunda.room.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomSettings;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.RoomCompleted;
import org.rotunda.room.state.RoomEvent.SessionResumed;
import org.rotunda.room.state.RoomEvent.SessionSuspended;
import org.rotunda.room.testkit.RoomSamples;
import org.rotunda.room.testkit.RoomSteps;

class DeadlinesTest {
    private static final RoomSettings SETTINGS = RoomSamples.settings();
    private final RoomSteps steps = RoomSteps.room(properties());

    @Test
    void completesARoomThatNobodyJoined() {
        Instant unused = START.plus(Duration.ofMinutes(5));

        assertThat(Deadlines.next(steps.state(), SETTINGS)).isEqualTo(unused);
        assertThat(Deadlines.due(steps.state(), SETTINGS, unused.minusMillis(1)))
                .isEmpty();
        assertThat(Deadlines.due(steps.state(), SETTINGS, unused)).containsExactly(new RoomCompleted(unused));
    }

    @Test
    void completesARoomThatStaysEmpty() {
        Instant left = START.plusSeconds(600);
        ParticipantSid alice = steps.joins("alice", START);
        steps.happens(new ParticipantDisconnected(alice, Departure.LEFT, left));
        Instant empty = left.plus(Duration.ofMinutes(5));

        assertThat(Deadlines.next(steps.state(), SETTINGS)).isEqualTo(empty);
        assertThat(Deadlines.due(steps.state(), SETTINGS, empty)).containsExactly(new RoomCompleted(empty));
    }

    @Test
    void completesAnAdHocRoomWhenTheLastLeaves() {
        RoomSteps adHoc = RoomSteps.room(properties(4, 0));
        // The ad-hoc room waits for its first participant.
        assertThat(Deadlines.due(adHoc.state(), SETTINGS, START)).isEmpty();
        ParticipantSid alice = adHoc.joins("alice", START);
        var leaves = new ParticipantDisconnected(alice, Departure.LEFT, START);

        assertThat(Deadlines.andCompletion(adHoc.state(), List.of(leaves), SETTINGS, START))
                .containsExactly(leaves, new RoomCompleted(START));
    }

    @Test
    void removesAParticipantWhoDoesNotComeBackInTime() {
        ParticipantSid alice = steps.joins("alice", START);
        steps.joins("bob", START);
        Instant deadline = START.plusSeconds(30);
        steps.happens(new SessionSuspended(alice, deadline, START));

        assertThat(Deadlines.next(steps.state(), SETTINGS)).isEqualTo(deadline);
        assertThat(Deadlines.due(steps.state(), SETTINGS, deadline))
                .containsExactly(new ParticipantDisconnected(alice, Departure.SESSION_TIMEOUT, deadline));
    }

    @Test
    void removesAParticipantWhoStaysTooLong() {
        ParticipantSid alice = steps.joins("alice", START);
        Instant tooLong = START.plusSeconds(14_400);

        assertThat(Deadlines.due(steps.state(), SETTINGS, tooLong))
                .containsExactly(new ParticipantDisconnected(alice, Departure.MAX_DURATION, tooLong));
    }

    @Test
    void completesEveryRoomAfterADay() {
        steps.joins("alice", START.plus(Duration.ofHours(23)));
        Instant day = START.plus(Duration.ofHours(24));

        assertThat(Deadlines.next(steps.state(), SETTINGS)).isEqualTo(day);
        assertThat(Deadlines.due(steps.state(), SETTINGS, day)).containsExactly(new RoomCompleted(day));
    }

    /** Nobody waits longer in an empty room because no node ran the room. */
    @Test
    void anUnusedRoomEndsAtItsDeadlineHoweverLateThatIsDecided() {
        Instant unused = START.plus(Duration.ofMinutes(5));

        assertThat(Deadlines.due(steps.state(), SETTINGS, START.plus(Duration.ofDays(3))))
                .containsExactly(new RoomCompleted(unused));
    }

    @Test
    void theLongestStaysThenTheEmptyRoomEndAtTheirDeadlines() {
        ParticipantSid bob = steps.joins("bob", START.plusSeconds(60));
        ParticipantSid alice = steps.joins("alice", START);
        Instant alicesEnd = START.plusSeconds(14_400);
        Instant bobsEnd = alicesEnd.plusSeconds(60);

        assertThat(Deadlines.due(steps.state(), SETTINGS, START.plus(Duration.ofHours(23))))
                .containsExactly(
                        new ParticipantDisconnected(alice, Departure.MAX_DURATION, alicesEnd),
                        new ParticipantDisconnected(bob, Departure.MAX_DURATION, bobsEnd),
                        new RoomCompleted(bobsEnd.plus(Duration.ofMinutes(5))));
    }

    @Test
    void whoeverMayStayLongerThanTheRoomLeavesWithTheRoom() {
        ParticipantSid alice = steps.joins("alice", START.plus(Duration.ofHours(19)));
        steps.joins("bob", START.plus(Duration.ofHours(21)));

        assertThat(Deadlines.due(steps.state(), SETTINGS, START.plus(Duration.ofDays(2))))
                .containsExactly(
                        new ParticipantDisconnected(alice, Departure.MAX_DURATION, START.plus(Duration.ofHours(23))),
                        new RoomCompleted(START.plus(Duration.ofHours(24))));
    }

    @Test
    void anEmptyRoomIsNoOlderThanADayEither() {
        RoomSteps room = RoomSteps.room(properties(4, 60));
        ParticipantSid alice = room.joins("alice", START);
        Instant left = START.plus(Duration.ofMinutes(23 * 60 + 30));
        room.happens(new ParticipantDisconnected(alice, Departure.LEFT, left));
        Instant day = START.plus(Duration.ofHours(24));

        assertThat(Deadlines.next(room.state(), SETTINGS)).isEqualTo(day);
        assertThat(Deadlines.due(room.state(), SETTINGS, day.plusSeconds(1))).containsExactly(new RoomCompleted(day));
    }

    /** The timeout begins again whenever the last participant leaves. */
    @Test
    void anEmptyRoomWaitsFromTheLastLeave() {
        for (int minute : new int[] {0, 4, 8}) {
            ParticipantSid guest = steps.joins("guest", START.plus(Duration.ofMinutes(minute)));
            steps.happens(new ParticipantDisconnected(
                    guest,
                    Departure.LEFT,
                    START.plus(Duration.ofMinutes(minute)).plusSeconds(30)));
        }

        assertThat(Deadlines.next(steps.state(), SETTINGS))
                .isEqualTo(START.plus(Duration.ofMinutes(13)).plusSeconds(30));
    }

    /** A message may overtake the timer. */
    @Test
    void noEndLiesBeforeTheLastChange() {
        Instant unused = START.plus(Duration.ofMinutes(5));
        ParticipantSid alice = steps.joins("alice", unused.plusMillis(1));
        Instant changed = unused.plusMillis(1).plusSeconds(14_400).plusMillis(2);
        steps.happens(new SessionResumed(alice, changed));

        assertThat(Deadlines.due(steps.state(), SETTINGS, changed.plusMillis(1)))
                .containsExactly(new ParticipantDisconnected(alice, Departure.MAX_DURATION, changed));
        RoomSteps old = RoomSteps.room(properties());
        Instant late = START.plus(Duration.ofHours(24)).plusMillis(3);
        old.joins("alice", late);
        assertThat(Deadlines.due(old.state(), SETTINGS, late.plusMillis(1))).containsExactly(new RoomCompleted(late));
    }

    @Test
    void onlyThoseWhoMayStillStayGetANewDeadline() {
        ParticipantSid alice = steps.joins("alice", START);
        ParticipantSid bob = steps.joins("bob", START.plusSeconds(3_600));
        steps.happens(new SessionSuspended(alice, START.plusSeconds(4_030), START.plusSeconds(4_000)));
        steps.happens(new SessionSuspended(bob, START.plusSeconds(4_030), START.plusSeconds(4_000)));
        Instant now = START.plusSeconds(14_400);

        assertThat(Deadlines.renewed(steps.state(), SETTINGS, now))
                .containsExactly(new SessionSuspended(bob, now.plus(SETTINGS.sessionTimeout()), now));
        assertThat(Deadlines.renewed(steps.state(), SETTINGS, START.plus(Duration.ofHours(24))))
                .isEmpty();
    }
}
