package org.rotunda.record.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The stretches of room time that a composition keeps. The time before the first media is always cut; later gaps, in
 * which no source has media, are cut if the composition is trimmed. No recording has media in a gap, so no recording
 * ever spans a cut, and a cut is nothing but a smaller offset of what comes later.
 */
public record Timeline(List<Kept> kept) {
    /**
     * A stretch of room time that is kept.
     *
     * @param outputMs where it begins in output time
     */
    public record Kept(long startMs, long endMs, long outputMs) {
        /** Returns the room time that would be the begin of the output if this stretch reached so far back. */
        public long offsetMs() {
            return startMs - outputMs;
        }
    }

    public Timeline {
        kept = List.copyOf(kept);
    }

    /** Makes the time line of all selected recordings, of which there is at least one. */
    static Timeline of(List<SourceRecording> recordings, boolean trim) {
        List<Kept> kept = new ArrayList<>();
        List<SourceRecording> inOrder = recordings.stream()
                .sorted(Comparator.comparingLong(SourceRecording::startMs))
                .toList();
        long startMs = inOrder.get(0).startMs();
        long endMs = startMs;
        long outputMs = 0;
        for (SourceRecording each : inOrder) {
            if (trim && each.startMs() > endMs) {
                kept.add(new Kept(startMs, endMs, outputMs));
                outputMs += endMs - startMs;
                startMs = each.startMs();
            }
            endMs = Math.max(endMs, each.endMs());
        }
        kept.add(new Kept(startMs, endMs, outputMs));
        return new Timeline(kept);
    }

    public long lengthMs() {
        Kept last = kept.get(kept.size() - 1);
        return last.outputMs() + last.endMs() - last.startMs();
    }

    /** Returns the room time that is 0 in output time for a recording. */
    long offsetMs(SourceRecording recording) {
        return kept.stream()
                .filter(each -> each.startMs() <= recording.startMs() && recording.endMs() <= each.endMs())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("A recording spans a cut: " + recording))
                .offsetMs();
    }
}
