package org.rotunda.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SequenceNumbersProperties {
    /** A receiver that loses the first packets must not see a wrap, or its roll-over counter stays wrong (RFC 3711). */
    @Property(tries = 2_000)
    void aStreamBeginsFarFromTheWrap(@ForAll long seed) {
        assertThat(SequenceNumbers.initial(new SplittableRandom(seed))).isBetween(0, 0x7FFF);
    }
}
