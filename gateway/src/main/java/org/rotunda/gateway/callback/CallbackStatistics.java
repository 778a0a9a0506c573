package org.rotunda.gateway.callback;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DurationHistogram;
import org.rotunda.media.control.Histogram;
import org.rotunda.room.protocol.CallbackFailure;

/** The counters of the status callbacks that this gateway sends. Any thread may count and read. */
public final class CallbackStatistics {
    private static final String DELIVERED = "delivered";
    private static final List<Duration> ATTEMPT_BOUNDS = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15));
    private static final List<Duration> DELAY_BOUNDS = List.of(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofHours(24));

    private final LongAdder delivered = new LongAdder();
    private final Map<CallbackFailure, LongAdder> failed = new EnumMap<>(CallbackFailure.class);
    private final Map<CallbackFailure, LongAdder> givenUp = new EnumMap<>(CallbackFailure.class);
    private final AtomicInteger inFlight = new AtomicInteger();
    private final DurationHistogram attempts = new DurationHistogram(ATTEMPT_BOUNDS);
    private final DurationHistogram delays = new DurationHistogram(DELAY_BOUNDS);

    public CallbackStatistics() {
        for (CallbackFailure failure : CallbackFailure.values()) {
            failed.put(failure, new LongAdder());
            givenUp.put(failure, new LongAdder());
        }
    }

    /**
     * The values of all counters, read at about the same time.
     *
     * @param attempts the numbers of attempts by result: {@code delivered}, or the failure in lower case
     * @param givenUp the numbers of callbacks that were given up, by the failure of their last attempt
     * @param inFlight the number of callbacks that are being sent
     * @param attemptTimes the time from the start of an attempt to its result
     * @param delays the time from an event to the delivery of its callback
     */
    public record Snapshot(
            Map<String, Long> attempts,
            Map<String, Long> givenUp,
            int inFlight,
            Histogram attemptTimes,
            Histogram delays) {}

    public Snapshot snapshot() {
        Map<String, Long> results = counts(failed);
        results.put(DELIVERED, delivered.sum());
        return new Snapshot(results, counts(givenUp), inFlight.get(), attempts.snapshot(), delays.snapshot());
    }

    private static Map<String, Long> counts(Map<CallbackFailure, LongAdder> counters) {
        Map<String, Long> counts = new TreeMap<>();
        counters.forEach((failure, count) -> counts.put(failure.name().toLowerCase(Locale.ROOT), count.sum()));
        return counts;
    }

    void onAttempt(@Nullable CallbackFailure failure, Duration took) {
        LongAdder counter = failure == null ? delivered : failed.get(failure);
        if (counter != null) {
            counter.increment();
        }
        attempts.addNanos(took.toNanos());
    }

    void onDelivered(Duration sinceTheEvent) {
        delays.addNanos(sinceTheEvent.toNanos());
    }

    void onGivenUp(CallbackFailure failure) {
        LongAdder counter = givenUp.get(failure);
        if (counter != null) {
            counter.increment();
        }
    }

    void inFlight(int now) {
        inFlight.set(now);
    }
}
