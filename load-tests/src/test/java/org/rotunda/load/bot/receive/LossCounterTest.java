package org.rotunda.load.bot.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossCounterTest {
    private final LossCounter counter = new LossCounter();

    @Test
    void nothingIsLostBeforeTheFirstPacket() {
        assertThat(counter.lost()).isZero();
    }

    @ParameterizedTest(name = "{2}: {0}")
    @CsvSource({
        "'7 8 9 10', 0, an unbroken stream",
        "'7 8 10 13', 3, two gaps",
        "'65534 65535 0 1', 0, an unbroken stream across the wrap",
        "'65533 65535 1 2', 2, a gap on each side of the wrap",
        "'65535 1 0', 0, packets in reverse order behind the wrap",
        "'65534 0 65535', 0, a packet that comes after the wrap and was sent before it",
        "'7 9 8 10', 0, two packets in reverse order",
        "'7 9 8 11', 1, a late packet and a gap",
        "'7 6 5 8', 0, packets that were sent before the first one",
        "'0 65535 1', 0, a packet that was sent before the first one and the wrap",
        "'7 8 8 10', 0, a packet that came twice and hides a gap",
        "'7 8 8 9', 0, a packet that came twice"
    })
    void aPacketIsLostUntilItComes(String numbers, long lost, String name) {
        Arrays.stream(numbers.split(" ")).mapToInt(Integer::parseInt).forEach(counter::onPacket);

        assertThat(counter.lost()).as(name).isEqualTo(lost);
    }

    @Test
    void lossesAreCountedAcrossManyWraps() {
        int packets = 1_000_001;

        IntStream.range(0, packets).filter(i -> i % 10 != 5).forEach(i -> counter.onPacket((60_000 + i) & 0xFFFF));

        assertThat(counter.lost()).isEqualTo(packets / 10);
    }
}
