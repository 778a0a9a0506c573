package org.rotunda.load.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MutationsTest {
    private static final int ROUNDS = 5_000;

    private final Random random = new Random(3);

    @Test
    void aMutatedPacketIsNeverEmptyUnchangedOrTooLong() {
        Mutations mutations = new Mutations(1);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] valid = bytes(1 + random.nextInt(1_400));
            byte[] untouched = valid.clone();
            byte[] mutated = mutations.of(valid, List.of(bytes(1 + random.nextInt(1_400)), valid));
            assertThat(mutated).isNotEmpty().isNotEqualTo(valid).hasSizeLessThanOrEqualTo(Mutations.LENGTH_BYTES_MAX);
            assertThat(valid).isEqualTo(untouched);
        }
    }

    @Test
    void theSameSeedMakesTheSameMutations() {
        byte[] valid = bytes(200);
        assertThat(new Mutations(5).of(valid, List.of(valid))).isEqualTo(new Mutations(5).of(valid, List.of(valid)));
    }

    @Test
    void theFirstByteIsUsuallyKept() {
        Mutations mutations = new Mutations(2);
        byte[] valid = bytes(300);
        int kept = 0;
        for (int i = 0; i < ROUNDS; i++) {
            kept += mutations.of(valid, List.of(valid))[0] == valid[0] ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(ROUNDS * 9 / 10).isLessThan(ROUNDS);
    }

    @Test
    void aMutatedTextIsNeverUnchanged() {
        Mutations mutations = new Mutations(4);
        String valid = "{\"type\":\"msg\",\"body\":{\"version\":2,\"tracks\":[]}}";
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(mutations.ofText(valid, List.of(valid, "{\"type\":\"hello\"}")))
                    .isNotEqualTo(valid);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
