package org.rotunda.record.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final List<SourceRecording> ROOM = List.of(
            Rooms.video("x", 55, 75), Rooms.audio("a", 12, 30), Rooms.video("w", 50, 60), Rooms.video("v", 14, 30));

    @Test
    void cutsGapsIfTrimmed() {
        CompositionPlan plan = plan(true);
        assertThat(plan.kept())
                .containsExactly(new Timeline.Kept(12_000, 30_000, 0), new Timeline.Kept(50_000, 75_000, 18_000));
        assertThat(plan.lengthMs()).isEqualTo(43_000);
        assertThat(spans(plan)).isEqualTo("a 0-18, v 2-18, w 18-28, x 23-43");
    }

    @Test
    void keepsLaterGapsIfNotTrimmed() {
        CompositionPlan plan = plan(false);
        assertThat(plan.kept()).containsExactly(new Timeline.Kept(12_000, 75_000, 0));
        assertThat(plan.lengthMs()).isEqualTo(63_000);
        assertThat(spans(plan)).isEqualTo("a 0-18, v 2-18, w 38-48, x 43-63");
    }

    @Test
    void cutsNothingWhereMediaMeet() {
        Timeline timeline = Timeline.of(List.of(Rooms.audio("a", 1, 2), Rooms.audio("b", 2, 3)), true);
        assertThat(timeline.kept()).containsExactly(new Timeline.Kept(1_000, 3_000, 0));
    }

    @Test
    void countsOnlyWhatIsSelected() {
        String layout = "{\"m\":{\"video_sources\":[\"x\"]}}";
        CompositionPlan plan = Rooms.plan(Rooms.spec(layout, List.of(), "640x480", "mp4", true), ROOM);
        assertThat(plan.lengthMs()).isEqualTo(20_000);
        assertThat(plan.hasAudio()).isFalse();
        assertThat(plan.recordings()).hasSize(1);
    }

    @Test
    void roundsPicturesToFramesAndSoundToMilliseconds() {
        CompositionPlan plan = Rooms.plan(
                "",
                "640x480",
                List.of(
                        Rooms.recording("a", SourceCodec.OPUS, 100, 10_007),
                        Rooms.recording("b", SourceCodec.VP8, 119, 5_121),
                        Rooms.recording("c", SourceCodec.VP8, 120, 5_119)));
        assertThat(plan.frames()).isEqualTo(248); // 9.907 s are 247.7 frames.
        assertThat(plan.sounds().get(0).endMs()).isEqualTo(9_907);
        assertThat(plan.pictures())
                .extracting(Picture::firstFrame, Picture::endFrame)
                .containsExactly(tuple(0L, 126L), tuple(1L, 125L));
    }

    @Test
    void hasOneFrameAtLeast() {
        CompositionPlan plan = Rooms.plan("", "640x480", List.of(Rooms.recording("a", SourceCodec.VP8, 5_000, 5_001)));
        assertThat(plan.frames()).isEqualTo(1);
        assertThat(plan.pieces()).containsExactly(new Piece(0, 1));
    }

    private static CompositionPlan plan(boolean trim) {
        String layout = "{\"m\":{\"video_sources\":[\"*\"]}}";
        return Rooms.plan(Rooms.spec(layout, List.of("*"), "640x480", "mp4", trim), ROOM);
    }

    private static String spans(CompositionPlan plan) {
        Stream<String> sounds = plan.sounds().stream()
                .map(each -> name(plan, each.recordingSid()) + each.startMs() / 1_000 + "-" + each.endMs() / 1_000);
        Stream<String> pictures = plan.pictures().stream()
                .map(each -> name(plan, each.recordingSid()) + each.firstFrame() / 25 + "-" + each.endFrame() / 25);
        return Stream.concat(sounds, pictures).collect(Collectors.joining(", "));
    }

    private static String name(CompositionPlan plan, String recordingSid) {
        return plan.recording(recordingSid).trackName() + " ";
    }
}
