package org.rotunda.record.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.record.layout.CompositionSpec;

class PlannerTest {
    private static final String ALL = "{\"m\":{\"video_sources\":[\"*\"]}}";

    @Test
    void keepsTheCellOfATrackBetweenTwoRecordings() {
        SourceRecording first = Rooms.video("a", 0, 10);
        SourceRecording second = new SourceRecording(
                Rooms.sid("RT", "z"),
                first.trackSid(),
                first.participantSid(),
                "a",
                SourceCodec.VP8,
                20_000,
                30_000,
                1);
        CompositionPlan plan = Rooms.plan(
                "\"max_columns\":1,\"max_rows\":1", "640x480", List.of(second, Rooms.video("b", 5, 30), first));
        assertThat(plan.pictures())
                .extracting(Picture::recordingSid, Picture::firstFrame, Picture::endFrame)
                .containsExactly(tuple(first.recordingSid(), 0L, 250L), tuple(second.recordingSid(), 500L, 750L));
        assertThat(plan.regions().get(0).hiddenTrackSids()).containsExactly(Rooms.sid("MT", "b"));
    }

    @Test
    void selectsOneRecordingOfATrackByItsSid() {
        SourceRecording first = Rooms.video("a", 0, 10);
        SourceRecording second = new SourceRecording(
                Rooms.sid("RT", "z"),
                first.trackSid(),
                first.participantSid(),
                "a",
                SourceCodec.VP8,
                20_000,
                30_000,
                1);
        String layout = "{\"m\":{\"video_sources\":[\"" + second.recordingSid() + "\"]}}";
        CompositionPlan plan =
                Rooms.plan(Rooms.spec(layout, List.of(), "640x480", "mp4", false), List.of(first, second));
        assertThat(plan.recordings()).containsExactly(second);
        assertThat(plan.lengthMs()).isEqualTo(10_000);
    }

    @Test
    void leavesOutWhatIsExcluded() {
        String layout = "{\"m\":{\"video_sources\":[\"*\"],\"video_sources_excluded\":[\"screen*\"]}}";
        CompositionPlan plan = Rooms.plan(
                Rooms.spec(layout, List.of(), "640x480", "mp4", false),
                List.of(Rooms.video("cam", 0, 5), Rooms.video("screen-1", 0, 9)));
        assertThat(plan.recordings()).extracting(SourceRecording::trackName).containsExactly("cam");
    }

    @Test
    void paintsRegionsByTheirHeightAndEqualOnesInOrder() {
        String layout = "{\"top\":{\"z_pos\":5,\"video_sources\":[\"a\"]},\"b\":{\"video_sources\":[\"a\"]},"
                + "\"c\":{\"video_sources\":[\"a\"]},\"low\":{\"z_pos\":-1,\"video_sources\":[\"a\"]}}";
        CompositionPlan plan =
                Rooms.plan(Rooms.spec(layout, List.of(), "640x480", "mp4", false), List.of(Rooms.video("a", 0, 5)));
        assertThat(plan.pictures()).extracting(Picture::region).containsExactly("low", "b", "c", "top");
    }

    @Test
    void refusesACompositionThatSelectsNothing() {
        CompositionSpec spec = Rooms.spec(ALL, List.of("nobody"), "640x480", "mp4", true);
        assertThatThrownBy(() -> Planner.plan(spec, List.of(Rooms.audio("a", 0, 5)), PlanSettings.DEFAULT))
                .isInstanceOfSatisfying(
                        PlanException.class, e -> assertThat(e.reason().code()).isEqualTo(53630));
        assertThatThrownBy(() -> Planner.plan(spec, List.of(), PlanSettings.DEFAULT))
                .isInstanceOf(PlanException.class);
    }

