package org.rotunda.record.ffmpeg;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.record.layout.OutputFormat;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Picture;
import org.rotunda.record.plan.Piece;
import org.rotunda.record.plan.Sound;
import org.rotunda.record.plan.SourceRecording;

/**
 * The arguments of ffmpeg for each step of a composition. All file names are plain names in the working directory. Pure
 * functions.
 *
 * <p>Sources are files of strangers. So their format and codec are said, not detected: of the hundreds of decoders only
 * the four that recordings use can be reached.
 */
final class Commands {
    /** The most pixels of a source's picture, 4096 x 4096. A decoder refuses a larger one before it takes memory. */
    static final int SOURCE_PIXELS_MAX = 1 << 24;

    /** A seek goes to the key frame before this much earlier; the frame that covers the time asked for is never lost. */
    private static final long SEEK_EARLIER_MS = 2_000;

    private Commands() {}

    /** Returns the arguments that render a piece of the picture with an encoder's arguments. */
    static List<String> piece(CompositionPlan plan, Piece piece, List<String> encoder, String output) {
        VideoGraph graph = new VideoGraph(plan, piece);
        List<String> arguments = begin();
        arguments.add("-copyts"); // Timestamps stay those of the files: room time.
        for (Picture picture : plan.picturesOf(piece)) {
            SourceRecording recording = plan.recording(picture.recordingSid());
            // Without -reinit_filter 0 each change of a source's size would restart the whole graph.
            arguments.addAll(List.of("-threads", "1", "-reinit_filter", "0"));
            arguments.addAll(List.of("-max_pixels", Integer.toString(SOURCE_PIXELS_MAX)));
            long seekMs = graph.firstSeenMs(picture) - recording.startMs() - SEEK_EARLIER_MS;
            if (seekMs > 0) {
                arguments.addAll(List.of("-noaccurate_seek", "-ss", VideoGraph.seconds(seekMs * 1_000)));
            }
            addSource(arguments, recording);
        }
        arguments.addAll(List.of("-filter_complex", graph.graph(), "-map", VideoGraph.OUTPUT));
        arguments.addAll(List.of("-frames:v", Long.toString(piece.frames())));
        addOutput(arguments, encoder, output);
        return arguments;
    }

    /** Returns the arguments that mix the sound of the whole composition. */
    static List<String> audio(CompositionPlan plan, List<String> encoder, String output) {
        List<String> arguments = begin();
        for (Sound sound : plan.sounds()) {
            arguments.addAll(List.of("-threads", "1"));
            addSource(arguments, plan.recording(sound.recordingSid()));
        }
        arguments.addAll(List.of("-filter_complex", mix(plan), "-map", "[out]"));
        addOutput(arguments, encoder, output);
        return arguments;
    }

    /** Returns the graph of the mix: a sum, in which only what would be too loud is made softer. */
    private static String mix(CompositionPlan plan) {
        StringBuilder graph = new StringBuilder();
        StringBuilder inputs = new StringBuilder();
        for (int i = 0; i < plan.sounds().size(); i++) {
            // The async resampler fills holes with silence, so that what comes after a hole is not early.
            graph.append(
                    "[%d:a]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo,adelay=%d:all=1[a%d];"
                            .formatted(i, plan.sounds().get(i).startMs(), i));
            inputs.append("[a%d]".formatted(i));
        }
        return graph
                + "%samix=inputs=%d:normalize=0:dropout_transition=0,alimiter=limit=0.95:level=false,apad,atrim=end=%s[out]"
                        .formatted(inputs, plan.sounds().size(), VideoGraph.seconds(plan.lengthMs() * 1_000));
    }

    /**
     * Returns the arguments that put pieces and sound into one file without encoding again.
     *
     * @param list the file that names the pieces, if there is a picture
     * @param audio the file with the sound, if there is sound
     */
    static List<String> join(CompositionPlan plan, String list, String audio, String output) {
        List<String> arguments = begin();
        List<String> maps = new ArrayList<>();
        if (plan.hasVideo()) {
            arguments.addAll(List.of("-protocol_whitelist", "file,pipe", "-f", "concat", "-safe", "1", "-i", list));
            maps.addAll(List.of("-map", "0:v:0"));
        }
        if (plan.hasAudio()) {
            arguments.addAll(List.of("-protocol_whitelist", "file,pipe", "-i", audio));
            maps.addAll(List.of("-map", plan.hasVideo() ? "1:a:0" : "0:a:0"));
        }
        arguments.addAll(maps);
        addOutput(
                arguments,
                plan.format() == OutputFormat.MP4
                        ? List.of("-c", "copy", "-movflags", "+faststart", "-f", "mp4")
                        : List.of("-c", "copy", "-f", "webm"),
                output);
        return arguments;
    }

    private static List<String> begin() {
        return new ArrayList<>(List.of(
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-nostats",
                "-progress",
                "pipe:1",
                "-y",
                "-filter_threads",
                "1",
                "-filter_complex_threads",
                "1"));
    }

    private static void addSource(List<String> arguments, SourceRecording recording) {
        arguments.addAll(List.of("-protocol_whitelist", "file,pipe", "-f", "matroska"));
        arguments.addAll(
                switch (recording.codec()) {
                    case OPUS -> List.of("-c:a", "libopus");
                    case PCMU -> List.of("-c:a", "pcm_mulaw");
                    case VP8 -> List.of("-c:v", "vp8");
                    case H264 -> List.of("-c:v", "h264");
                });
        arguments.addAll(List.of("-i", recording.fileName()));
    }

    private static void addOutput(List<String> arguments, List<String> encoder, String output) {
        arguments.addAll(encoder);
        // No title, no time of making: the same plan gives the same file.
        arguments.addAll(List.of("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", output));
    }
}
