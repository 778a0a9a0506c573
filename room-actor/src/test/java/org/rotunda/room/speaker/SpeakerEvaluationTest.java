package org.rotunda.room.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.speaker.SyntheticRoom.Talk;
import org.rotunda.room.speaker.SyntheticRoom.Verdict;

/**
 * Judges the detector on simulated talks of four participants: how soon a turn is found, and how often somebody is shown
 * who does not talk. Prints a row for each kind of talk.
 */
class SpeakerEvaluationTest {
    private static final int ROOMS = 12;
    private static final int TALKERS = 4;
    private static final int ROOM_MILLIS = 120_000;

    @BeforeAll
    static void printHead() {
        System.out.println(
                "| talk                                       | turns | mean | p95 | max ms | missed | false/min | mid/min |");
    }

    static Stream<Arguments> talks() {
        return Stream.of(
                Arguments.of(new Talk("continuous"), 600, 1_000, 0),
                Arguments.of(new Talk("continuous, clicks, back-channel").withClicksAndBackChannel(), 600, 1_000, 0),
                Arguments.of(new Talk("DTX").withDtx(), 900, 1_200, 0),
                Arguments.of(new Talk("DTX, clicks, back-channel").withDtx().withClicksAndBackChannel(), 900, 1_200, 0),
                Arguments.of(new Talk("quiet talkers (-40 dBov)").at(-40, 1), 600, 1_000, 0),
                Arguments.of(new Talk("DTX, quiet talkers").withDtx().at(-40, 1), 900, 1_200, 0),
                Arguments.of(
                        new Talk("floor steps to 25 dB, clicks, back-channel")
                                .withFloorSteps(25)
                                .withClicksAndBackChannel(),
                        600,
                        1_000,
                        0.2),
                Arguments.of(
                        new Talk("two nodes, late, clicks, back-channel")
                                .throughTwoNodes(0, 60)
                                .withClicksAndBackChannel(),
                        600,
                        1_000,
                        0),
                Arguments.of(
                        new Talk("the same, 5 % of reports lost")
                                .throughTwoNodes(0.05, 60)
                                .withClicksAndBackChannel(),
                        600,
                        1_000,
                        0),
                // Beyond the targets: every turn begins in an unusual situation.
                Arguments.of(new Talk("noisy rooms (-47 dBov)").withNoiseAt(-47).at(-25, 3), 700, 1_200, 0),
                Arguments.of(new Talk("floor step after each turn").withFloorStepsAfterTurns(25), 1_100, 3_000, 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("talks")
    void turnsAreFoundInTime(Talk talk, double meanMillis, int p95Millis, double falsePerMinute) {
        Verdict verdict = new Verdict();
        for (int seed = 1; seed <= ROOMS; seed++) {
            new SyntheticRoom(talk, seed, TALKERS, ROOM_MILLIS, verdict).run();
        }
        System.out.println(verdict.row(talk.name()));

        assertThat(verdict.turns).isGreaterThan(150);
        assertThat(verdict.missed).as("missed turns").isZero();
        assertThat(verdict.meanMillis()).as("mean").isLessThanOrEqualTo(meanMillis);
        assertThat(verdict.percentileMillis(0.95)).as("p95").isLessThanOrEqualTo(p95Millis);
        assertThat(verdict.falsePerMinute()).as("false switches").isLessThanOrEqualTo(falsePerMinute);
        assertThat(verdict.midSentencePerMinute()).as("mid-sentence switches").isLessThanOrEqualTo(0.1);
    }
}
