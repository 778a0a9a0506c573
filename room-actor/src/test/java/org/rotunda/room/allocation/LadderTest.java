package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the layers that ladders offer, and the layer that a tile can use. */
class LadderTest {
    private static final Ladder CAMERA = Ladder.camera(1280, 720, 3);

    @Test
    void nominalLaddersAreThoseOfLibwebrtc() {
        assertThat(CAMERA).hasToString("[S0T0 60, S0T1 90, S0T2 150, S1T1 300, S1T2 500, S2T1 1500, S2T2 2500]");
        assertThat(Ladder.camera(640, 360, 2)).hasToString("[S0T0 60, S0T1 90, S0T2 150, S1T1 420, S1T2 700]");
        assertThat(Ladder.camera(320, 180, 1)).hasToString("[S0T0 80, S0T1 120, S0T2 200]");
        assertThat(Ladder.conferenceScreen(1920, 1080)).hasToString("[S0T0 200, S0T1 1000, S1T1 1250]");
    }

    @ParameterizedTest
    @CsvSource({
        "640, 360, 1",
        "320, 180, 0",
        "400, 225, 0",
        "480, 270, 1",
        "640, 480, 1",
        "176, 144, 0",
        "1280, 720, 2",
        "960, 540, 2",
        "1920, 1080, 2",
        "0, 0, 0",
        "-1, 500, 0",
        "840, 2000, 2",
        "832, 2000, 1"
    })
    void aTileGetsTheSmallestPictureThatFillsIt(int width, int height, int spatial) {
        LadderPoint top = CAMERA.point(CAMERA.topFor(new RenderSize(width, height)));

        assertThat(top.spatial()).isEqualTo(spatial);
        assertThat(top.temporal()).isEqualTo(2);
    }

    @Test
    void aTileOfUnknownSizeGetsTheWholePicture() {
        assertThat(CAMERA.topFor(null)).isEqualTo(CAMERA.size() - 1);
        assertThat(Ladder.EMPTY.topFor(null)).isEqualTo(-1);
    }

    @Test
    void encodingsOfOneSizeAreAllForTheSameTile() {
        Ladder screen = Ladder.conferenceScreen(1280, 720);

        assertThat(screen.topFor(new RenderSize(160, 90))).isEqualTo(2);
    }

    @Test
    void measuredRatesAreBounded() {
        Ladder ladder = measured(false, List.of(10, 20, 100), List.of(5000, 5000, 5000));

        assertThat(ladder).hasToString("[S0T0 30, S0T1 45, S0T2 100, S1T1 546, S1T2 910]");
    }

    @Test
    void aStepThatCostsAsMuchAsABetterOneIsLeftOut() {
        Ladder ladder = measured(false, List.of(78, 117, 195), List.of(0, 0, 0));

        assertThat(ladder).hasToString("[S0T0 78, S0T1 117, S0T2 195, S1T1 210, S1T2 350]");
        assertThat(measured(false, List.of(60, 60, 60), List.of(250, 300, 500)))
                .hasToString("[S0T1 60, S0T2 75, S1T1 300, S1T2 500]");
    }

    @Test
    void aSlowCameraHasNoStepWithAQuarterOfItsFrames() {
        MeasuredLayer base = new MeasuredLayer(0, 320, 180, 15, List.of(60, 90, 150));
        MeasuredLayer slow = new MeasuredLayer(1, 640, 360, 15, List.of(280, 420, 700));

        assertThat(Ladder.of(false, List.of(slow, base), SingleStreamPolicy.PROTECT_PUBLISHER))
                .hasToString("[S0T0 60, S0T1 90, S0T2 150, S1T2 700]");
    }

    @Test
    void aScreenPrefersResolutionToFrames() {
        assertThat(measured(true, List.of(60, 90, 150), List.of(280, 420, 700)))
                .hasToString("[S0T0 60, S1T0 280, S1T1 420, S1T2 700]");
    }

    @Test
    void aSingleStreamIsOnePointOrIsThrottled() {
        List<MeasuredLayer> layers = List.of(new MeasuredLayer(0, 640, 360, 30, List.of(650)));

        Ladder whole = Ladder.of(false, layers, SingleStreamPolicy.PROTECT_PUBLISHER);
        Ladder throttled = Ladder.of(false, layers, SingleStreamPolicy.THROTTLE_PUBLISHER);

        assertThat(whole).hasToString("[S0T0 650]");
        assertThat(whole.isScalable()).isFalse();
        assertThat(throttled).hasToString("[S0T0 150, S0T0 300, S0T0 500, S0T0 700]");
        assertThat(throttled.isElastic()).isTrue();
    }

    @Test
    void thePresentLayerIsFoundInAChangedLadder() {
        Ladder two = Ladder.camera(640, 360, 2);

        assertThat(two.point(two.indexOf(new LadderPoint(2, 1, 1_500_000)))).hasToString("S1T2 700");
        assertThat(two.point(two.indexOf(new LadderPoint(1, 0, 200_000)))).hasToString("S0T2 150");
        assertThat(Ladder.EMPTY.indexOf(new LadderPoint(0, 0, 60_000))).isEqualTo(-1);
        Ladder throttled = Ladder.elastic(640, 360);
        assertThat(throttled.point(throttled.indexOf(new LadderPoint(0, 0, 300_000))))
                .hasToString("S0T0 300");
    }

    @Test
    void smallChangesOfRatesMakeNoOtherLadder() {
        assertThat(measured(false, List.of(60, 90, 150), List.of(280, 420, 700))
                        .isCloseTo(measured(false, List.of(62, 93, 155), List.of(280, 420, 700))))
                .isTrue();
        assertThat(CAMERA.isCloseTo(Ladder.camera(640, 360, 2))).isFalse();
        assertThat(measured(false, List.of(60, 90, 150), List.of(280, 420, 700))
                        .isCloseTo(measured(false, List.of(60, 90, 170), List.of(280, 420, 700))))
                .isFalse();
    }

    private static Ladder measured(boolean screen, List<Integer> lower, List<Integer> upper) {
        return Ladder.of(
                screen,
                List.of(new MeasuredLayer(0, 320, 180, 30, lower), new MeasuredLayer(1, 640, 360, 30, upper)),
                SingleStreamPolicy.PROTECT_PUBLISHER);
    }
}
