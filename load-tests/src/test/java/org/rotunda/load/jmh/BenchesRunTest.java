package org.rotunda.load.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark once in this process, only to show that it works. */
class BenchesRunTest {
    @Test
    void everyBenchmarkCompletes() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("org\\.rotunda\\..*")
                        .mode(Mode.SingleShotTime)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .forks(0)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        assertThat(results.stream()
                        .map(result -> result.getParams().getBenchmark())
                        .map(name -> name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "SrtpBenchmark.protect",
                        "SrtpBenchmark.unprotect",
                        "ForwardBenchmark.parseSource",
                        "ForwardBenchmark.rewrite",
                        "DemultiplexBenchmark.kind",
                        "DemultiplexBenchmark.kindAndTransport",
                        "FeedbackBenchmark.build",
                        "SpeakerBenchmark.decision",
                        "BeatBenchmark.beat",
                        "AllocationBenchmark.allocateRoom");
    }
}
