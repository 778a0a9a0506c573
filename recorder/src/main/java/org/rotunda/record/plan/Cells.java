package org.rotunda.record.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rotunda.record.layout.Reuse;

/**
 * Decides which cell of a region shows which source when. At each moment the ends come first and free their cells; then
 * the sources that wait get free cells, and then the new ones. Sources of one moment have the order of
 * {@link Source#ORDER}, and a free cell is always the first one of the grid.
 */
final class Cells {
    private final Reuse reuse;
    private final NavigableSet<Integer> free = new TreeSet<>();
    private final PriorityQueue<Used> used =
            new PriorityQueue<>(Comparator.comparingLong(Used::mediaEndMs).thenComparingInt(Used::cell));
    private final NavigableSet<Source> waiting = new TreeSet<>(Source.ORDER);
    private final List<Showing> showings = new ArrayList<>();

    private record Used(Source source, int cell, long sinceMs) {
        long mediaEndMs() {
            return source.endMs();
        }
    }

    private Cells(Reuse reuse) {
        this.reuse = reuse;
    }

    /**
     * Places sources of a region into a grid.
     *
     * @param sources in {@link Source#ORDER}
     * @return what each cell shows, in the order of the ends
     */
    static List<Showing> place(List<Source> sources, Grid grid, Set<Integer> excluded, Reuse reuse) {
        Cells cells = new Cells(reuse);
        // With as many cells as sources none is ever missing, so the others need not be kept.
        for (int i = 0; i < grid.cells() && cells.free.size() < sources.size(); i++) {
            if (!excluded.contains(i)) {
                cells.free.add(i);
            }
        }
        sources.forEach(cells::onStart);
        cells.endUntil(Long.MAX_VALUE);
        return cells.showings;
    }

    /** Returns how many cells a region needs. */
    static int needed(List<Source> sources, Reuse reuse) {
        return reuse == Reuse.NONE ? sources.size() : simultaneous(sources);
    }

    private static int simultaneous(List<Source> sources) {
        PriorityQueue<Long> ends = new PriorityQueue<>();
        int most = 0;
        for (Source source : sources) {
            while (!ends.isEmpty() && ends.peek() <= source.startMs()) {
                ends.remove();
            }
            ends.add(source.endMs());
            most = Math.max(most, ends.size());
        }
        return most;
    }

    private void onStart(Source source) {
        long nowMs = source.startMs();
        endUntil(nowMs);
        if (!free.isEmpty()) {
            show(source, nowMs);
            return;
        }
        if (reuse == Reuse.NONE) {
            return;
        }
        Used first = used.peek();
        if (reuse == Reuse.SHOW_NEWEST && first != null) {
            used.remove();
            hide(first, nowMs);
            free.add(first.cell());
            show(source, nowMs);
            waiting.add(first.source());
        } else {
            waiting.add(source);
        }
    }

    /** Ends what ends by then, in order, and gives each cell that becomes free to a source that waits. */
    private void endUntil(long nowMs) {
        for (Used next = used.peek(); next != null && next.mediaEndMs() <= nowMs; next = used.peek()) {
            long endMs = next.mediaEndMs();
            while (next != null && next.mediaEndMs() == endMs) {
                used.remove();
                hide(next, endMs);
                if (reuse != Reuse.NONE) {
                    free.add(next.cell());
                }
                next = used.peek();
            }
            waiting.removeIf(each -> each.endMs() <= endMs);
            while (!free.isEmpty() && !waiting.isEmpty()) {
                Source source = waiting.first();
                waiting.remove(source);
                show(source, endMs);
            }
        }
    }

    private void show(Source source, long nowMs) {
        @Nullable Integer cell = free.pollFirst();
        if (cell == null) {
            throw new IllegalStateException("No cell is free");
        }
        used.add(new Used(source, cell, nowMs));
    }

    private void hide(Used shown, long nowMs) {
        if (nowMs > shown.sinceMs()) {
            showings.add(new Showing(shown.source(), shown.cell(), shown.sinceMs(), nowMs));
        }
    }
}