    @Test
    void refusesTooManyTracksAndTooManyBytes() {
        CompositionSpec spec = Rooms.spec(ALL, List.of(), "640x480", "mp4", true);
        assertThat(Rooms.plan(spec, Rooms.videos(200)).pictures()).hasSize(200);
        assertThatThrownBy(() -> Planner.plan(spec, Rooms.videos(201), PlanSettings.DEFAULT))
                .isInstanceOfSatisfying(
                        PlanException.class, e -> assertThat(e.reason().code()).isEqualTo(53633));
        List<SourceRecording> large = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            large.add(
                    new SourceRecording("RT" + name, "MT" + name, "PA", name, SourceCodec.VP8, 0, 9, (20L << 30) + 1));
        }
        assertThatThrownBy(() -> Planner.plan(spec, large, PlanSettings.DEFAULT))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("bytes");
    }

    @Test
    void cutsThePictureIntoPieces() {
        CompositionPlan plan = Rooms.plan("", "640x480", List.of(Rooms.video("a", 3, 3 + 700)));
        assertThat(plan.pieces())
                .containsExactly(new Piece(0, 7_500), new Piece(7_500, 15_000), new Piece(15_000, 17_500));
    }

    @Test
    void makesShorterPiecesIfManySourcesReplaceEachOther() {
        List<SourceRecording> room = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            room.add(Rooms.video("s" + i, i, i + 1));
        }
        CompositionPlan plan = Rooms.plan("", "640x480", room);
        assertThat(plan.pieces()).containsExactly(new Piece(0, 128 * 25), new Piece(128 * 25, 5_000));
        assertThat(plan.picturesOf(plan.pieces().get(0))).hasSize(128);
        assertThat(plan.picturesOf(plan.pieces().get(1))).hasSize(72);
    }

    @Test
    void composesOnlySoundWithoutALayout() {
        CompositionPlan plan =
                Rooms.plan(Rooms.spec("{}", List.of("*"), "640x480", "mp4", true), List.of(Rooms.audio("a", 1, 3)));
        assertThat(plan.hasVideo()).isFalse();
        assertThat(plan.frames()).isZero();
        assertThat(plan.pieces()).isEmpty();
        assertThat(plan.width()).isZero();
    }

    @Test
    void isStoredAndReadAgain() {
        CompositionPlan plan = Rooms.plan(
                "\"max_columns\":1,\"max_rows\":1",
                "640x480",
                List.of(Rooms.video("a", 1, 5), Rooms.video("b", 2, 6), Rooms.audio("m", 3, 4)));
        String json = PlanJson.write(plan);
        assertThat(json).startsWith("{\"format\":\"mp4\",\"width\":640,\"height\":480,\"frames_per_second\":25,");
        assertThat(PlanJson.read(json)).isEqualTo(plan);
        assertThatThrownBy(() -> PlanJson.read("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PlanJson.read(json.replace("\"width\"", "\"depth\"")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhereEachSourceIsAndWhyOneIsNot() {
        CompositionPlan plan = Rooms.plan(
                "\"max_columns\":1,\"max_rows\":1",
                "640x480",
                List.of(
                        Rooms.video("a", 1, 5),
                        Rooms.video("\u001bb", 2, 4),
                        Rooms.video("c", 2, 8),
                        Rooms.audio("m", 3, 4)));
        assertThat(PlanText.of(plan)).isEqualTo("""
                mp4, 7.000 s, 640x480 with 175 frames, 25 a second, sound
                kept of the room's time:
                  1.000 to 8.000, at 0.000
                region "main" at 0,0 640x480, z 0: 1 columns, 1 rows, cells 640x480, 3 sources
                  cell 0 (0,0 640x480): 0.000 to 4.000, frames 0 to 100, MT00000000000000000000000000000061 "a" of \
                PA00000000000000000000000000000061, recording RT00000000000000000000000000000061
                  cell 0 (0,0 640x480): 4.000 to 7.000, frames 100 to 175, MT00000000000000000000000000000063 "c" of \
                PA00000000000000000000000000000063, recording RT00000000000000000000000000000063
                  never seen, because no cell was free or the cells are too small: MT00000000000000000000000000001b62
                sound: 2.000 to 3.000, MT0000000000000000000000000000006d "m" of PA0000000000000000000000000000006d, \
                recording RT0000000000000000000000000000006d
                piece 0: frames 0 to 175, 2 pictures
                """);
    }
}
