package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void stolenTimeIsReportedAsAShareOfAllTime() {
        Machine.CpuTime before = Machine.CpuTime.parse("cpu  100 0 50 800 10 0 5 35 3 0\ncpu0 1 2 3\n");
        Machine.CpuTime after = Machine.CpuTime.parse("cpu  150 0 70 820 10 0 5 45 3 0\ncpu0 1 2 3\n");

        assertThat(before).isEqualTo(new Machine.CpuTime(35, 1000));
        assertThat(after.stolenRatioSince(before)).isCloseTo(0.1, within(1e-9));
        assertThat(before.stolenRatioSince(before)).isZero();
    }

    @Test
    void theProcessorModelAndTheMemoryAreRead() throws IOException {
        assertThat(Machine.field("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n", "model name"))
                .isEqualTo("Some CPU @ 2 GHz");
        assertThat(Machine.field("", "model name")).isEqualTo("unknown");
        assertThat(Machine.read().memoryBytes()).isPositive();
    }
}
