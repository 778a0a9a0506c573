package org.rotunda.media.transport;

import org.jspecify.annotations.Nullable;

/**
 * A map from SSRCs to values. The keys are primitive, because every packet looks up a value. The map uses open
 * addressing with linear probing, and grows to at most {@link #ENTRIES_MAX} entries. Owned by one event loop.
 *
 * @param <T> the type of the values
 */
final class SsrcMap<T> {
    /**
     * The maximum number of entries. The limit is far above the needs of the largest connection: 1,000 m-lines, each
     * with three encodings and three RTX streams, have 6,000 SSRCs in all.
     */
    static final int ENTRIES_MAX = 16_384;

    private static final int INITIAL_SLOTS = 16;

    private int[] keys = new int[INITIAL_SLOTS];
    private @Nullable Object[] values = new @Nullable Object[INITIAL_SLOTS];
    private int size;

    @SuppressWarnings("unchecked") // Only put() stores values, and it takes only values of type T.
    @Nullable
    T get(int ssrc) {
        int slot = slotOf(ssrc);
        return (T) values[slot];
    }

    /** Adds or replaces a value. Returns false if the map is full. */
    boolean put(int ssrc, T value) {
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
            rehash(keys.length * 2);
        }
        return true;
    }

    void remove(int ssrc) {
        int slot = slotOf(ssrc);
        if (values[slot] != null) {
            values[slot] = null;
            size--;
            rehash(keys.length); // Rehashing closes the gap in the probe sequence; removals are rare.
        }
    }

    int size() {
        return size;
    }

    private int slotOf(int ssrc) {
        int mask = keys.length - 1;
        // Fibonacci hashing spreads the keys even if a peer chooses SSRCs that are not random.
        int slot = ((ssrc * 0x9E3779B1) >>> 7) & mask;
        while (values[slot] != null && keys[slot] != ssrc) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rehash(int slots) {
        int[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new int[slots];
        values = new @Nullable Object[slots];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slotOf(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
