package org.rotunda.record.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.record.layout.SourcePattern;

/**
 * A track as a composition sees it: all its recordings that were selected, in order of time. A source has one cell from
 * the begin of the first to the end of the last, also if there is a hole between two of them.
 */
public record Source(String trackSid, List<SourceRecording> recordings) {
    /** Sources are placed in this order. */
    public static final Comparator<Source> ORDER = Comparator.comparingLong(Source::startMs)
            .thenComparingLong(Source::endMs)
            .thenComparing(Source::trackSid);

    public Source {
        if (recordings.isEmpty()) {
            throw new IllegalArgumentException("A source without a recording");
        }
        recordings = recordings.stream()
                .sorted(Comparator.comparingLong(SourceRecording::startMs).thenComparing(SourceRecording::recordingSid))
                .toList();
    }

    public long startMs() {
        return recordings.get(0).startMs();
    }

    public long endMs() {
        return recordings.stream().mapToLong(SourceRecording::endMs).max().orElseThrow();
    }

    /** Selects recordings that match a pattern and no excluding one, and groups them by track, in {@link #ORDER}. */
    static List<Source> select(
            List<SourceRecording> recordings, List<SourcePattern> patterns, List<SourcePattern> excluded) {
        Map<String, List<SourceRecording>> byTrack = new LinkedHashMap<>();
        for (SourceRecording each : recordings) {
            if (matchesAny(patterns, each) && !matchesAny(excluded, each)) {
                byTrack.computeIfAbsent(each.trackSid(), sid -> new ArrayList<>())
                        .add(each);
            }
        }
        return byTrack.entrySet().stream()
                .map(each -> new Source(each.getKey(), each.getValue()))
                .sorted(ORDER)
                .toList();
    }

    private static boolean matchesAny(List<SourcePattern> patterns, SourceRecording recording) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.matches(
                        recording.recordingSid(),
                        recording.trackSid(),
                        recording.participantSid(),
                        recording.trackName()));
    }
}
