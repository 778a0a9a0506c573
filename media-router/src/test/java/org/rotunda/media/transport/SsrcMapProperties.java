package org.rotunda.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Compares the SSRC table with a plain map. */
class SsrcMapProperties {

    @Property(tries = 500)
    void holdsTheEntriesPutAndNotRemoved(@ForAll @Size(max = 200) List<Integer> keys) {
        SsrcMap<String> map = new SsrcMap<>();
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
        SsrcMap<String> map = new SsrcMap<>();
        for (int i = 0; i < SsrcMap.ENTRIES_MAX; i++) {
            assertThat(map.put(i, "stream")).isTrue();
        }

        assertThat(map.put(-1, "one too many")).isFalse();
        assertThat(map.put(5, "a known one")).isTrue();
        assertThat(map.get(-1)).isNull();
    }
}
