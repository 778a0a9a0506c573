package org.rotunda.record.ffmpeg;

import java.util.List;
import java.util.Set;
import org.rotunda.record.layout.OutputFormat;
import org.rotunda.record.plan.CompositionPlan;

/**
 * The encoders of a composition: H.264 with AAC in MP4, VP8 with Opus in WebM. Each uses one thread; pieces that are
 * rendered side by side cost less than threads in one encoder.
 *
 * @param x264Preset how much work H.264 is given; a faster one makes larger files
 */
public record Encoding(String x264Preset) {
    private static final Set<String> PRESETS =
            Set.of("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow");
    public static final Encoding DEFAULT = new Encoding("veryfast"); // Needs the presets above.

    private static final int KEY_FRAME_SECONDS = 5;
    private static final double BITS_PER_PIXEL = 0.07;
    private static final long KBIT_MIN = 150;
    private static final long KBIT_MAX = 2_500;

    public Encoding {
        if (!PRESETS.contains(x264Preset)) {
            throw new IllegalArgumentException("No preset of libx264: " + x264Preset);
        }
    }

    /** Returns the arguments that encode the picture. */
    List<String> video(CompositionPlan plan) {
        long kbit = videoKbit(plan);
        String keyFrames = Integer.toString(KEY_FRAME_SECONDS * plan.framesPerSecond());
        return plan.format() == OutputFormat.MP4
                ? List.of(
                        "-c:v",
                        "libx264",
                        "-preset",
                        x264Preset,
                        "-profile:v",
                        "high",
                        "-crf",
                        "24",
                        "-maxrate",
                        kbit * 3 / 2 + "k",
                        "-bufsize",
                        kbit * 3 + "k",
                        "-g",
                        keyFrames,
                        "-threads",
                        "1",
                        "-f",
                        "mp4")
                : List.of(
                        "-c:v",
                        "libvpx",
                        "-deadline",
                        "realtime",
                        "-cpu-used",
                        "6",
                        "-b:v",
                        kbit + "k",
                        "-g",
                        keyFrames,
                        "-threads",
                        "1",
                        "-f",
                        "webm");
    }

    /** Returns the arguments that encode the sound. */
    static List<String> audio(OutputFormat format) {
        return format == OutputFormat.MP4
                ? List.of("-c:a", "aac", "-b:a", "96k", "-threads", "1", "-f", "mp4")
                : List.of("-c:a", "libopus", "-b:a", "64k", "-threads", "1", "-f", "webm");
    }

    /** Returns the video bit rate that is aimed at, in kbit/s. */
    static long videoKbit(CompositionPlan plan) {
        long kbit = (long) (plan.width() * plan.height() * plan.framesPerSecond() * BITS_PER_PIXEL / 1_000);
        return Math.min(KBIT_MAX, Math.max(KBIT_MIN, kbit));
    }
}
