package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TsnTrackerProperties {
    /** Compares the tracker with a set of all received TSNs. The first TSN is chosen so that the TSNs wrap around. */
    @Property(tries = 300)
    void agreesWithASetAcrossTheWrap(
            @ForAll @IntRange(min = -200, max = 200) int start,
            @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 300) Integer> arrivals,
            @ForAll @IntRange(max = 300) int forward) {
        TsnTracker tracker = new TsnTracker();
        tracker.reset(start + 1);
        TreeSet<Integer> received = new TreeSet<>();
        int half = arrivals.size() / 2;
        for (int i = 0; i < arrivals.size(); i++) {
            if (i == half) {
                tracker.forwardTo(start + forward);
                for (int skipped = 1; skipped <= forward; skipped++) {
                    received.add(skipped);
                }
            }
            int offset = arrivals.get(i);
            boolean isNew = tracker.classify(start + offset) == TsnTracker.Arrival.NEW;
            assertThat(isNew).isEqualTo(received.add(offset));
            if (isNew) {
                tracker.accept(start + offset);
            }
        }
        int cumulative = 0;
        while (received.contains(cumulative + 1)) {
            cumulative++;
        }
        assertThat(tracker.cumulative()).isEqualTo(start + cumulative);
        TreeSet<Integer> beyond = new TreeSet<>(received.tailSet(cumulative + 1));
        assertThat(tracker.hasGaps()).isEqualTo(!beyond.isEmpty());
        int[] offsets = new int[2 * 300];
        int blocks = tracker.gapBlocks(offsets);
        TreeSet<Integer> reported = new TreeSet<>();
        for (int block = 0; block < blocks; block++) {
            for (int offset = offsets[2 * block]; offset <= offsets[2 * block + 1]; offset++) {
                reported.add(cumulative + offset);
            }
        }
        assertThat(reported).isEqualTo(beyond);
    }

    @Property(tries = 100)
    void gapBlocksAndDuplicatesAreBounded(
            @ForAll @Size(max = 400) List<@IntRange(min = 2, max = 9_000) Integer> arrivals) {
        TsnTracker tracker = new TsnTracker();
        tracker.reset(1);
        for (int tsn : arrivals) {
            switch (tracker.classify(tsn)) {
                case NEW -> tracker.accept(tsn);
                case DUPLICATE -> tracker.noteDuplicate(tsn);
                case BEYOND_WINDOW -> assertThat(tsn).isGreaterThanOrEqualTo(TsnTracker.WINDOW_TSNS);
            }
        }
        assertThat(tracker.gapBlocks(new int[2 * Receiver.GAP_BLOCKS_MAX]))
                .isLessThanOrEqualTo(Receiver.GAP_BLOCKS_MAX);
        assertThat(tracker.duplicateCount()).isLessThanOrEqualTo(TsnTracker.DUPLICATES_MAX);
    }

    @Property(tries = 100)
    void aForwardOfAnyDistanceIsSafe(
            @ForAll int start, @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE - 1) int distance) {
        TsnTracker tracker = new TsnTracker();
        tracker.reset(start);
        tracker.accept(start + 5);
        tracker.forwardTo(start + distance);
        assertThat(Serial.isBefore(tracker.cumulative(), start + distance)).isFalse();
        assertThat(tracker.classify(tracker.cumulative() + 1)).isEqualTo(TsnTracker.Arrival.NEW);
    }
}
