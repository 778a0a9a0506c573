package org.rotunda.record.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Rooms;
import org.rotunda.record.plan.SourceCodec;
import org.rotunda.record.plan.SourceRecording;

/** Recordings that were made to hurt whoever decodes them. A piece fails within its limits; the composer goes on. */
@SuppressWarnings("NullAway") // JUnit sets directories; files in them have parents.
class HostileSourcesTest {
    private static final int VP8_SIZE_OFFSET = 6; // Behind the frame tag and the start code (RFC 6386 §9.1).
    private static final int IVF_HEADER_BYTES = 32;
    private static final int IVF_FRAME_HEADER_BYTES = 12;

    @TempDir
    Path job;

    @BeforeEach
    void needsFfmpeg() {
        Media.assumeFfmpeg();
    }

    @Test
    void refusesAHugeKeyFrameBeforeItTakesMemory() throws Exception {
        byte[] frame = keyFrame(64);
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(VP8_SIZE_OFFSET, 16_383 << 16 | 16_383);
        SourceRecording recording = recording(50, frame);
        // A quarter of what a frame of this size needs.
        Throwable failure = render(recording, new RunLimits(20, 1L << 29, 1L << 26, Duration.ofSeconds(60)));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        FfmpegException.class, e -> assertThat(e.failure()).isEqualTo(FfmpegFailure.BAD_MEDIA));
        assertComposerLives();
    }

    @Test
    void livesThroughAHundredThousandChangesOfSize() throws Exception {
        SourceRecording recording = recording(100_000, keyFrame(16), keyFrame(32));
        Throwable failure = render(recording, new RunLimits(10, 1L << 29, 1L << 26, Duration.ofMinutes(2)));
        if (failure != null) { // Whether the machine is quick enough is not the question.
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            FfmpegException.class, e -> assertThat(e.failure()).isEqualTo(FfmpegFailure.CPU_LIMIT));
        }
        assertComposerLives();
    }

    @Test
    void endsWithARecordingOfRubbish() throws Exception {
        byte[] rubbish = new byte[3_000];
        new Random(1).nextBytes(rubbish);
        SourceRecording inside = recording(50, rubbish);
        assertThat(render(inside, RunLimits.forOutput(2_000))).isInstanceOf(FfmpegException.class);
        Files.write(job.resolve(inside.fileName()), rubbish);
        assertThat(render(inside, RunLimits.forOutput(2_000)))
                .isInstanceOfSatisfying(
                        FfmpegException.class, e -> assertThat(e.failure()).isEqualTo(FfmpegFailure.BAD_MEDIA));
        assertComposerLives();
    }

    @Test
    void readsNothingButMatroska() throws Exception {
        SourceRecording recording = Rooms.video("h", 0, 2);
        Files.writeString(job.resolve("secret.txt"), "secret");
        // A play list that names other files: without a fixed format ffmpeg would follow it.
        Files.writeString(job.resolve(recording.fileName()), "ffconcat version 1.0\nfile secret.txt\n");
        assertThat(render(recording, RunLimits.forOutput(2_000)))
                .isInstanceOf(FfmpegException.class)
                .hasMessageContaining("Invalid data");
    }

    private Throwable render(SourceRecording recording, RunLimits limits) {
        CompositionPlan plan = Rooms.plan(
                Rooms.spec("{\"m\":{\"video_sources\":[\"*\"]}}", List.of(), "160x120", "webm", true),
                List.of(recording));
        List<String> arguments = Commands.piece(plan, plan.pieces().get(0), Encoding.DEFAULT.video(plan), "out.webm");
        return catchThrowable(() -> Media.runner().run(arguments, job, limits, frames -> {}));
    }

    private void assertComposerLives() throws Exception {
        SourceRecording good = Media.video(job, "good", "color=red:s=64x64:r=10", 0, 1_000);
        assertThat(render(good, RunLimits.forOutput(1_000))).isNull();
    }

    /** Returns a key frame of a square picture as an encoder makes it. */
    private byte[] keyFrame(int side) throws IOException {
        byte[] ivf = Media.ffmpeg(
                job,
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=s=" + side + "x" + side,
                        "-frames:v",
                        "1",
                        "-c:v",
                        "libvpx",
                        "-f",
                        "ivf",
                        "-"));
        int length = ByteBuffer.wrap(ivf).order(ByteOrder.LITTLE_ENDIAN).getInt(IVF_HEADER_BYTES);
        byte[] frame = new byte[length];
        System.arraycopy(ivf, IVF_HEADER_BYTES + IVF_FRAME_HEADER_BYTES, frame, 0, length);
        return frame;
    }

    /** Makes a recording of two seconds in which these frames take turns. */
    private SourceRecording recording(int count, byte[]... frames) throws IOException {
        SourceRecording recording = Rooms.recording("h", SourceCodec.VP8, 0, 2_000);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(job.resolve("h.ivf")))) {
            ByteBuffer head = ByteBuffer.allocate(IVF_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            head.put("DKIF\0\0".getBytes(StandardCharsets.US_ASCII)).putShort((short) IVF_HEADER_BYTES);
            head.put("VP80".getBytes(StandardCharsets.US_ASCII))
                    .putShort((short) 64)
                    .putShort((short) 64);
            head.putInt(count / 2).putInt(1).putInt(count);
            out.write(head.array());
            for (int i = 0; i < count; i++) {
                byte[] frame = frames[i % frames.length];
                ByteBuffer frameHead =
                        ByteBuffer.allocate(IVF_FRAME_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                out.write(frameHead.putInt(frame.length).putLong(i).array());
                out.write(frame);
            }
        }
        Media.ffmpeg(job, List.of("-f", "ivf", "-i", "h.ivf", "-c", "copy", "-f", "matroska", recording.fileName()));
        return recording;
    }
}
