package org.rotunda.load.relay;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** The conditions of a link at each time after the start of the schedule. Immutable, so several links can share it. */
public final class LinkSchedule {
    /** The schedule of a perfect network. */
    public static final LinkSchedule CLEAR = always(LinkConditions.CLEAR);

    private final NavigableMap<Long, LinkConditions> byStartNanos; // The map always has an entry for 0.

    private LinkSchedule(NavigableMap<Long, LinkConditions> byStartNanos) {
        this.byStartNanos = byStartNanos;
    }

    /** Returns a schedule whose conditions never change. */
    public static LinkSchedule always(LinkConditions conditions) {
        return new LinkSchedule(new TreeMap<>(Map.of(0L, conditions)));
    }

    /** Returns a schedule that follows this schedule until {@code start} and has the given conditions from then on. */
    public LinkSchedule from(Duration start, LinkConditions conditions) {
        long startNanos = start.toNanos();
        if (startNanos < 0) {
            throw new IllegalArgumentException("a change before the start: " + start);
        }
        NavigableMap<Long, LinkConditions> changed = new TreeMap<>(byStartNanos.headMap(startNanos, false));
        changed.put(startNanos, conditions);
        return new LinkSchedule(changed);
    }

    /** Returns the conditions at this time after the start. A negative time counts as 0. */
    LinkConditions at(long elapsedNanos) {
        Map.Entry<Long, LinkConditions> entry = byStartNanos.floorEntry(Math.max(0, elapsedNanos));
        return Objects.requireNonNull(entry).getValue();
    }
}
