package org.rotunda.record.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Piece;
import org.rotunda.record.plan.PlanSettings;
import org.rotunda.record.plan.Planner;
import org.rotunda.record.plan.Rooms;
import org.rotunda.record.plan.SourceCodec;
import org.rotunda.record.plan.SourceRecording;

/** Pieces show, frame by frame, what one process renders, and are joined to a file of the right length. */
@SuppressWarnings("NullAway") // JUnit sets directories; files in them have parents.
class PiecesTest {
    private static final String LAYOUT = "{\"m\":{\"video_sources\":[\"*\"]},\"small\":{\"video_sources\":[\"b\"],"
            + "\"x_pos\":200,\"y_pos\":10,\"width\":100,\"height\":90,\"z_pos\":1}}";
    private static final RunLimits LIMITS = RunLimits.forOutput(60_000);

    @TempDir
    static Path room;

    private static final List<SourceRecording> RECORDINGS = new ArrayList<>();

    /** Three sources that begin between frames; one changes its size and shape, one is a still screen. */
    @BeforeAll
    static void record() {
        Media.assumeFfmpeg();
        RECORDINGS.clear();
        RECORDINGS.add(turned());
        RECORDINGS.add(Media.make(room, "b", SourceCodec.H264, "testsrc2=s=320x180:r=30", 71_237, 78_110));
        // A still screen: one picture in ten seconds.
        RECORDINGS.add(Media.video(room, "c", "testsrc2=s=320x240:r=1/10,trim=end_frame=1", 72_511, 79_400));
        RECORDINGS.add(Media.audio(room, "m", "sine=r=48000", 70_300, 80_120));
    }

    /** Makes a recording whose picture is turned in the middle, as a phone does it. */
    private static SourceRecording turned() {
        Media.video(room, "a1", "testsrc2=s=320x240:r=24", 0, 5_000);
        Media.video(room, "a2", "testsrc2=s=180x320:r=24", 0, 5_000);
        SourceRecording whole = Rooms.recording("a", SourceCodec.VP8, 70_120, 80_120);
        String list = "file '" + Rooms.sid("RT", "a1") + ".mkv'\nfile '" + Rooms.sid("RT", "a2") + ".mkv'\n";
        try {
            Files.writeString(room.resolve("list.txt"), list);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Media.ffmpeg(
                room,
                List.of(
                        "-f",
                        "concat",
                        "-i",
                        "list.txt",
                        "-c",
                        "copy",
                        "-output_ts_offset",
                        "70.120",
                        "-f",
                        "matroska",
                        whole.fileName()));
        return whole;
    }

    @Test
    void hasTheSameFramesAsAWhole() throws Exception {
        CompositionPlan plan = plan("mp4", 300);
        assertThat(plan.frames()).isEqualTo(250);
        List<String> whole = hashes(plan, new Piece(0, plan.frames()), room);
        assertThat(whole).hasSize(250);
        assertThat(whole.stream().distinct().count()).isGreaterThan(200);
        for (long cut : new long[] {1, 27, 60, 61, 130, 156, 249}) {
            List<String> pieces = new ArrayList<>(hashes(plan, new Piece(0, cut), room));
            pieces.addAll(hashes(plan, new Piece(cut, plan.frames()), room));
            assertThat(pieces).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @Test
    void joinsPiecesToAnMp4OfTheRightLength(@TempDir Path job) throws Exception {
        checkJoined("mp4", "h264,aac", job);
    }

    @Test
    void joinsPiecesToAWebmOfTheRightLength(@TempDir Path job) throws Exception {
        checkJoined("webm", "vp8,opus", job);
    }

    private static void checkJoined(String format, String codecs, Path job) throws Exception {
        CompositionPlan plan = plan(format, 3);
        assertThat(plan.pieces()).hasSize(4);
        link(plan, job);
        CompositionRenderer renderer = new CompositionRenderer(Media.runner(), Encoding.DEFAULT);
        Path file = renderer.render(plan, job);
        assertThat(Media.frames(file)).isEqualTo(250);
        assertThat(Media.durationSeconds(file)).isEqualTo(10, Offset.offset(0.04));
        assertThat(Media.probe(file, "-show_entries", "stream=codec_name").replace('\n', ','))
                .isEqualTo(codecs);
        assertThat(Media.ffmpeg(job, List.of("-i", file.toString(), "-f", "null", "-")))
                .isEmpty();
        // Presentation times are one frame apart, over the cuts too.
        List<Double> times = Media.probe(file, "-select_streams", "v:0", "-show_entries", "frame=pts_time")
                .lines()
                .map(line -> line.replace(",", "").strip())
                .filter(line -> !line.isEmpty()) // ffprobe prints side data as empty lines.
                .map(Double::valueOf)
                .toList();
        for (int i = 0; i < times.size(); i++) {
            assertThat(times.get(i)).isEqualTo(i / 25.0, Offset.offset(0.0015));
        }
    }

    @Test
    void doesNotRenderAgainWhatIsThere(@TempDir Path job) throws Exception {
        CompositionPlan plan = plan("webm", 5);
        link(plan, job);
        CompositionRenderer renderer = new CompositionRenderer(Media.runner(), Encoding.DEFAULT);
        renderer.renderPiece(plan, 0, job, frames -> {});
        Object first = Files.getLastModifiedTime(job.resolve("piece-00000.webm"));
        Files.writeString(job.resolve("piece-00001.webm.part"), "left by a composer that was killed");
        renderer.render(plan, job);
        assertThat(Files.getLastModifiedTime(job.resolve("piece-00000.webm"))).isEqualTo(first);
        assertThat(job.resolve("piece-00001.webm.part")).doesNotExist();
    }

    @Test
    void composesOnlySound(@TempDir Path job) throws Exception {
        for (String format : List.of("mp4", "webm")) {
            CompositionPlan plan = Rooms.plan(Rooms.spec("{}", List.of("*"), "640x480", format, true), RECORDINGS);
            if (!Files.exists(job.resolve(RECORDINGS.get(3).fileName()))) {
                link(plan, job);
            }
            Path file = new CompositionRenderer(Media.runner(), Encoding.DEFAULT).render(plan, job);
            assertThat(Media.probe(file, "-show_entries", "stream=codec_type")).isEqualTo("audio");
            assertThat(Media.durationSeconds(file)).isEqualTo(9.82, Offset.offset(0.04));
        }
    }

    private static CompositionPlan plan(String format, int pieceSeconds) throws Exception {
        return Planner.plan(
                Rooms.spec(LAYOUT, List.of("*"), "320x240", format, true),
                RECORDINGS,
                new PlanSettings(25, pieceSeconds));
    }

    static void link(CompositionPlan plan, Path job) throws Exception {
        for (SourceRecording each : plan.recordings()) {
            Files.createLink(job.resolve(each.fileName()), room.resolve(each.fileName()));
        }
    }

    /** Returns the hashes of the frames before the encoder. */
    private static List<String> hashes(CompositionPlan plan, Piece piece, Path directory) throws Exception {
        Media.runner()
                .run(
                        Commands.piece(plan, piece, List.of("-f", "framehash"), "hashes.txt"),
                        directory,
                        LIMITS,
                        frames -> {});
        return Files.readAllLines(directory.resolve("hashes.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
                .toList();
    }
}
