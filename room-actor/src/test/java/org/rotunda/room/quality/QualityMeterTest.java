package org.rotunda.room.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.rotunda.room.quality.Views.audio;
import static org.rotunda.room.quality.Views.bandwidth;
import static org.rotunda.room.quality.Views.received;
import static org.rotunda.room.quality.Views.sent;
import static org.rotunda.room.quality.Views.video;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.QualityReport.Direction;
import org.rotunda.media.control.TransportId;

class QualityMeterTest {
    private static final TransportId TRANSPORT = new TransportId("RM", "PA", "connection");
    private static final long SECOND = 1_000_000_000L;
    private static final Direction PERFECT_AUDIO = new Direction(0.002, 5, 50);
    private static final Direction PERFECT_VIDEO = new Direction(0.002, 5, 300);
    private static final long ENOUGH = 10_000_000;

    /** One second of measurements, in which everything is perfect unless it is changed. */
    private record Second(
            Direction audioUp,
            Direction videoUp,
            Direction audioDown,
            Direction videoDown,
            int rttMillis,
            long availableUp,
            long wantedUp,
            long availableDown,
            long wantedDown) {
        private static final Second PERFECT = new Second(
                PERFECT_AUDIO, PERFECT_VIDEO, PERFECT_AUDIO, PERFECT_VIDEO, 40, ENOUGH, 3_150_000, ENOUGH, 2_000_000);
        private static final Second NOTHING =
                new Second(Direction.NONE, Direction.NONE, Direction.NONE, Direction.NONE, 40, ENOUGH, 0, ENOUGH, 0);

        Second up(double loss, int jitter) {
            return new Second(
                    new Direction(loss, jitter, audioUp.packetsPerSecond()),
                    new Direction(loss, jitter, videoUp.packetsPerSecond()),
                    audioDown,
                    videoDown,
                    rttMillis,
                    availableUp,
                    wantedUp,
                    availableDown,
                    wantedDown);
        }

        Second down(double loss, int jitter) {
            return new Second(
                    audioUp,
                    videoUp,
                    new Direction(loss, jitter, audioDown.packetsPerSecond()),
                    new Direction(loss, jitter, videoDown.packetsPerSecond()),
                    rttMillis,
                    availableUp,
                    wantedUp,
                    availableDown,
                    wantedDown);
        }

        Second rtt(int millis) {
            return new Second(
                    audioUp, videoUp, audioDown, videoDown, millis, availableUp, wantedUp, availableDown, wantedDown);
        }

        Second sendBandwidth(long available, long wanted) {
            return new Second(
                    audioUp, videoUp, audioDown, videoDown, rttMillis, available, wanted, availableDown, wantedDown);
        }

        Second receiveBandwidth(long available, long wanted) {
            return new Second(
                    audioUp, videoUp, audioDown, videoDown, rttMillis, availableUp, wantedUp, available, wanted);
        }

        Second audioUp(double loss, int packets) {
            return new Second(
                    new Direction(loss, 5, packets),
                    videoUp,
                    audioDown,
                    videoDown,
                    rttMillis,
                    availableUp,
                    wantedUp,
                    availableDown,
                    wantedDown);
        }

        QualityReport report() {
            return new QualityReport(TRANSPORT, audioUp, videoUp, audioDown, videoDown, rttMillis, 500_000, 600_000);
        }
    }

    private final QualityMeter meter = new QualityMeter(0);
    private long nowNanos;

    private void pass(int seconds, Second second) {
        for (int i = 0; i < seconds; i++) {
            nowNanos += SECOND;
            meter.onClientNetwork(new ClientNetwork(second.availableUp, ClientNetwork.UNKNOWN));
            meter.onDemand(new VideoDemand(second.wantedUp, second.wantedDown, second.availableDown));
            meter.onReport(second.report(), nowNanos);
        }
    }

