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
}
