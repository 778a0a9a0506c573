package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Compares the SSRC table with a plain map, and counts the slots that a search reads. */
class SsrcMapProperties {
    /** The number of SSRCs in 1,000 m-lines with three encodings and three RTX streams each. */
    private static final int HOSTILE_SSRCS = 6_000;

    /**
     * The maximum number of slots that one search may read. At the highest load a search reads 1.5 slots on average.
     * Among a hundred thousand searches none comes near this maximum.
     */
    private static final int PROBES_MAX = 128;

    @Property(tries = 500)
    void holdsTheEntriesPutAndNotRemoved(@ForAll @Size(max = 200) List<Integer> keys, @ForAll long seed) {
        SsrcMap<String> map = new SsrcMap<>(new SplittableRandom(seed));
        Map<Integer, String> model = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            int key = keys.get(i) % 64; // A small range makes repeated and removed keys frequent.
            if (i % 3 == 2) {
                map.remove(key);
                model.remove(key);
            } else {
                map.put(key, "value " + i);
                model.put(key, "value " + i);
            }
            assertThat(map.size()).isEqualTo(model.size());
        }
        for (int key = -64; key <= 64; key++) {
            assertThat(map.get(key)).isEqualTo(model.get(key));
        }
    }

    @Example
    void refusesMoreThanItsLimit() {
        SsrcMap<String> map = new SsrcMap<>(new SplittableRandom(1));
        for (int i = 0; i < SsrcMap.ENTRIES_MAX; i++) {
            assertThat(map.put(i, "stream")).isTrue();
        }

        assertThat(map.put(-1, "one too many")).isFalse();
        assertThat(map.put(5, "a known one")).isTrue();
        assertThat(map.get(-1)).isNull();
    }

    /**
     * Tests SSRCs that collided in an earlier version of the table. That version used the hash {@code (ssrc *
     * 0x9E3779B1) >>> 7}, without a secret.
     */
    @Property(tries = 20)
    void ssrcsThatCollideWithoutTheSecretDoNotCollide(@ForAll long seed) {
        SsrcMap<String> map = new SsrcMap<>(new SplittableRandom(seed));
        for (int i = 0; i < HOSTILE_SSRCS; i++) {
            map.put(hostileSsrc(i), "stream");
        }
        for (int i = 0; i < HOSTILE_SSRCS; i++) {
            assertThat(map.probes(hostileSsrc(i))).isLessThanOrEqualTo(PROBES_MAX);
        }
        for (int i = 0; i < HOSTILE_SSRCS; i += 2) {
            map.remove(hostileSsrc(i));
        }
        for (int i = 0; i < HOSTILE_SSRCS; i++) {
            assertThat(map.get(hostileSsrc(i))).isEqualTo(i % 2 == 0 ? null : "stream");
            assertThat(map.probes(hostileSsrc(i))).isLessThanOrEqualTo(PROBES_MAX);
        }
    }

    /** Tests SSRCs at equal distances, because a peer may number its streams in this way. */
    @Property(tries = 50)
    void evenlySpacedSsrcsDoNotCollide(@ForAll long seed, @ForAll int step) {
        SsrcMap<String> map = new SsrcMap<>(new SplittableRandom(seed));
        for (int i = 0; i < HOSTILE_SSRCS; i++) {
            map.put(i * (step | 1), "stream");
        }
        for (int i = 0; i < HOSTILE_SSRCS; i++) {
            assertThat(map.probes(i * (step | 1))).isLessThanOrEqualTo(PROBES_MAX);
        }
    }

    /**
     * Returns the i-th SSRC that fell into slot 0 in the earlier version of the table. There, bits 7 to 21 of the
     * product {@code ssrc * 0x9E3779B1} chose the slot. For this SSRC these bits are 0.
     */
    private static int hostileSsrc(int i) {
        int product = (i & 0x7F) | (i >>> 7) << 22;
        return product * INVERSE;
    }

    private static final int INVERSE = inverse(0x9E3779B1);

    /** Returns the inverse of an odd number modulo 2^32 (Newton's iteration). */
    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
