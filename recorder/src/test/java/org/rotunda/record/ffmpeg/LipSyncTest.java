package org.rotunda.record.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.PlanSettings;
import org.rotunda.record.plan.Planner;
import org.rotunda.record.plan.Rooms;
import org.rotunda.record.plan.SourceRecording;

/** Flashes and beeps of participants who come one after another are at the same time in the composition. */
@SuppressWarnings("NullAway") // JUnit sets directories; files in them have parents.
class LipSyncTest {
    private static final int SAMPLES_PER_SECOND = 8_000;
    private static final double OFFSET_SECONDS_MAX = 0.060;
    private static final List<Long> JOINED_MS = List.of(0L, 1_237L, 3_511L);

    @ValueSource(strings = {"mp4", "webm"})
    @ParameterizedTest
    void flashesWhenItBeeps(String format, @TempDir Path job) throws Exception {
        Media.assumeFfmpeg();
        // Each participant flashes and beeps once, a second after it came; so no two do it at the same time.
        List<SourceRecording> room = new ArrayList<>();
        for (long joinedMs : JOINED_MS) {
            long startMs = 40_000 + joinedMs;
            room.add(Media.video(
                    job,
                    "v" + joinedMs,
                    "color=black:s=160x120:r=24,drawbox=color=white:t=fill:enable='between(t,1,1.3)'",
                    startMs,
                    48_000));
            room.add(Media.audio(
                    job,
                    "m" + joinedMs,
                    "aevalsrc='if(between(t,1,1.3),0.5*sin(2*PI*1000*t),0)':s=48000",
                    startMs,
                    48_000));
        }
        CompositionPlan plan = Planner.plan(
                Rooms.spec("{\"m\":{\"video_sources\":[\"*\"]}}", List.of("*"), "320x240", format, true),
                room,
                new PlanSettings(25, 3));
        Path file = new CompositionRenderer(Media.runner(), Encoding.DEFAULT).render(plan, job);
        List<Double> flashes = flashes(file);
        List<Double> beeps = beeps(file);
        assertThat(flashes).hasSize(3);
        assertThat(beeps).hasSize(3);
        for (int i = 0; i < 3; i++) {
            double expected = (1_000 + JOINED_MS.get(i)) / 1_000.0;
            assertThat(flashes.get(i) - beeps.get(i))
                    .as("flash %s, beep %s", flashes, beeps)
                    .isBetween(-OFFSET_SECONDS_MAX, OFFSET_SECONDS_MAX);
            assertThat(beeps.get(i) - expected).as("beep %s", beeps).isBetween(-0.02, 0.02);
        }
    }

    /** Returns the times at which the picture becomes brighter. */
    private static List<Double> flashes(Path file) {
        byte[] pixels = Media.ffmpeg(
                file.getParent(),
                List.of(
                        "-i",
                        file.toString(),
                        "-map",
                        "0:v",
                        "-vf",
                        "scale=1:1:flags=area,format=gray",
                        "-f",
                        "rawvideo",
                        "-"));
        List<Double> times = new ArrayList<>();
        for (int i = 1; i < pixels.length; i++) {
            if ((pixels[i] & 0xFF) > (pixels[i - 1] & 0xFF) + 20) {
                times.add(i / 25.0);
            }
        }
        return times;
    }

    /** Returns the times at which a tone begins after a silence of 200 ms. */
    private static List<Double> beeps(Path file) {
        ByteBuffer samples = ByteBuffer.wrap(Media.ffmpeg(
                        file.getParent(),
                        List.of(
                                "-i",
                                file.toString(),
                                "-map",
                                "0:a",
                                "-ac",
                                "1",
                                "-ar",
                                "" + SAMPLES_PER_SECOND,
                                "-f",
                                "f32le",
                                "-")))
                .order(ByteOrder.LITTLE_ENDIAN);
        List<Double> times = new ArrayList<>();
        int lastLoud = -SAMPLES_PER_SECOND;
        for (int i = 0; samples.remaining() >= Float.BYTES; i++) {
            if (Math.abs(samples.getFloat()) > 0.1) {
                if (i - lastLoud > SAMPLES_PER_SECOND / 5) {
                    times.add((double) i / SAMPLES_PER_SECOND);
                }
                lastLoud = i;
            }
        }
        return times;
    }
}
