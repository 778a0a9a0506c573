package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.load.bot.Publishing;

class ScenarioTest {
    @ParameterizedTest
    @EnumSource
    void noIdentityIsInARoomTwice(Scenario.Kind kind) {
        Scenario scenario = Scenario.of(kind, kind.sizeDefault());

        assertThat(scenario.seats().stream().map(seat -> seat.room() + " " + seat.identity()))
                .doesNotHaveDuplicates();
        assertThat(scenario.description()).contains(Integer.toString(kind.sizeDefault()));
    }

    @Test
    void aFanoutHasOnePublisherWhoJoinsFirst() {
        Scenario scenario = Scenario.of(Scenario.Kind.FANOUT, 100);

        assertThat(scenario.seats()).hasSize(101);
        assertThat(scenario.seats().get(0).publishing()).isEqualTo(Publishing.SIMULCAST);
        assertThat(scenario.seats().stream().filter(seat -> !seat.publishing().equals(Publishing.NOTHING)))
                .hasSize(1);
        assertThat(scenario.largeRooms()).isEqualTo(Map.of("fanout", 101));
    }

    @Test
    void aSmallRoomIsNotCreatedBeforehand() {
        assertThat(Scenario.of(Scenario.Kind.FANOUT, 49).largeRooms()).isEmpty();
        assertThat(Scenario.of(Scenario.Kind.FANOUT, 50).largeRooms()).isEqualTo(Map.of("fanout", 51));
        assertThat(Scenario.of(Scenario.Kind.ROOMS, 500).largeRooms()).isEmpty();
    }

    @Test
    void everybodyInAMeshPublishes() {
        assertThat(Scenario.of(Scenario.Kind.MESH, 10).seats())
                .hasSize(10)
                .allMatch(seat -> seat.publishing().equals(Publishing.AUDIO_AND_SIMULCAST));
    }

    @Test
    void tenSpeakersTalkAtTheSameTime() {
        Scenario scenario = Scenario.of(Scenario.Kind.AUDIO, 200);

        assertThat(scenario.seats()).hasSize(210);
        assertThat(scenario.seats().stream().filter(seat -> seat.publishing().audio()))
                .hasSize(Scenario.SPEAKERS)
                .allMatch(seat -> seat.speech().isSpeaking(0));
    }

    @Test
    void roomsHoldFourEach() {
        assertThat(Scenario.of(Scenario.Kind.ROOMS, 500).seats().stream()
                        .collect(Collectors.groupingBy(Seat::room, Collectors.counting())))
                .hasSize(500)
                .allSatisfy((room, members) -> assertThat(members).isEqualTo(4));
    }

    @Test
    void viewersOfASaturatedNodeOnlyCountAndTheirPublishersDoNot() {
        List<Seat> seats = Scenario.of(Scenario.Kind.SATURATE, 400).seats();

        assertThat(seats).hasSize(408);
        // The publishers join first. They must answer NACKs and key-frame requests like any client.
        assertThat(seats.subList(0, 8))
                .allMatch(seat -> seat.publishing().equals(Publishing.SIMULCAST) && !seat.counts());
        assertThat(seats.subList(8, 408))
                .allMatch(seat -> seat.publishing().equals(Publishing.NOTHING) && seat.counts());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "50, 1", "51, 2", "400, 8", "410, 9"})
    void eachRoomOfASaturatedNodeHasOnePublisherAndAtMostFiftyViewers(int viewers, int rooms) {
        Map<String, List<Seat>> byRoom = Scenario.of(Scenario.Kind.SATURATE, viewers).seats().stream()
                .collect(Collectors.groupingBy(Seat::room));

        assertThat(byRoom).hasSize(rooms).allSatisfy((room, members) -> {
            assertThat(members).hasSizeLessThanOrEqualTo(51);
            assertThat(members.stream().filter(seat -> !seat.counts())).hasSize(1);
        });
    }

    @Test
    void onlyViewersOfASaturatedNodeCount() {
        for (Scenario.Kind kind : Scenario.Kind.values()) {
            assertThat(Scenario.of(kind, kind.sizeDefault()).seats().stream().anyMatch(Seat::counts))
                    .as(kind.name())
                    .isEqualTo(kind == Scenario.Kind.SATURATE);
        }
    }

    @Test
    void oneParticipantOfARoomSpeaksAtATime() {
        Scenario scenario = Scenario.of(Scenario.Kind.ROOMS, 1);

        for (int second = 0; second < 40; second++) {
            long nanos = Duration.ofSeconds(second).toNanos();
            assertThat(scenario.seats().stream().filter(seat -> seat.speech().isSpeaking(nanos)))
                    .hasSize(1);
        }
    }

    @Test
    void joinersFillRoomsOfFourOneAfterTheOther() {
        Scenario scenario = Scenario.of(Scenario.Kind.JOIN, 50);
        Scenario.JoinStream stream = scenario.joins().orElseThrow();

        assertThat(scenario.seats()).isEmpty();
        assertThat(stream.perSecond()).isEqualTo(50);
        assertThat(stream.seat(3).room()).isEqualTo(stream.seat(0).room());
        assertThat(stream.seat(4).room()).isNotEqualTo(stream.seat(0).room());
        HashSet<String> identities = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(identities.add(stream.seat(i).identity())).isTrue();
        }
    }

    @Test
    void aScenarioWithoutParticipantsIsRefused() {
        assertThatThrownBy(() -> Scenario.of(Scenario.Kind.MESH, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theJoinRateRisesEvenlyToItsFinalValue() {
        Scenario.JoinStream stream = Scenario.of(Scenario.Kind.JOIN, 50).joins().orElseThrow();
        Duration rise = Duration.ofSeconds(10);

        assertThat(stream.dueNanos(0, rise)).isZero();
        // The average rate during the rise is half the final rate.
        assertThat(stream.dueNanos(250, rise)).isEqualTo(rise.toNanos());
        assertThat(stream.dueNanos(300, rise)).isEqualTo(Duration.ofSeconds(11).toNanos());
        assertThat(stream.dueNanos(50, Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }
}
