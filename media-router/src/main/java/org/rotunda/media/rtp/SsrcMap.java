package org.rotunda.media.rtp;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A map from SSRCs to values. The keys are primitive, because every packet looks up a value. The map uses open
 * addressing with linear probing, and grows to at most {@link #ENTRIES_MAX} entries. Owned by one event loop.
 *
 * <p>A peer chooses its SSRCs, so the hash has two random secrets, and a peer cannot choose SSRCs that share a slot. A
 * removal moves at most the entries from the removed entry to the next free slot.
 *
 * @param <T> the type of the values
 */
public final class SsrcMap<T> {
    /**
     * The maximum number of entries. The limit is far above the needs of the largest connection: 512 m-lines, each with
     * three encodings and three RTX streams, have 3,072 SSRCs in all.
     */
    public static final int ENTRIES_MAX = 16_384;

    private static final int INITIAL_SLOTS = 16;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    // The offset and the multiplier are the two secrets of the hash.
    private final long offset;
    private final long multiplier;
    private int[] keys = new int[INITIAL_SLOTS];
    private @Nullable Object[] values = new @Nullable Object[INITIAL_SLOTS];
    private int size;

    /** @param random the source of the two secrets of the hash */
    public SsrcMap(RandomGenerator random) {
        offset = random.nextLong();
        multiplier = random.nextLong() | 1;
    }

    @SuppressWarnings("unchecked") // Only put() stores values, and it takes only values of type T.
    public @Nullable T get(int ssrc) {
        int slot = slotOf(ssrc);
        return (T) values[slot];
    }

    /** Adds or replaces a value. Returns false if the map is full. */
    public boolean put(int ssrc, T value) {
        int slot = slotOf(ssrc);
        if (values[slot] == null) {
            if (size == ENTRIES_MAX) {
                return false;
            }
            size++;
        }
        keys[slot] = ssrc;
        values[slot] = value;
        if (size * 2 > keys.length) {
            grow();
        }
        return true;
    }

    public void remove(int ssrc) {
        int free = slotOf(ssrc);
        if (values[free] == null) {
            return;
        }
        size--;
        int mask = keys.length - 1;
        // The removed entry leaves a gap. A later entry moves into the gap if a search for it would otherwise end at
        // the gap.
        for (int slot = (free + 1) & mask; values[slot] != null; slot = (slot + 1) & mask) {
            int home = home(keys[slot], keys.length);
            if (((slot - home) & mask) >= ((slot - free) & mask)) {
                keys[free] = keys[slot];
                values[free] = values[slot];
                free = slot;
            }
        }
        values[free] = null;
    }

    public int size() {
        return size;
    }

    /** Returns the number of slots that a search for this SSRC reads. */
    int probes(int ssrc) {
        int mask = keys.length - 1;
        return ((slotOf(ssrc) - home(ssrc, keys.length)) & mask) + 1;
    }

    private int slotOf(int ssrc) {
        int mask = keys.length - 1;
        int slot = home(ssrc, keys.length);
        while (values[slot] != null && keys[slot] != ssrc) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(int ssrc, int slots) {
        long hash = (ssrc + offset) * multiplier;
        hash = (hash ^ (hash >>> 32)) * MIX;
        return (int) (hash >>> 32) & (slots - 1);
    }

    private void grow() {
        int[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new int[2 * oldKeys.length];
        values = new @Nullable Object[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slotOf(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
