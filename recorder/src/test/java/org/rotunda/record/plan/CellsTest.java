package org.rotunda.record.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.record.layout.Reuse;

class CellsTest {
    private static final List<Source> FIRST = sources("A 0-30, B 5-20, C 10-40");
    private static final List<Source> SECOND = sources("A 0-60, B 10-20, C 25-50, D 26-28");
    private static final Grid TWO = new Grid(2, 1);

    @CsvSource(
            delimiter = '|',
            value = {
                "NONE        | A>0 0-30, B>1 5-20",
                "SHOW_OLDEST | A>0 0-30, B>1 5-20, C>1 20-40",
                "SHOW_NEWEST | A>0 0-30, B>1 5-10, C>1 10-40"
            })
    @ParameterizedTest
    void sharesTwoCellsAmongThree(Reuse reuse, String expected) {
        assertThat(placed(FIRST, TWO, reuse)).isEqualTo(expected);
    }

    @CsvSource(
            delimiter = '|',
            value = {
                "NONE        | A>0 0-60, B>1 10-20",
                "SHOW_OLDEST | A>0 0-60, B>1 10-20, C>1 25-50",
                "SHOW_NEWEST | A>0 0-60, B>1 10-20, C>1 25-26, D>1 26-28, C>1 28-50"
            })
    @ParameterizedTest
    void sharesTwoCellsAmongFour(Reuse reuse, String expected) {
        assertThat(placed(SECOND, TWO, reuse)).isEqualTo(expected);
    }

    @CsvSource(
            delimiter = '|',
            value = {
                "NONE        | 3 | A>0 0-30, B>1 5-20, C>2 10-40",
                "SHOW_OLDEST | 3 | A>0 0-30, B>1 5-20, C>2 10-40",
                "SHOW_NEWEST | 3 | A>0 0-30, B>1 5-20, C>2 10-40"
            })
    @ParameterizedTest
    void givesEachItsCellWithoutALimit(Reuse reuse, int needed, String expected) {
        assertThat(Cells.needed(FIRST, reuse)).isEqualTo(needed);
        assertThat(placed(FIRST, Grid.forCells(needed, null, null), reuse)).isEqualTo(expected);
    }

    @CsvSource(
            delimiter = '|',
            value = {
                "NONE        | 4 | A>0 0-60, B>1 10-20, C>2 25-50, D>3 26-28",
                "SHOW_OLDEST | 3 | A>0 0-60, B>1 10-20, C>1 25-50, D>2 26-28",
                "SHOW_NEWEST | 3 | A>0 0-60, B>1 10-20, C>1 25-50, D>2 26-28"
            })
    @ParameterizedTest
    void needsFewerCellsIfTheyAreUsedAgain(Reuse reuse, int needed, String expected) {
        assertThat(Cells.needed(SECOND, reuse)).isEqualTo(needed);
        assertThat(placed(SECOND, Grid.forCells(needed, null, null), reuse)).isEqualTo(expected);
    }

    @Test
    void freesCellsBeforeItGivesThemToThoseWhoWaitAndThenToNewOnes() {
        List<Source> sources = sources("A 0-10, B 5-20, C 10-30");
        assertThat(placed(sources, new Grid(1, 1), Reuse.SHOW_OLDEST)).isEqualTo("A>0 0-10, B>0 10-20, C>0 20-30");
        assertThat(placed(sources("A 0-10, C 10-30"), new Grid(1, 1), Reuse.SHOW_NEWEST))
                .isEqualTo("A>0 0-10, C>0 10-30");
    }

    @Test
    void showsNothingWithoutUsableCells() {
        for (Reuse reuse : Reuse.values()) {
            assertThat(Cells.place(FIRST, TWO, Set.of(0, 1), reuse)).isEmpty();
            assertThat(Cells.place(FIRST, Grid.NONE, Set.of(), reuse)).isEmpty();
        }
    }

    @Property(tries = 300)
    void showsOneSourceInACellAndEachInOneCell(
            @ForAll @Size(max = 30) List<@IntRange(max = 2_500) Integer> spans,
            @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @IntRange(min = 1, max = 2) int rows,
            @ForAll Reuse reuse) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            int start = spans.get(i) % 50;
            sources.add(new Source("MT" + i, List.of(Rooms.video("s" + i, start, start + 1 + spans.get(i) / 50))));
        }
        sources.sort(Source.ORDER);
        List<Showing> showings = Cells.place(sources, new Grid(columns, rows), Set.of(), reuse);
        for (Showing a : showings) {
            assertThat(a.startMs()).isGreaterThanOrEqualTo(a.source().startMs()).isLessThan(a.endMs());
            assertThat(a.endMs()).isLessThanOrEqualTo(a.source().endMs());
            assertThat(a.cell()).isBetween(0, columns * rows - 1);
            for (Showing b : showings) {
                boolean overlap = !a.equals(b) && a.startMs() < b.endMs() && b.startMs() < a.endMs();
                assertThat(overlap && (a.cell() == b.cell() || a.source().equals(b.source())))
                        .isFalse();
            }
        }
        if (Cells.needed(sources, reuse) <= columns * rows) {
            assertThat(showings).hasSameSizeAs(sources);
        } else if (reuse != Reuse.NONE) {
            checkNoCellIsIdleWhileSomebodyWaits(sources, showings, columns * rows);
        }
    }

    private static void checkNoCellIsIdleWhileSomebodyWaits(List<Source> sources, List<Showing> showings, int cells) {
        for (long second = 0; second < 110; second++) {
            long nowMs = second * 1_000 + 500;
            long running = sources.stream()
                    .filter(each -> each.startMs() < nowMs && each.endMs() > nowMs)
                    .count();
            long shown = showings.stream()
                    .filter(each -> each.startMs() < nowMs && each.endMs() > nowMs)
                    .count();
            assertThat(shown).isEqualTo(Math.min(running, cells));
        }
    }

    private static String placed(List<Source> sources, Grid grid, Reuse reuse) {
        return Cells.place(sources, grid, Set.of(), reuse).stream()
                .sorted(Comparator.comparingLong(Showing::startMs))
                .map(each -> each.source().recordings().get(0).trackName() + ">" + each.cell() + " "
                        + each.startMs() / 1_000 + "-" + each.endMs() / 1_000)
                .collect(Collectors.joining(", "));
    }

    private static List<Source> sources(String text) {
        List<Source> sources = new ArrayList<>();
        for (String each : text.split(", ", -1)) {
            String[] words = each.split("[ -]", -1);
            SourceRecording recording = Rooms.video(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
            sources.add(new Source(recording.trackSid(), List.of(recording)));
        }
        return sources;
    }
}
