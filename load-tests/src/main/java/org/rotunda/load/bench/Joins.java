package org.rotunda.load.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bench.BenchServer.Visit;
import org.rotunda.load.bot.BotJoinException;
import org.rotunda.load.bot.JoinTimes;

/** Lets bots join and records how long each join took. Callable from any thread; results arrive on the bots' loops. */
final class Joins {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /**
     * The longest wait for joins: for one join before the next bot may begin, and for all incomplete joins at the end.
     * Even on a busy machine, a longer wait means that something is broken.
     */
    private static final Duration FILL_STEP = Duration.ofMinutes(2);

    /**
     * A join that has succeeded or failed.
     *
     * @param endNanos the end of the join, on the scale of {@link System#nanoTime}
     * @param times the times of the phases of the join; null if the join failed
     * @param failure the reason of the failure; null if the join succeeded
     */
    record Attempt(
            long endNanos,
            @Nullable JoinTimes times,
            @Nullable String failure) {}

    private final BenchServer.Door door;
    private final Queue<Attempt> ended = new ConcurrentLinkedQueue<>();

    Joins(BenchServer.Door door) {
        this.door = door;
    }

    CompletionStage<Visit> join(Seat seat) {
        CompletionStage<Visit> joined = door.join(seat);
        joined.whenComplete((visit, failure) -> ended.add(
                failure == null
                        ? new Attempt(System.nanoTime(), visit.times(), null)
                        : new Attempt(System.nanoTime(), null, reason(failure))));
        return joined;
    }

    /** Returns the kind of a failure without the bot's identity, so that equal failures are counted together. */
    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BotJoinException noJoin
                ? noJoin.end().reason() + " (" + noJoin.end().code() + ")"
                : cause.toString();
    }

    /**
     * Lets all bots join in this order, and returns when all are in their rooms.
     *
     * @param perSecond the highest rate at which joins begin
     * @param inFlightMax the maximum number of joins that are incomplete at the same time; the limit protects a slow
     *     node
     * @param progress gets the number of completed joins
     * @throws IllegalStateException if a join failed
     */
    void fill(List<Seat> seats, double perSecond, int inFlightMax, IntConsumer progress) {
        long intervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        List<CompletableFuture<Visit>> joins = new ArrayList<>();
        long nextNanos = System.nanoTime();
        for (Seat seat : seats) {
            await(() -> inFlight(joins) < inFlightMax);
            LockSupport.parkNanos(nextNanos - System.nanoTime());
            nextNanos = Math.max(nextNanos + intervalNanos, System.nanoTime());
            joins.add(join(seat).toCompletableFuture());
            progress.accept(joins.size() - inFlight(joins));
        }
        await(() -> inFlight(joins) == 0);
        for (CompletableFuture<Visit> join : joins) {
            if (join.isCompletedExceptionally()) {
                throw new IllegalStateException("a join failed: "
                        + join.handle((visit, failure) -> failure).join());
            }
        }
    }

    private static int inFlight(List<CompletableFuture<Visit>> joins) {
        return (int) joins.stream().filter(join -> !join.isDone()).count();
    }

    private static void await(BooleanSupplier condition) {
        long endNanos = System.nanoTime() + FILL_STEP.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNanos > 0) {
                throw new IllegalStateException("no further join completed within " + FILL_STEP);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Returns the number of joins that have ended. */
    long ended() {
        return ended.size();
    }

    /** Returns the number of joins that have failed. */
    long failed() {
        return ended.stream().filter(attempt -> attempt.failure() != null).count();
    }

    /**
     * Returns the joins that ended in this interval. Joins are not selected by their beginning, because that would miss
     * slow joins that are incomplete when the interval ends.
     */
    List<Attempt> endedBetween(long fromNanos, long toNanos) {
        return ended.stream()
                .filter(attempt -> attempt.endNanos() - fromNanos >= 0 && attempt.endNanos() - toNanos < 0)
                .toList();
    }
}
