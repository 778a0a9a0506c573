package org.rotunda.load.bot.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tests that the counter counts exactly the packets that never arrive, in whatever order the others come. */
class LossCounterProperties {
    private static final int PACKETS = 500;

    @Property(tries = 500)
    void exactlyThePacketsThatNeverComeAreLost(
            @ForAll @IntRange(max = 0xFFFF) int first,
            @ForAll long seed,
            @ForAll @IntRange(max = 50) int lossPercent,
            @ForAll @IntRange(min = 1, max = 50) int reordering) {
        Random random = new Random(seed);
        List<Integer> arrivals = new ArrayList<>();
        for (int i = 1; i < PACKETS; i++) {
            if (random.nextInt(100) >= lossPercent) {
                arrivals.add(i);
            }
        }
        int lost = PACKETS - 1 - arrivals.size();
        for (int from = 0; from < arrivals.size(); from += reordering) {
            Collections.shuffle(arrivals.subList(from, Math.min(from + reordering, arrivals.size())), random);
        }
        LossCounter counter = new LossCounter();
        counter.onPacket(first);
        arrivals.forEach(packet -> counter.onPacket((first + packet) & 0xFFFF));
        counter.onPacket((first + PACKETS) & 0xFFFF);

        assertThat(counter.lost()).isEqualTo(lost);
    }
}