    private List<Integer> levels(int seconds, Second second) {
        List<Integer> levels = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            pass(1, second);
            levels.add(meter.level());
        }
        return levels;
    }

    private List<Integer> parts() {
        QualityAnswer.View view = meter.view(QualityAnswer.WITH_PARTS);
        return List.of(
                audio(view).send(),
                audio(view).recv(),
                video(view).send(),
                video(view).recv());
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of("Q1 nothing published or subscribed", Second.NOTHING, List.of(5, 5, 5, 5), 5),
                Arguments.of(
                        "Q2 bandwidth is enough",
                        Second.PERFECT.sendBandwidth(3_200_000, 3_150_000).receiveBandwidth(3_000_000, 2_000_000),
                        List.of(5, 5, 5, 5),
                        5),
                Arguments.of(
                        "Q3 1.1 of 2.0 Mbit/s to receive",
                        Second.PERFECT.receiveBandwidth(1_100_000, 2_000_000),
                        List.of(5, 5, 5, 3),
                        3),
                Arguments.of("Q4 uplink loss 4 %", Second.PERFECT.up(0.04, 5), List.of(3, 5, 3, 5), 3),
                Arguments.of("Q5 round-trip time 450 ms", Second.PERFECT.rtt(450), List.of(2, 2, 2, 2), 2),
                Arguments.of("Q6 downlink jitter 60 ms", Second.PERFECT.down(0.002, 60), List.of(5, 3, 5, 3), 3),
                Arguments.of("Q7 downlink loss 12 %", Second.PERFECT.down(0.12, 5), List.of(5, 2, 5, 1), 1),
                Arguments.of(
                        "Q8 0.7 of 3.15 Mbit/s to send",
                        Second.PERFECT.sendBandwidth(700_000, 3_150_000),
                        List.of(5, 5, 1, 5),
                        1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aSteadyNetworkHasItsLevel(String name, Second second, List<Integer> parts, int level) {
        pass(30, second);

        assertThat(parts()).isEqualTo(parts);
        assertThat(meter.level()).isEqualTo(level);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aNetworkThatChangesGetsTheSameLevel(String name, Second second, List<Integer> parts, int level) {
        pass(20, Second.PERFECT.rtt(900).up(0.3, 200).down(0.3, 200));
        pass(60, second);

        assertThat(parts()).isEqualTo(parts);
        assertThat(meter.level()).isEqualTo(level);
    }

    @Test
    void theFirstSecondsAfterTheJoinDoNotCount() {
        assertThat(levels(2, Second.PERFECT.rtt(2_000))).containsExactly(5, 5);
        pass(1, Second.PERFECT);

        assertThat(levels(10, Second.PERFECT)).containsOnly(5);
    }

    @Test
    void theLevelFallsByOneAfterTwoLowerResults() {
        pass(10, Second.PERFECT);

        // Smoothed, the loss is 0.9, 1.4, 1.8 % …: the second result is the first lower one.
        assertThat(levels(4, Second.PERFECT.up(0.02, 5))).containsExactly(5, 5, 4, 4);
    }

    @Test
    void theLevelFallsAtOnceByTwo() {
        pass(10, Second.PERFECT);

        // Smoothed, the round-trip time is 424, 654, 793 and 876 ms.
        assertThat(levels(4, Second.PERFECT.rtt(1_000))).containsExactly(2, 2, 2, 1);
    }

    @Test
    void theLevelRisesByOneAfterFiveHigherResults() {
        pass(30, Second.PERFECT.rtt(500));
        assertThat(meter.level()).isEqualTo(2);

        // Smoothed, the round-trip time is 316 ms after the first second and below 150 ms after the fourth.
        assertThat(levels(16, Second.PERFECT)).containsExactly(2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5);
    }

    @Test
    void aSingleBadSecondIsForgotten() {
        pass(10, Second.PERFECT);

        List<Integer> levels = new ArrayList<>(levels(1, Second.PERFECT.up(0.03, 5)));
        levels.addAll(levels(10, Second.PERFECT));

        assertThat(levels).containsOnly(5);
    }

    @Test
    void theFirstSecondsAfterAChangeOfLayersDoNotCountForThatDirection() {
        pass(10, Second.PERFECT);
        meter.onReceivedLayersChanged(nowNanos);

        pass(2, Second.PERFECT.down(0.5, 300));

        assertThat(parts()).containsExactly(5, 1, 5, 5);
        pass(10, Second.PERFECT.down(0.5, 300));
        assertThat(parts()).containsExactly(5, 1, 5, 1);
    }

    @Test
    void layersThatChangeAllTheTimeDoNotHideABadNetwork() {
        pass(10, Second.PERFECT);
        for (int i = 0; i < 20; i++) {
            meter.onSentLayersChanged(nowNanos);
            pass(1, Second.PERFECT.up(0.5, 5));
        }

        assertThat(parts()).containsExactly(1, 5, 1, 5);
    }

    @Test
    void aNewConnectionKeepsTheLevelUntilItIsMeasured() {
        pass(10, Second.PERFECT.rtt(450));
        meter.onNewConnection(nowNanos);

        assertThat(levels(2, Second.PERFECT.rtt(3_000))).containsOnly(2);
        assertThat(levels(20, Second.PERFECT)).endsWith(5);
        assertThat(levels(5, Second.PERFECT)).containsOnly(5);
    }

    @Test
    void fewPacketsWeighLess() {
        // Comfort noise has 2.5 packets a second: a fifth of the weight.
        pass(20, Second.PERFECT.audioUp(0.04, 2));

        assertThat(parts()).containsExactly(5, 5, 5, 5);
        pass(20, Second.PERFECT.audioUp(0.04, 50));
        assertThat(parts()).containsExactly(3, 5, 5, 5);
    }

    @Test
    void aMomentWithoutPacketsKeepsTheLevel() {
        pass(20, Second.PERFECT.up(0.04, 5));

        pass(DirectionMeter.EMPTY_REPORTS - 1, Second.PERFECT.audioUp(0, 0));
        assertThat(parts().get(0)).isEqualTo(3);
        pass(1, Second.PERFECT.audioUp(0, 0));
        assertThat(parts().get(0)).isEqualTo(5);
    }

    @Test
    void mediaThatEndHaveTheBestLevel() {
        pass(20, Second.PERFECT.up(0.2, 5).down(0.2, 5));
        assertThat(meter.level()).isEqualTo(1);

        pass(DirectionMeter.EMPTY_REPORTS, Second.NOTHING);

        assertThat(parts()).containsExactly(5, 5, 5, 5);
    }

    @Test
    void videoThatIsSwitchedOffForLackOfBandwidthIsBad() {
        pass(
                30,
                new Second(
                        Direction.NONE, Direction.NONE, PERFECT_AUDIO, Direction.NONE, 40, ENOUGH, 0, 10_000, 60_000));

        assertThat(parts()).containsExactly(5, 5, 5, 1);
    }

    @Test
    void theClientsRoundTripTimeIsUsedIfThereIsNoOther() {
        for (int i = 0; i < 20; i++) {
            nowNanos += SECOND;
            meter.onClientNetwork(ClientNetwork.of(Double.NaN, 0.45));
            meter.onReport(Second.PERFECT.rtt(-1).report(), nowNanos);
        }

        assertThat(meter.level()).isEqualTo(2);
    }

    @Test
    void bandwidthThatIsNotKnownIsNotBad() {
        pass(
                20,
                Second.PERFECT
                        .sendBandwidth(ClientNetwork.UNKNOWN, ENOUGH)
                        .receiveBandwidth(ClientNetwork.UNKNOWN, ENOUGH));

        assertThat(meter.level()).isEqualTo(5);
        assertThat(bandwidth(sent(video(meter.view(QualityAnswer.WITH_MEASUREMENTS))))
                        .availableBps())
                .isNull();
    }

    @Test
    void theMeasurementsAreInSecondsAndBitsPerSecond() {
        pass(30, Second.PERFECT.rtt(450).up(0.04, 60).sendBandwidth(1_600_000, 3_200_000));

        QualityAnswer.View view = meter.view(QualityAnswer.WITH_MEASUREMENTS);
        QualityAnswer.Measurements video = sent(video(view));
        assertThat(video.bandwidth()).isEqualTo(new QualityAnswer.Bandwidth(500_000, 1_600_000L, 3));
        assertThat(video.fractionLost().fractionLost()).isEqualTo(0.04, within(1e-9));
        assertThat(video.fractionLost().level()).isEqualTo(3);
        assertThat(video.latency().rttSeconds()).isEqualTo(0.45, within(1e-9));
        assertThat(video.latency().jitterSeconds()).isEqualTo(0.06, within(1e-9));
        assertThat(video.latency().level()).isEqualTo(2);
        assertThat(sent(audio(view)).bandwidth()).isNull();
        assertThat(received(audio(view)).bandwidth()).isNull();
        assertThat(received(video(view)).bandwidth()).isNotNull();
    }

    @Test
    void withoutMediaTheMeasurementsAreThereToo() {
        QualityAnswer.View view = meter.view(QualityAnswer.WITH_MEASUREMENTS);

        assertThat(view.level()).isEqualTo(5);
        for (QualityAnswer.Media media : List.of(audio(view), video(view))) {
            assertThat(sent(media).latency().level()).isEqualTo(5);
            assertThat(received(media).fractionLost().level()).isEqualTo(5);
        }
    }

    private record Other(String participantSid, QualityMeter meter) implements QualityAnswer.Source {}

    @Test
    void theVerbosityDecidesWhatAnAnswerHas() {
        List<Other> others = List.of(new Other("PA2", new QualityMeter(0)));

        QualityAnswer levelOnly = QualityAnswer.of(meter, 1, others, 0);
        assertThat(levelOnly.local()).isEqualTo(new QualityAnswer.View(5, null, null));
        assertThat(levelOnly.remotes()).isNull();

        QualityAnswer parts = QualityAnswer.of(meter, 2, others, 1);
        assertThat(parts.local().audio()).isEqualTo(new QualityAnswer.Media(5, 5, null, null));
        assertThat(parts.remotes())
                .containsExactly(new QualityAnswer.Remote("PA2", new QualityAnswer.View(5, null, null)));

        QualityAnswer all = QualityAnswer.of(meter, 3, others, 3);
        assertThat(video(all.local()).sendStats()).isNotNull();
        assertThat(all.remotes())
                .singleElement()
                .satisfies(
                        remote -> assertThat(audio(remote.view()).recvStats()).isNotNull());

        assertThat(QualityAnswer.of(meter, -7, others, -7)).isEqualTo(levelOnly);
        assertThat(QualityAnswer.of(meter, 99, others, 99)).isEqualTo(all);
        assertThat(QualityAnswer.of(meter, 1, List.<Other>of(), 1).remotes()).isEmpty();
    }

    @Test
    void numbersOfClientsThatMakeNoSenseAreUnknown() {
        assertThat(ClientNetwork.of(Double.NaN, Double.NaN)).isEqualTo(ClientNetwork.NONE);
        assertThat(ClientNetwork.of(-5, -1)).isEqualTo(ClientNetwork.NONE);
        assertThat(ClientNetwork.of(0, 0)).isEqualTo(new ClientNetwork(ClientNetwork.UNKNOWN, 0));
        assertThat(ClientNetwork.of(1e30, 1e30)).isEqualTo(new ClientNetwork(Long.MAX_VALUE, Integer.MAX_VALUE));
        assertThat(ClientNetwork.of(6_081_333, 0.001)).isEqualTo(new ClientNetwork(6_081_333, 1));
    }
}
