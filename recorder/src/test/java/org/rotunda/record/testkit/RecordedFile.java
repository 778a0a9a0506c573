package org.rotunda.record.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A finished file, checked with the programs that others read it with: ffprobe, ffmpeg, mkvmerge and mkvinfo. Every
 * test that makes a recording checks it by {@link #isSound}.
 */
public final class RecordedFile {
    /** The maximum gap between two packets of audio whose holes are filled. */
    private static final double AUDIO_GAP_SECONDS_MAX = 0.060;

    private static final double LENGTH_TOLERANCE_SECONDS = 0.1;

    /** A packet as ffprobe sees it. */
    public record Packet(double seconds, double durationSeconds, boolean isKey, int bytes) {}

    private final Path path;

    public RecordedFile(Path path) {
        this.path = path;
    }

    /**
     * Checks everything that holds for each recording.
     *
     * @param codec ffmpeg's name of the codec
     * @param lengthMs the length that the product reports
     */
    public RecordedFile isSound(String codec, long lengthMs) {
        String file = path.toString();
        Program.Result probe = Program.run(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "format=start_time,duration:stream=codec_name",
                "-of",
                "default=noprint_wrappers=1",
                file);
        assertThat(probe.errors()).as("ffprobe").isEmpty();
        assertThat(probe.output().lines().filter(line -> line.startsWith("codec_name")))
                .containsExactly("codec_name=" + codec);
        double length = value(probe.output(), "duration") - value(probe.output(), "start_time");
        assertThat(length).as("length").isCloseTo(lengthMs / 1000.0, within(LENGTH_TOLERANCE_SECONDS));

        List<Packet> packets = packets();
        assertThat(packets.get(0).isKey()).as("the first frame is a key frame").isTrue();
        for (int i = 1; i < packets.size(); i++) {
            double gap = packets.get(i).seconds() - packets.get(i - 1).seconds();
            assertThat(gap).as("step to packet %d", i).isPositive();
            if (codec.equals("opus")) {
                assertThat(gap - packets.get(i - 1).durationSeconds())
                        .as("gap before packet %d at %f s", i, packets.get(i).seconds())
                        .isLessThanOrEqualTo(AUDIO_GAP_SECONDS_MAX);
            }
        }
        decodesFrom(0);
        decodesFrom((packets.get(0).seconds() + packets.get(packets.size() - 1).seconds()) / 2);

        Program.Result merge = Program.run("mkvmerge", "-J", file);
        assertThat(merge.exitCode()).as(merge.output()).isZero();
        assertThat(merge.output()).contains("\"errors\": []").contains("\"warnings\": []");
        Program.Result info = Program.run("mkvinfo", "--continue", file);
        assertThat(info.output()).contains("|+ Cues").contains("|+ Seek head").contains("| + Duration");
        return this;
    }

    /** Decodes the file, or its rest from a place that is sought. Nothing may be wrong. */
    public void decodesFrom(double seconds) {
        Program.Result decode = Program.run(
                "ffmpeg",
                "-v",
                "error",
                "-threads",
                "1",
                "-ss",
                "" + seconds,
                "-i",
                path.toString(),
                "-f",
                "null",
                "-");
        assertThat(decode.errors()).as("decoding from %f s", seconds).isEmpty();
        assertThat(decode.exitCode()).isZero();
    }

    public List<Packet> packets() {
        Program.Result probe = Program.run(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "packet=pts_time,duration_time,flags,size",
                "-of",
                "csv=p=0",
                path.toString());
        List<Packet> result = new ArrayList<>();
        probe.output().lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] fields = line.split(",", -1);
            result.add(new Packet(
                    Double.parseDouble(fields[0]),
                    fields[1].equals("N/A") ? 0 : Double.parseDouble(fields[1]),
                    fields[3].startsWith("K"),
                    Integer.parseInt(fields[2])));
        });
        return result;
    }

    /**
     * Returns the number of frames that ffmpeg decodes, and the sizes of pictures in the order of their first frame.
     */
    public List<String> frameSizes() {
        Program.Result probe = Program.run(
                "ffprobe", "-v", "error", "-show_entries", "frame=width,height", "-of", "csv=p=0", path.toString());
        assertThat(probe.errors()).isEmpty();
        return probe.output()
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.replaceFirst(",$", "").replace(',', 'x'))
                .toList();
    }

    private static double value(String output, String key) {
        return output.lines()
                .filter(line -> line.startsWith(key + "="))
                .mapToDouble(line -> Double.parseDouble(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in " + output));
    }
}
