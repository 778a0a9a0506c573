package org.rotunda.record.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Rooms;
import org.rotunda.record.plan.SourceRecording;

/** Six layouts, rendered from recordings with one colour for each participant, and compared pixel by pixel. */
@SuppressWarnings("NullAway") // JUnit sets directories; files in them have parents.
class RenderedLayoutsTest {
    private static final Map<Character, int[]> COLOURS = Map.of(
            'R', new int[] {255, 0, 0},
            'G', new int[] {0, 128, 0},
            'B', new int[] {0, 0, 255},
            'Y', new int[] {255, 255, 0},
            '-', new int[] {0, 0, 0});
    private static final int TOLERANCE = 30; // Two encoders and two conversions of colour.

    @TempDir
    static Path room;

    private static final List<SourceRecording> RECORDINGS = new ArrayList<>();

    /**
     * A layout, and the colours that are seen at points of the picture.
     *
     * @param points {@code x,y x,y …}
     * @param moments {@code seconds colours}, a letter for each point
     */
    record Case(
            String name,
            String layout,
            String format,
            boolean trim,
            double lengthSeconds,
            String points,
            List<String> moments) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Red is there from 10 to 20 s of the room, green from 12 to 18, blue from 14 to 22, the yellow screen from 30 to 34. */
    @BeforeAll
    static void record() {
        Media.assumeFfmpeg();
        RECORDINGS.clear();
        RECORDINGS.add(Media.video(room, "cam-a", "color=red:s=320x240:r=24", 10_000, 20_000));
        RECORDINGS.add(Media.video(room, "cam-b", "color=green:s=320x240:r=24", 12_000, 18_000));
        RECORDINGS.add(Media.video(room, "cam-c", "color=blue:s=320x240:r=24", 14_000, 22_000));
        RECORDINGS.add(Media.video(room, "screen", "color=yellow:s=320x240:r=5", 30_000, 34_000));
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "grid",
                        "{'m':{'video_sources':['*']}}",
                        "mp4",
                        true,
                        16,
                        "160,120 480,120 160,360 480,360",
                        List.of("1 R---", "3 RG--", "5 RGB-", "9 R-B-", "13 Y---")),
                new Case(
                        "picture in picture",
                        "{'pip':{'video_sources':['cam-c'],'x_pos':440,'y_pos':20,'width':180,'height':140,'z_pos':1},"
                                + "'m':{'video_sources':['cam-a','screen']}}",
                        "mp4",
                        true,
                        16,
                        "320,240 530,90 530,21 20,20", // The third point lies in the black bar above the small picture.
                        List.of("1 RRRR", "3 RRRR", "5 RB-R", "9 RB-R", "13 YYYY")),
                new Case(
                        "film strip",
                        "{'main':{'video_sources':['screen'],'height':320},"
                                + "'strip':{'video_sources':['cam-*'],'y_pos':320,'height':160,'max_rows':1}}",
                        "webm",
                        true,
                        16,
                        "320,160 108,400 320,400 532,400",
                        List.of("1 -R--", "3 -RG-", "5 -RGB", "9 -R-B", "13 Y---")),
                new Case(
                        "the newest in one cell",
                        "{'m':{'video_sources':['*'],'max_columns':1,'max_rows':1,'reuse':'show_newest'}}",
                        "mp4",
                        true,
                        16,
                        "320,240 20,20",
                        List.of("1 RR", "3 GG", "5 BB", "9 BB", "13 YY")),
                new Case(
                        "an excluded cell, none used again",
                        "{'m':{'video_sources':['cam-*'],'cells_excluded':[0],'reuse':'none'}}",
                        "mp4",
                        true,
                        12,
                        "160,120 480,120 160,360 480,360",
                        List.of("1 -R--", "3 -RG-", "5 -RGB", "9 -R-B", "11.5 ---B")),
                new Case(
                        "one column, with gaps",
                        "{'m':{'video_sources':['*'],'max_columns':1}}",
                        "webm",
                        false,
                        24,
                        "320,80 320,240 320,400 100,80",
                        List.of("1 R---", "3 RG--", "5 RGB-", "15 ----", "21 Y---")));
    }

    @MethodSource("cases")
    @ParameterizedTest
    void showsEachColourWhereItBelongs(Case layout, @TempDir Path job) throws Exception {
        CompositionPlan plan = Rooms.plan(
                Rooms.spec(layout.layout.replace('\'', '"'), List.of(), "640x480", layout.format, layout.trim),
                RECORDINGS);
        for (SourceRecording each : plan.recordings()) {
            Files.createLink(job.resolve(each.fileName()), room.resolve(each.fileName()));
        }
        Path file = new CompositionRenderer(Media.runner(), Encoding.DEFAULT).render(plan, job);
        assertThat(Media.frames(file)).isEqualTo(Math.round(layout.lengthSeconds * 25));
        assertThat(Media.durationSeconds(file)).isEqualTo(layout.lengthSeconds, Offset.offset(0.04));
        Map<String, String> seen = new HashMap<>();
        Map<String, String> expected = new HashMap<>();
        for (String moment : layout.moments) {
            String[] words = moment.split(" ", -1);
            byte[] frame = Media.frameAt(file, Double.parseDouble(words[0]));
            expected.put(words[0], words[1]);
            seen.put(words[0], colours(frame, layout.points));
        }
        assertThat(seen).isEqualTo(expected);
    }

    private static String colours(byte[] frame, String points) {
        StringBuilder colours = new StringBuilder();
        for (String point : points.split(" ", -1)) {
            String[] xy = point.split(",", -1);
            int at = 3 * (Integer.parseInt(xy[1]) * 640 + Integer.parseInt(xy[0]));
            colours.append(COLOURS.entrySet().stream()
                    .filter(each -> isNear(frame, at, each.getValue()))
                    .map(each -> each.getKey().toString())
                    .findFirst()
                    .orElse("?"));
        }
        return colours.toString();
    }

    private static boolean isNear(byte[] frame, int at, int[] colour) {
        for (int i = 0; i < 3; i++) {
            if (Math.abs((frame[at + i] & 0xFF) - colour[i]) > TOLERANCE) {
                return false;
            }
        }
        return true;
    }
}
