package org.rotunda.record.layout;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a composition shall be, as a client asked for it, whatever the room holds.
 *
 * @param audioSources patterns of the tracks to hear; without any the file has no sound
 * @param trim whether stretches without any media are cut out
 */
public record CompositionSpec(
        VideoLayout videoLayout,
        List<SourcePattern> audioSources,
        List<SourcePattern> audioSourcesExcluded,
        Resolution resolution,
        OutputFormat format,
        boolean trim) {
    /** The most patterns in each of the two lists of audio sources. */
    public static final int AUDIO_PATTERNS_MAX = 1_000;

    public CompositionSpec {
        audioSources = List.copyOf(audioSources);
        audioSourcesExcluded = List.copyOf(audioSourcesExcluded);
    }

    /**
     * The parameters of a request as they came; null for those that are absent.
     *
     * @param videoLayout a JSON object
     */
    public record Parameters(
            @Nullable String videoLayout,
            List<String> audioSources,
            List<String> audioSourcesExcluded,
            @Nullable String resolution,
            @Nullable String format,
            @Nullable String trim) {
        public Parameters {
            audioSources = List.copyOf(audioSources);
            audioSourcesExcluded = List.copyOf(audioSourcesExcluded);
        }
    }

    /** Reads the parameters of a request. The error is the message for the client. */
    public static CompositionSpec read(Parameters parameters) throws LayoutException {
        Resolution resolution =
                parameters.resolution() == null ? Resolution.DEFAULT : Resolution.read(parameters.resolution());
        VideoLayout layout = parameters.videoLayout() == null
                ? VideoLayout.NONE
                : LayoutReader.read(parameters.videoLayout(), resolution);
        CompositionSpec spec = new CompositionSpec(
                layout,
                patterns("AudioSources", parameters.audioSources()),
                patterns("AudioSourcesExcluded", parameters.audioSourcesExcluded()),
                resolution,
                parameters.format() == null ? OutputFormat.WEBM : OutputFormat.read(parameters.format()),
                parameters.trim() == null || readTrim(parameters.trim()));
        if (layout.isEmpty() && spec.audioSources().isEmpty()) {
            throw new LayoutException("VideoLayout with a region, or AudioSources, is required");
        }
        return spec;
    }

    private static List<SourcePattern> patterns(String parameter, List<String> texts) throws LayoutException {
        if (texts.size() > AUDIO_PATTERNS_MAX) {
            throw new LayoutException(parameter + " must have at most " + AUDIO_PATTERNS_MAX + " sources");
        }
        List<SourcePattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(SourcePattern.read(text, parameter));
        }
        return patterns;
    }

    private static boolean readTrim(String text) throws LayoutException {
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw new LayoutException("Trim must be true or false");
        }
        return text.equalsIgnoreCase("true");
    }
}
