package org.rotunda.load.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ProcTest {
    private static final String LINE =
            "4242 (media-loop-2-1) S 1 4242 4242 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 33 0 99 1 2";

    @Test
    void userAndSystemTimeAreAddedUp() {
        assertThat(ProcStat.parse(LINE)).isEqualTo(new ProcStat("media-loop-2-1", 300));
    }

    @Test
    void theNameMayHoldParenthesesAndSpaces() {
        assertThat(ProcStat.parse(LINE.replace("media-loop-2-1", "a) (b 1 2")).name())
                .isEqualTo("a) (b 1 2");
        assertThat(ProcStat.parse(LINE.replace("media-loop-2-1", "a) (b 1 2")).cpuTicks())
                .isEqualTo(300);
    }

    @Test
    void aMalformedLineIsRefused() {
        assertThatThrownBy(() -> ProcStat.parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcStat.parse("1 (x) S 1 2 3")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void statusIsReadInBytesAndThreads() {
        assertThat(ProcStatus.parse("""
                        Name:\tjava
                        VmHWM:\t  900 kB
                        VmRSS:\t  812 kB
                        Threads:\t3
                        voluntary_ctxt_switches:\t77
                        nonvoluntary_ctxt_switches:\t5
                        """)).isEqualTo(new ProcStatus(812 * 1024, 3, 77));
        assertThat(ProcStatus.parse("Name:\tkthreadd\nThreads:\t1\n")).isEqualTo(new ProcStatus(0, 1, 0));
        assertThatThrownBy(() -> ProcStatus.parse("Name:\tjava\n")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTimeOfAProcessCoversThatOfItsThreads() throws IOException {
        ProcessUsage.KernelClock clock = ProcessUsage.KernelClock.read();
        ProcessUsage usage = ProcessUsage.of(ProcessHandle.current().pid(), clock);

        assertThat(usage.cpuNanos()).isPositive();
        assertThat(usage.residentBytes()).isGreaterThan(10 << 20);
        assertThat(usage.cpuNanosOfThreads(""))
                .isPositive()
                .isLessThanOrEqualTo(usage.cpuNanos() + TimeUnit.SECONDS.toNanos(1));
        assertThat(usage.cpuNanosOfThreads("no thread is called so")).isZero();
        assertThat(usage.wakeUps()).isPositive();
    }

    /**
     * Reads the usage of a process while its threads end. A thread may end after the list of threads was read, or
     * between the opening and the reading of its file.
     */
    @Test
    void threadsMayEndWhileTheyAreRead() throws Exception {
        ProcessUsage.KernelClock clock = ProcessUsage.KernelClock.read();
        AtomicBoolean enough = new AtomicBoolean();
        Thread parent = new Thread(() -> {
            while (!enough.get()) {
                new Thread(() -> {}, "brief").start();
            }
        });
        parent.start();
        try {
            for (int look = 0; look < 500; look++) {
                assertThat(ProcessUsage.of(ProcessHandle.current().pid(), clock).cpuNanos())
                        .isPositive();
            }
        } finally {
            enough.set(true);
            parent.join();
        }
    }
}
