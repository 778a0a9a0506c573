package org.rotunda.gateway.connection;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.rotunda.gateway.signal.Malformed;

/** What a gateway counts. Any thread may count and read; {@link #snapshot} is what metrics are made of. */
public final class GatewayStatistics {
    /** Upper bounds of the buckets of join latency, in milliseconds; one more bucket has no bound. */
    public static final List<Long> JOIN_LATENCY_BUCKETS_MS =
            List.of(5L, 10L, 25L, 50L, 100L, 250L, 500L, 1_000L, 2_500L, 5_000L, 10_000L);

    private final LongAdder joins = new LongAdder();
    private final LongAdder joinsRefused = new LongAdder();
    private final LongAdder resumes = new LongAdder();
    private final LongAdder sessionsLost = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder framesReceived = new LongAdder();
    private final LongAdder framesSent = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private final LongAdder restRequests = new LongAdder();
    private final LongAdder restErrors = new LongAdder();
    private final AtomicLong sessionsOpen = new AtomicLong();
    private final LongAdder joinLatencySumMs = new LongAdder();
    private final List<LongAdder> joinLatency = new ArrayList<>();
    private final Map<Malformed, LongAdder> malformed = new EnumMap<>(Malformed.class);

    public GatewayStatistics() {
        for (int i = 0; i <= JOIN_LATENCY_BUCKETS_MS.size(); i++) {
            joinLatency.add(new LongAdder());
        }
        for (Malformed reason : Malformed.values()) {
            malformed.put(reason, new LongAdder());
        }
    }

    /**
     * All counters at about one moment.
     *
     * @param joinLatencyCounts for each bound of {@link #JOIN_LATENCY_BUCKETS_MS} and one beyond; not cumulative
     * @param overflows sockets failed because their client did not read
     * @param restErrors answers with a status of 500 or above
     */
    public record Snapshot(
            long joins,
            long joinsRefused,
            long resumes,
            long sessionsLost,
            long sessionsOpen,
            long busy,
            long framesReceived,
            long framesSent,
            long overflows,
            long restRequests,
            long restErrors,
            long joinLatencySumMs,
            List<Long> joinLatencyCounts,
            Map<Malformed, Long> malformed) {}

    public Snapshot snapshot() {
        Map<Malformed, Long> reasons = new EnumMap<>(Malformed.class);
        malformed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        return new Snapshot(
                joins.sum(),
                joinsRefused.sum(),
                resumes.sum(),
                sessionsLost.sum(),
                sessionsOpen.get(),
                busy.sum(),
                framesReceived.sum(),
                framesSent.sum(),
                overflows.sum(),
                restRequests.sum(),
                restErrors.sum(),
                joinLatencySumMs.sum(),
                joinLatency.stream().map(LongAdder::sum).toList(),
                reasons);
    }

    void onSocketOpened() {
        sessionsOpen.incrementAndGet();
    }

    void onSocketClosed() {
        sessionsOpen.decrementAndGet();
    }

    void onJoined(long latencyMs) {
        joins.increment();
        joinLatencySumMs.add(latencyMs);
        int bucket = 0;
        while (bucket < JOIN_LATENCY_BUCKETS_MS.size() && latencyMs > JOIN_LATENCY_BUCKETS_MS.get(bucket)) {
            bucket++;
        }
        joinLatency.get(bucket).increment();
    }

    void onJoinRefused() {
        joinsRefused.increment();
    }

    void onResumed() {
        resumes.increment();
    }

    void onSessionLost() {
        sessionsLost.increment();
    }

    void onBusy() {
        busy.increment();
    }

    void onFrameReceived() {
        framesReceived.increment();
    }

    void onFrameSent() {
        framesSent.increment();
    }

    void onOverflow() {
        overflows.increment();
    }

    void onMalformed(Malformed reason) {
        Objects.requireNonNull(malformed.get(reason)).increment();
    }

    public void onRestRequest() {
        restRequests.increment();
    }

    public void onRestError() {
        restErrors.increment();
    }
}
