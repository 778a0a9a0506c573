package org.rotunda.load.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Callers that send requests at the same time. Each caller sends its next request when it has the answer to the last,
 * so the rate is what the node can do for this number of callers. Each caller has a thread.
 */
final class ClosedLoop {
    /** The longest time of a request that is told from longer ones. */
    private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(5);

    private static final int DIGITS = 3; // The precision of the histogram.

    private final int callers;

    ClosedLoop(int callers) {
        this.callers = callers;
    }

    /** A request, which ends with the answer. */
    @FunctionalInterface
    interface Request {
        /**
         * Sends the request.
         *
         * @param ordinal the number of the request in its loop, from 0; no other request of the loop has it
         * @throws IOException if the answer is no success
         */
        void send(long ordinal) throws IOException, InterruptedException;
    }

    /**
     * The answers to the requests of a loop.
     *
     * @param requests the number of requests that succeeded
     * @param seconds the time from the first request to the last answer
     * @param micros the times of the requests that succeeded
     * @param failures the number of failures, by their message
     */
    record Result(long requests, double seconds, Histogram micros, Map<String, Long> failures) {
        Result {
            failures = Map.copyOf(failures);
        }

        double perSecond() {
            return requests / seconds;
        }

        /** Returns a percentile of the times in milliseconds. {@code share} is from 0 to 1; 1 means the longest time. */
        double millis(double share) {
            return requests == 0 ? Double.NaN : micros.getValueAtPercentile(share * 100) / 1e3;
        }

        /** Returns this result, or fails if any request has failed. {@code what} names the requests. */
        Result requireAllSucceeded(String what) {
            long failed = failures.values().stream().mapToLong(Long::longValue).sum();
            if (failed > 0) {
                throw new IllegalStateException(
                        failed + " of " + (failed + requests) + " " + what + " failed: " + new TreeMap<>(failures));
            }
            return this;
        }
    }

    /** Sends requests until the time is over. Requests under way at that moment are waited for and count. */
    Result during(Duration time, Request request) {
        return run(Long.MAX_VALUE, time, request);
    }

    /** Sends this number of requests. */
    Result times(long requests, Request request) {
        return run(requests, Duration.ofDays(1), request);
    }

    private Result run(long requestsMax, Duration time, Request request) {
        AtomicLong next = new AtomicLong();
        long beginNanos = System.nanoTime();
        long endNanos = beginNanos + time.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<Tally>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                running.add(threads.submit(() -> {
                    Tally tally = new Tally();
                    while (System.nanoTime() - endNanos < 0) {
                        long ordinal = next.getAndIncrement();
                        if (ordinal >= requestsMax) {
                            break;
                        }
                        tally.time(request, ordinal);
                    }
                    return tally;
                }));
            }
            Tally all = new Tally();
            for (Future<Tally> caller : running) {
                all.add(caller.get());
            }
            double seconds = (System.nanoTime() - beginNanos) / 1e9;
            return new Result(all.micros.getTotalCount(), seconds, all.micros, all.failures);
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a caller ended: " + defect.getCause(), defect);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The answers to one caller. Owned by its thread until the thread has ended. */
    private static final class Tally {
        private final Histogram micros = new Histogram(MICROS_MAX, DIGITS);
        private final Map<String, Long> failures = new TreeMap<>();

        void time(Request request, long ordinal) throws InterruptedException {
            long sentNanos = System.nanoTime();
            try {
                request.send(ordinal);
                long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - sentNanos);
                micros.recordValue(Math.min(took, MICROS_MAX));
            } catch (IOException failure) {
                failures.merge(String.valueOf(failure.getMessage()), 1L, Long::sum);
            }
        }

        void add(Tally other) {
            micros.add(other.micros);
            other.failures.forEach((message, count) -> failures.merge(message, count, Long::sum));
        }
    }
}
