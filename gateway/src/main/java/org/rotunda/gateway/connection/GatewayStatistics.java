package org.rotunda.gateway.connection;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.rotunda.gateway.signal.Malformed;
import org.rotunda.media.control.DurationHistogram;
import org.rotunda.media.control.Histogram;
import org.rotunda.room.protocol.RoomError;

/** The counters of a gateway, for metrics. Any thread may count and read. Reading does not reset the counters. */
public final class GatewayStatistics {
    private static final List<Duration> LATENCY_BOUNDS = List.of(
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofMillis(1_000),
            Duration.ofMillis(2_500),
            Duration.ofMillis(5_000),
            Duration.ofMillis(10_000));

    private static final List<Duration> WAIT_BOUNDS = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60));

    // The map stays small, because only a small number of error codes exist.
    private final Map<JoinOutcome, LongAdder> joins = new ConcurrentHashMap<>();
    private final DurationHistogram joinLatency = new DurationHistogram(LATENCY_BOUNDS);
    private final DurationHistogram joinWait = new DurationHistogram(WAIT_BOUNDS);
    private final LongAdder resumes = new LongAdder();
    private final LongAdder sessionsLost = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder framesReceived = new LongAdder();
    private final LongAdder framesSent = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private final LongAdder throttled = new LongAdder();
    private final AtomicLong sessionsOpen = new AtomicLong();
    private final AtomicLong joinsWaiting = new AtomicLong();
    private final AtomicLong joinsUnderWayMax = new AtomicLong(JoinLine.UNDER_WAY_START);
    private final Map<Malformed, LongAdder> malformed = new EnumMap<>(Malformed.class);
    private final Map<HttpOutcome, DurationHistogram> requests =
            new ConcurrentHashMap<>(); // The map stays small, because its keys contain patterns of paths.

    public GatewayStatistics() {
        for (Malformed reason : Malformed.values()) {
            malformed.put(reason, new LongAdder());
        }
        for (JoinResult result : List.of(JoinResult.OK, JoinResult.ABANDONED)) { // Other results need an error code.
            joins.put(new JoinOutcome(result, ""), new LongAdder());
        }
    }

    /** The result of a connect. */
    public enum JoinResult {
        OK,
        /**
         * The client was sent an error other than busy, for instance because its token was invalid or the room was
         * full.
         */
        REFUSED,
        /** No room answered in time. The client was sent the error busy. */
        FAILED,
        /** The client went away before the answer. */
        ABANDONED
    }

    /**
     * A result with its error code.
     *
     * @param code the error code that the client was sent; empty if the client was sent no error
     */
    public record JoinOutcome(JoinResult result, String code) {}

    /**
     * Requests that are counted together.
     *
     * @param route the pattern of the path
     */
    public record HttpOutcome(String route, String method, int status) {}

    /**
     * The values of all counters, read at about the same time.
     *
     * @param joinLatency the time from a connect to its success; connects that failed are left out
     * @param joinWait the time for which clients waited in the line of joins; those that never waited are left out
     * @param joinsWaiting the number of clients that wait in the line of joins
     * @param joinsUnderWayMax the number of joins that may be under way at the moment
     * @param overflows the number of sockets that were closed because their clients read too slowly
     * @param throttled the number of times that a client had sent too much, so that its next frame was read later
     */
    public record Snapshot(
            Map<JoinOutcome, Long> joins,
            Histogram joinLatency,
            Histogram joinWait,
            long resumes,
            long sessionsLost,
            long sessionsOpen,
            long joinsWaiting,
            long joinsUnderWayMax,
            long busy,
            long framesReceived,
            long framesSent,
            long overflows,
            long throttled,
            Map<Malformed, Long> malformed,
            Map<HttpOutcome, Histogram> requests) {

        /** Returns the number of connects with this result and any error code. */
        public long joins(JoinResult result) {
            return joins.entrySet().stream()
                    .filter(entry -> entry.getKey().result() == result)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    public Snapshot snapshot() {
        Map<Malformed, Long> reasons = new EnumMap<>(Malformed.class);
        malformed.forEach((reason, count) -> reasons.put(reason, count.sum()));
        return new Snapshot(
                joins.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().sum())),
                joinLatency.snapshot(),
                joinWait.snapshot(),
                resumes.sum(),
                sessionsLost.sum(),
                sessionsOpen.get(),
                joinsWaiting.get(),
                joinsUnderWayMax.get(),
                busy.sum(),
                framesReceived.sum(),
                framesSent.sum(),
                overflows.sum(),
                throttled.sum(),
                reasons,
                requests.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().snapshot())));
    }

    void onSocketOpened() {
        sessionsOpen.incrementAndGet();
    }

    void onSocketClosed() {
        sessionsOpen.decrementAndGet();
    }

    /** Counts a client that waited in the line of joins until its turn came. */
    void onWaited(Duration wait) {
        joinWait.addNanos(wait.toNanos());
    }

    /** @param underWayMax the number of joins that may be under way */
    void onLine(int waiting, int underWayMax) {
        joinsWaiting.set(waiting);
        joinsUnderWayMax.set(underWayMax);
    }

    void onJoined(Duration latency) {
        count(new JoinOutcome(JoinResult.OK, ""));
        joinLatency.addNanos(latency.toNanos());
    }

    /** @param code the error code that the client is sent; only a small number of codes exist */
    void onJoinRefused(int code) {
        JoinResult result = code == RoomError.BUSY.code() ? JoinResult.FAILED : JoinResult.REFUSED;
        count(new JoinOutcome(result, Integer.toString(code)));
    }

    void onJoinAbandoned() {
        count(new JoinOutcome(JoinResult.ABANDONED, ""));
    }

    private void count(JoinOutcome outcome) {
        joins.computeIfAbsent(outcome, key -> new LongAdder()).increment();
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

    void onThrottled() {
        throttled.increment();
    }

    void onMalformed(Malformed reason) {
        Objects.requireNonNull(malformed.get(reason)).increment();
    }

    /** @param route the pattern of the path, never the path itself */
    public void onHttpRequest(String route, String method, int status, Duration took) {
        requests.computeIfAbsent(new HttpOutcome(route, method, status), key -> new DurationHistogram(LATENCY_BOUNDS))
                .addNanos(took.toNanos());
    }
}
