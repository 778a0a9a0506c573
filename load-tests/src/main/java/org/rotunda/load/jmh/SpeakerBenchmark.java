package org.rotunda.load.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.room.speaker.SpeakerDetector;

/**
 * Measures 100 ms of the dominant-speaker detection in a room with {@link #SPEAKERS} open microphones: one report with
 * five levels of each of them, and the decision. Nobody uses DTX, which is the most costly case. A tenth of the
 * participants speaks, in turns of a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH runs the setup before it uses the fields.
public class SpeakerBenchmark {
    static final int SPEAKERS = 100;

    private static final int SPEAKING_EVERY = 10;
    private static final int REPORTS = 200;
    private static final int REPORTS_OF_A_TURN = 10;
    private static final int LEVELS = 5;
    private static final int SPEECH = 28;
    private static final int NOISE = 62;
    private static final int SPREAD = 10;
    private static final long REPORT_NANOS = 100_000_000;

    private final List<List<TrackLevels>> reports = new ArrayList<>();
    private SpeakerDetector detector;
    private int next;
    private long nowNanos;

    @Setup
    public void begin() {
        Random random = new Random(1);
        detector = new SpeakerDetector();
        reports.clear();
        next = 0;
        nowNanos = 0;
        for (int i = 0; i < SPEAKERS; i++) {
            detector.onAudioEnabled("PA" + i, "MT" + i);
        }
        for (int report = 0; report < REPORTS; report++) {
            List<TrackLevels> tracks = new ArrayList<>();
            for (int i = 0; i < SPEAKERS; i++) {
                boolean speaks = (i + report / REPORTS_OF_A_TURN) % SPEAKING_EVERY == 0;
                byte[] levels = new byte[LEVELS];
                for (int slot = 0; slot < LEVELS; slot++) {
                    levels[slot] = (byte) ((speaks ? SPEECH : NOISE) + random.nextInt(SPREAD));
                }
                tracks.add(new TrackLevels("PA" + i, "MT" + i, levels));
            }
            reports.add(tracks);
        }
    }

    /** Passes one report on, with which the decision is due. Returns the revision. */
    @Benchmark
    public long decision() {
        nowNanos += REPORT_NANOS;
        detector.onReport("node", reports.get(next), nowNanos);
        next = next + 1 == REPORTS ? 0 : next + 1;
        return detector.revision();
    }
}
