package org.rotunda.record.ffmpeg;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.rotunda.record.plan.Rooms;
import org.rotunda.record.plan.SourceCodec;
import org.rotunda.record.plan.SourceRecording;

/** Recordings made by ffmpeg, as ours are: Matroska, timestamps in room time. And what is to be seen in a result. */
@SuppressWarnings("NullAway") // JUnit sets directories; files in them have parents.
final class Media {
    private static final long SECONDS_MAX = 120;

    private Media() {}

    /** Skips a test where compositions cannot be rendered; {@code bin/test} installs what they need. */
    static void assumeFfmpeg() {
        List<String> missing = FfmpegProbe.missing("ffmpeg");
        assumeTrue(missing.isEmpty(), () -> "needs " + String.join(", ", missing));
    }

    static FfmpegRunner runner() {
        return new FfmpegRunner("ffmpeg", FfmpegProbe.confinement());
    }

    /** Makes a VP8 recording of a source of lavfi, such as {@code color=red:s=320x240:r=24}. */
    static SourceRecording video(Path directory, String name, String lavfi, long startMs, long endMs) {
        return make(directory, name, SourceCodec.VP8, lavfi, startMs, endMs);
    }

    /** Makes an Opus recording of a source of lavfi. */
    static SourceRecording audio(Path directory, String name, String lavfi, long startMs, long endMs) {
        return make(directory, name, SourceCodec.OPUS, lavfi, startMs, endMs);
    }

    static SourceRecording make(
            Path directory, String name, SourceCodec codec, String lavfi, long startMs, long endMs) {
        SourceRecording recording = Rooms.recording(name, codec, startMs, endMs);
        List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", lavfi, "-t", seconds(endMs - startMs)));
        arguments.addAll(
                switch (codec) {
                    case VP8 ->
                        List.of(
                                "-c:v",
                                "libvpx",
                                "-deadline",
                                "realtime",
                                "-cpu-used",
                                "8",
                                "-b:v",
                                "600k",
                                "-g",
                                "75");
                    case H264 ->
                        List.of(
                                "-c:v",
                                "libx264",
                                "-preset",
                                "ultrafast",
                                "-bf",
                                "0",
                                "-pix_fmt",
                                "yuv420p",
                                "-g",
                                "75");
                    case OPUS -> List.of("-c:a", "libopus", "-b:a", "32k");
                    case PCMU -> List.of("-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1");
                });
        arguments.addAll(List.of("-output_ts_offset", seconds(startMs), "-f", "matroska", recording.fileName()));
        ffmpeg(directory, arguments);
        return recording;
    }

    /** Runs ffmpeg for the test itself and returns what it writes to its standard output. */
    static byte[] ffmpeg(Path directory, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
        command.addAll(arguments);
        return output(directory, command);
    }

    static byte[] output(Path directory, List<String> command) {
        Process process = null;
        try {
            Path errors = Files.createTempFile(directory, "errors", ".txt");
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(errors.toFile())
                    .start();
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            process.getInputStream().transferTo(output);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command + " failed: " + Files.readString(errors));
            }
            return output.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** Returns the frame that is shown at a time, as bytes of red, green and blue. */
    static byte[] frameAt(Path file, double seconds) {
        return ffmpeg(
                file.toAbsolutePath().getParent(),
                List.of(
                        "-i",
                        file.toString(),
                        "-ss",
                        String.format(Locale.ROOT, "%.3f", seconds),
                        "-frames:v",
                        "1",
                        "-f",
                        "rawvideo",
                        "-pix_fmt",
                        "rgb24",
                        "-"));
    }

    /** Returns a property of a file or of its first stream of a kind, as ffprobe prints it. */
    static String probe(Path file, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ffprobe", "-v", "error", "-of", "csv=p=0"));
        command.addAll(List.of(arguments));
        command.add(file.toString());
        return new String(output(file.toAbsolutePath().getParent(), command), StandardCharsets.UTF_8).strip();
    }

    static double durationSeconds(Path file) {
        return Double.parseDouble(probe(file, "-show_entries", "format=duration"));
    }

    static long frames(Path file) {
        return Long.parseLong(
                probe(file, "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames")
                        .replace(",", ""));
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%d.%03d", millis / 1_000, millis % 1_000);
    }
}
