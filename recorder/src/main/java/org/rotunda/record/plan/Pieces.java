package org.rotunda.record.plan;

import java.util.ArrayList;
import java.util.List;

/** Cuts the picture into pieces. Each piece can be rendered alone, and all together are what one process would render. */
final class Pieces {
    /**
     * The most files that a piece reads, unless more are seen in a single frame. Each is a decoder with its memory. A
     * room in which sources replace each other may show hundreds in five minutes.
     */
    static final int INPUTS_MAX = 128;

    private Pieces() {}

    static List<Piece> cut(long frames, long framesMax, List<Picture> pictures) {
        List<Piece> pieces = new ArrayList<>();
        for (long first = 0; first < frames; ) {
            long end = Math.min(frames, first + framesMax);
            end = endWithin(first, end, pictures);
            pieces.add(new Piece(first, end));
            first = end;
        }
        return pieces;
    }

    /** Returns the end, or an earlier one up to which not too many pictures are seen. */
    private static long endWithin(long first, long end, List<Picture> pictures) {
        long[] starts = pictures.stream()
                .filter(each -> each.isSeenIn(first, end))
                .mapToLong(each -> Math.max(first, each.firstFrame()))
                .sorted()
                .toArray();
        if (starts.length <= INPUTS_MAX) {
            return end;
        }
        return Math.max(first + 1, starts[INPUTS_MAX]);
    }
}
