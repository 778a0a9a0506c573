package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A recorded trace gives the same estimates when it is replayed. */
class TraceTest {
    private static final int LARGE = 50_000_000;

    private record Recording(TraceRecorder recorder, List<Long> estimates) {}

    private static Recording record(int charactersMax) {
        VirtualTime time = new VirtualTime();
        SimulatedBottleneck link = new SimulatedBottleneck(time, 1_500_000, 1);
        link.setLoss(0.01);
        SimulatedFlow flow = new SimulatedFlow(
                time, new SimulatedFlow.Network(link, null, 40 * VirtualTime.MS, 10 * VirtualTime.MS), 2);
        TraceRecorder recorder = new TraceRecorder(time.now(), charactersMax);
        List<Long> estimates = new ArrayList<>();
        flow.controller().setTrace(recorder);
        time.atSecond(0, flow::start);
        time.atSecond(5, () -> link.setRate(400_000));
        time.atSecond(10, () -> flow.controller().onRemb(300_000, time.now()));
        time.atSecond(11, () -> flow.controller().onRemb(9_000_000, time.now()));
        time.atSecond(12, () -> flow.controller().onRtt(90 * VirtualTime.MS, time.now()));
        time.atSecond(13, () -> flow.controller().onLossReport(100, 3, time.now()));
        time.atSecond(14, () -> flow.controller().onRouteChanged(time.now()));
        time.atSecond(15, () -> flow.controller().cancelProbe(time.now()));
        for (int i = 1; i <= 200; i++) {
            time.atSecond(i / 10.0, () -> estimates.add(flow.controller().estimateBps()));
        }
        time.runUntilSecond(20);
        return new Recording(recorder, estimates);
    }

    @Test
    void shouldGiveTheSameEstimatesBitForBit() {
        Recording recording = record(LARGE);
        assertThat(recording.recorder.isFull()).isFalse();
        assertThat(recording.estimates).hasSize(200);
        assertThat(recording.estimates.stream().distinct().count()).isGreaterThan(50);
        List<Long> replayed = new ArrayList<>();
        new TraceReplay((now, recorded, estimate, controller) -> {
                    assertThat(estimate).isEqualTo(recorded);
                    replayed.add(estimate);
                })
                .replay(recording.recorder.text());
        assertThat(replayed).hasSizeGreaterThan(1_000).containsAll(recording.estimates);
        assertThat(recording.recorder.text().lines().map(line -> line.charAt(0)).distinct())
                .containsExactlyInAnyOrder('r', 's', 'f', 'm', 'l', 'c', 'd', 'x', 't');
    }

    @Test
    void shouldEndAtItsBoundWithAWholeLine() {
        Recording recording = record(20_000);
        String text = recording.recorder.text();
        assertThat(recording.recorder.isFull()).isTrue();
        assertThat(text.length()).isLessThanOrEqualTo(20_000);
        assertThat(text).endsWith("\n");
        List<Long> replayed = new ArrayList<>();
        new TraceReplay((now, recorded, estimate, controller) -> {
                    assertThat(estimate).isEqualTo(recorded);
                    replayed.add(estimate);
                })
                .replay(text);
        assertThat(replayed).isNotEmpty();
    }

    @Test
    void shouldRefuseWhatIsNoTrace() {
        TraceReplay replay = new TraceReplay((now, recorded, estimate, controller) -> {});
        String head = TraceRecorder.FORMAT + ",1000\n";
        assertThatThrownBy(() -> replay.replay("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> replay.replay("trace-2,0\n")).isInstanceOf(IllegalArgumentException.class);
        for (String line : List.of("z,1", "s,1", "s,a,1,1,0", "f,1,8fcd", "f,1,zz", "t,1", "s")) {
            assertThatThrownBy(() -> replay.replay(head + line))
                    .as(line)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 2");
        }
    }

    /** Prints the estimates of a trace from elsewhere: {@code -Drotunda.congestion.trace=FILE}. */
    @Test
    @EnabledIfSystemProperty(named = "rotunda.congestion.trace", matches = ".+")
    void printsTheEstimatesOfAFile() throws IOException {
        String trace = Files.readString(Path.of(System.getProperty("rotunda.congestion.trace")));
        System.out.println("seconds,recorded_bps,replayed_bps,loss,queue_ms,rtt_ms");
        long[] began = {Long.MIN_VALUE, Long.MIN_VALUE};
        new TraceReplay((now, recorded, replayed, controller) -> {
                    began[0] = began[0] == Long.MIN_VALUE ? now : began[0];
                    if (began[1] == Long.MIN_VALUE || now - began[1] >= 100 * VirtualTime.MS) {
                        began[1] = now;
                        System.out.printf(
                                "%.3f,%d,%d,%.3f,%d,%d%n",
                                (now - began[0]) / 1e9,
                                recorded,
                                replayed,
                                controller.loss(),
                                controller.queueMillis(),
                                controller.rttMillis());
                    }
                })
                .replay(trace);
    }
}
