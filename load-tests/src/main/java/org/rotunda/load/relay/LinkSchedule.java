package org.rotunda.load.relay;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** How the conditions of a link change with the time since its start. Immutable; safe to share between links. */
public final class LinkSchedule {
    /** The link that does nothing. */
    public static final LinkSchedule CLEAR = always(LinkConditions.CLEAR);

    private final NavigableMap<Long, LinkConditions> byStartNanos; // Has an entry for 0.

    private LinkSchedule(NavigableMap<Long, LinkConditions> byStartNanos) {
        this.byStartNanos = byStartNanos;
    }

    /** The same conditions from start to end. */
    public static LinkSchedule always(LinkConditions conditions) {
        return new LinkSchedule(new TreeMap<>(Map.of(0L, conditions)));
    }

    /** This schedule until {@code start}, and from there on those conditions. */
    public LinkSchedule from(Duration start, LinkConditions conditions) {
        long startNanos = start.toNanos();
        if (startNanos < 0) {
            throw new IllegalArgumentException("a change before the start: " + start);
        }
        NavigableMap<Long, LinkConditions> changed = new TreeMap<>(byStartNanos.headMap(startNanos, false));
        changed.put(startNanos, conditions);
        return new LinkSchedule(changed);
    }

    /** What holds at that time since the start; before it, what holds at the start. */
    LinkConditions at(long elapsedNanos) {
        Map.Entry<Long, LinkConditions> entry = byStartNanos.floorEntry(Math.max(0, elapsedNanos));
        return Objects.requireNonNull(entry).getValue();
    }
}
