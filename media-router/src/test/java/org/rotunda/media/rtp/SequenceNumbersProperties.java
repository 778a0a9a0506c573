package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SequenceNumbersProperties {
    /**
     * Tests that a stream begins far before the wrap of its sequence numbers. A receiver that loses all packets before
     * a wrap would have a wrong roll-over counter for ever (RFC 3711).
     */
    @Property(tries = 2_000)
    void aStreamBeginsFarFromTheWrap(@ForAll long seed) {
        assertThat(SequenceNumbers.initial(new SplittableRandom(seed))).isBetween(0, 0x7FFF);
    }
}
