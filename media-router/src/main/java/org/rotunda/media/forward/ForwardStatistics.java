package org.rotunda.media.forward;

/** Counters of dropped packets, by reason: written by the machine that drops, read on the same loop. */
@SuppressWarnings("EnumOrdinal") // An index into counters of this process; it is never stored or sent.
public final class ForwardStatistics {
    private final long[] drops = new long[ForwardDrop.values().length];

    /** Counts a drop; false, so that it can be answered with. */
    boolean drop(ForwardDrop reason) {
        drops[reason.ordinal()]++;
        return false;
    }

    public long dropped(ForwardDrop reason) {
        return drops[reason.ordinal()];
    }
}
