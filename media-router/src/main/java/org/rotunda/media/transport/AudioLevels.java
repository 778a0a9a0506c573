package org.rotunda.media.transport;

import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackLevels;

/**
 * The audio levels of one received track since the last report: one byte for each {@link #SLOT_NANOS} of sound (RFC
 * 6464 §3). A packet fills as many slots as it lasts. A gap in the packets is filled with silence, because a sender
 * with discontinuous transmission sends nothing while it is silent. Sans-IO; allocates only in {@link #take}; owned by
 * one event loop.
 */
final class AudioLevels {
    /** The duration of one slot. It equals the usual duration of an Opus packet. */
    static final long SLOT_NANOS = 20_000_000L;

    /** The longest time without a packet that may be jitter. A longer gap counts as silence. */
    static final long GAP_NANOS_MAX = 2 * SLOT_NANOS;

    /**
     * The longest time by which the slots may be ahead of the clock. Packets that come in a burst after a gap fill no
     * more slots than that, because the gap has filled their slots already.
     */
    static final long AHEAD_NANOS_MAX = 5 * SLOT_NANOS;

    private static final int LEVEL_MASK = 0x7F;

    private final byte[] slots = new byte[TrackLevels.LEVELS_MAX];
    private int first; // The slots are a ring: the index of the oldest level.
    private int count;
    private boolean started;
    private boolean loud; // True if a slot since the last report is not silent.
    private long filledUntilNanos; // The end of the time that the slots cover.
    private long leftNanos; // The part of the sound that is too short for a slot.

    /**
     * Handles a packet.
     *
     * @param level the raw level byte, or a negative number if the packet has none
     * @param durationNanos the duration of the sound in the packet
     */
    void onPacket(int level, long durationNanos, long nowNanos) {
        if (!started) {
            started = true;
            filledUntilNanos = nowNanos - SLOT_NANOS;
        }
        fillGap(nowNanos);
        byte slot = level < 0 ? TrackLevels.SILENT : (byte) level;
        leftNanos += durationNanos;
        while (leftNanos >= SLOT_NANOS && filledUntilNanos < nowNanos + AHEAD_NANOS_MAX) {
            leftNanos -= SLOT_NANOS;
            push(slot);
        }
        leftNanos %= SLOT_NANOS;
    }

    /** Returns the levels since the previous call, oldest first, or null if all of them are silent. */
    byte @Nullable [] take(long nowNanos) {
        if (!started) {
            return null;
        }
        fillGap(nowNanos);
        byte[] levels = loud ? new byte[count] : null;
        if (levels != null) {
            for (int i = 0; i < count; i++) {
                levels[i] = slots[(first + i) % slots.length];
            }
        }
        first = 0;
        count = 0;
        loud = false;
        return levels;
    }

    private void fillGap(long nowNanos) {
        long missing = nowNanos - filledUntilNanos;
        if (missing > slots.length * SLOT_NANOS) {
            filledUntilNanos = nowNanos - slots.length * SLOT_NANOS;
            first = 0; // All older levels would be overwritten anyway.
            count = 0;
            loud = false;
        }
        while (nowNanos - filledUntilNanos > GAP_NANOS_MAX + SLOT_NANOS) {
            push(TrackLevels.SILENT);
        }
    }

    private void push(byte level) {
        filledUntilNanos += SLOT_NANOS;
        if (count == slots.length) {
            first = (first + 1) % slots.length;
            count--;
        }
        slots[(first + count) % slots.length] = level;
        count++;
        loud |= (level & LEVEL_MASK) != LEVEL_MASK;
    }
}
