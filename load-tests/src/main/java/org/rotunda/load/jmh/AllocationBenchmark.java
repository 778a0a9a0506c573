package org.rotunda.load.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rotunda.room.allocation.BandwidthProfile;
import org.rotunda.room.allocation.Ladder;
import org.rotunda.room.allocation.RenderSize;
import org.rotunda.room.allocation.SubscriberInput;
import org.rotunda.room.allocation.SubscriberPlan;
import org.rotunda.room.allocation.TrackInput;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/**
 * Measures the allocation of a whole room: {@link #SUBSCRIBERS} subscribers that each receive {@link #TRACKS} tracks.
 * Each operation gives every plan a new report of its downlink and lets it decide. In a swinging room the bandwidth
 * rises and falls by a third, so that plans lower layers and wait for upgrades; in a steady room nothing changes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH runs the setup before it uses the fields.
public class AllocationBenchmark {
    static final int SUBSCRIBERS = 50;
    static final int TRACKS = 50;

    private static final long CAP_BPS = 20_000_000;
    private static final long LOW_BPS = 8_000_000;
    private static final long HIGH_BPS = 12_000_000;
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** How the downlinks behave. */
    @Param({"steady", "swinging"})
    public String bandwidth;

    private List<SubscriberPlan> plans;
    private SubscriberInput low;
    private SubscriberInput high;
    private long nowNanos;
    private boolean isLow;

    @Setup
    public void begin() {
        low = new SubscriberInput(LOW_BPS, 0, CAP_BPS, false, 0, 0);
        high = new SubscriberInput(HIGH_BPS, 0, CAP_BPS, false, 0, 0);
        nowNanos = 0;
        plans = new ArrayList<>();
        Ladder camera = Ladder.camera(1280, 720, 3);
        for (int i = 0; i < SUBSCRIBERS; i++) {
            List<TrackInput> tracks = new ArrayList<>();
            for (int j = 0; j < TRACKS; j++) {
                TrackSid sid = new TrackSid("MT" + String.format(Locale.ROOT, "%032x", j));
                RenderSize tile = j % 7 == i % 7 ? new RenderSize(640, 360) : new RenderSize(320, 180);
                tracks.add(new TrackInput(
                        sid, TrackPriority.STANDARD, tile, true, false, (i + 3 * j) % TRACKS, j, camera));
            }
            SubscriberPlan plan = new SubscriberPlan(BandwidthProfile.DEFAULT);
            plan.onTracks(tracks, nowNanos);
            plan.onConditions(high, nowNanos);
            plans.add(plan);
        }
    }

    /** Lets all plans decide once. */
    @Benchmark
    public long allocateRoom() {
        nowNanos += REPORT_NANOS;
        isLow = !isLow;
        SubscriberInput input = isLow && bandwidth.equals("swinging") ? low : high;
        long sum = 0;
        for (SubscriberPlan plan : plans) {
            plan.onConditions(input, nowNanos);
            if (plan.nextDeadlineNanos() <= nowNanos) {
                plan.onTimeout(nowNanos);
            }
            sum += plan.sumBps();
        }
        if (sum == 0) {
            throw new IllegalStateException("no track is on");
        }
        return sum;
    }
}
