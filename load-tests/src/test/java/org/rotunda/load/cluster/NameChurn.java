package org.rotunda.load.cluster;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.rotunda.load.testkit.Await;
import org.rotunda.load.testkit.Rest;
import org.rotunda.load.testkit.Rest.Answer;

/**
 * Simulated backends that create and complete rooms concurrently and in random order. Like a real backend, each of them
 * repeats a request that was refused or not answered. A repeated request may find that the first request had succeeded.
 */
final class NameChurn {
    private static final int NAMES = 1_000;
    /** The number of operations. The room of each name is created and completed. */
    static final int OPERATIONS = 2 * NAMES;

    private static final int BACKENDS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(3); // The limit for one operation with all its repeats.
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int ROOM_EXISTS = 53113;

    private final long seed = System.nanoTime();
    private final List<Rest> gateways;
    private final ExecutorService threads;
    private final List<String> names =
            IntStream.range(0, NAMES).mapToObj(i -> "churn-" + i).toList();
    private final List<Future<?>> backends = new ArrayList<>();
    private final Semaphore allowed = new Semaphore(0);
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger repeats = new AtomicInteger();
    private final AtomicInteger slowestMs = new AtomicInteger();
    private long beganNanos;
    private long tookNanos;

    NameChurn(List<Rest> gateways, ExecutorService threads) {
        this.gateways = List.copyOf(gateways);
        this.threads = threads;
    }

    List<String> names() {
        return names;
    }

    /**
     * Starts the backends. Each name belongs to one backend, which creates the room, handles other names and then
     * completes the room.
     */
    void begin() {
        System.out.println("names: seed " + seed);
        beganNanos = System.nanoTime();
        Random random = new Random(seed);
        for (int backend = 0; backend < BACKENDS; backend++) {
            List<String> order = new ArrayList<>();
            for (int i = backend; i < NAMES; i += BACKENDS) {
                order.add(names.get(i));
                // Each name is in the list twice. The first entry creates the room, and the second entry completes it.
                order.add(names.get(i));
            }
            Collections.shuffle(order, random);
            Random choice = new Random(random.nextLong());
            backends.add(threads.submit(() -> {
                run(order, choice);
                return null;
            }));
        }
    }

    private void run(List<String> order, Random choice) throws InterruptedException {
        List<String> created = new ArrayList<>();
        for (String name : order) {
            allowed.acquire();
            boolean isSecond = created.remove(name);
            if (isSecond) {
                repeatUntilDone(
                        "completion of " + name, () -> isCompleted(any(choice).tryCompleteRoom(name)));
            } else {
                repeatUntilDone("create of " + name, () -> isCreated(any(choice).tryCreateRoom(name)));
                created.add(name);
            }
            done.incrementAndGet();
        }
    }

    private Rest any(Random choice) {
        return gateways.get(choice.nextInt(gateways.size()));
    }

    private static boolean isCreated(Answer answer) {
        return answer.status() == CREATED || answer.code() == ROOM_EXISTS;
    }

    private static boolean isCompleted(Answer answer) {
        return answer.status() == ACCEPTED || answer.status() == NOT_FOUND;
    }

    private void repeatUntilDone(String what, Attempt attempt) {
        long began = System.nanoTime();
        Await.until(what, PATIENCE, () -> {
            try {
                if (attempt.isDone()) {
                    return true;
                }
            } catch (UncheckedIOException unanswered) {
                // An unanswered request may have succeeded. The repeat shows whether it did.
                repeats.incrementAndGet();
                return false;
            }
            repeats.incrementAndGet();
            return false;
        });
        slowestMs.accumulateAndGet((int) ((System.nanoTime() - began) / 1_000_000), Math::max);
    }

    private interface Attempt {
        boolean isDone();
    }

    /** Permits this many further operations of the backends. */
    void allow(int operations) {
        allowed.release(operations);
    }

    /** Waits until this many operations are done in total or a backend has failed. */
    void awaitDone(int operations) {
        Await.until(
                operations + " operations on names",
                PATIENCE,
                () -> done.get() >= operations || backends.stream().anyMatch(Future::isDone));
    }

    /** Waits for all backends, and throws if a backend has failed. */
    void end() throws InterruptedException, ExecutionException {
        for (Future<?> backend : backends) {
            backend.get();
        }
        tookNanos = System.nanoTime() - beganNanos;
    }

    @Override
    public String toString() {
        return "%d operations in %.1f s, %d repeats, slowest %.1f s"
                .formatted(done.get(), tookNanos / 1e9, repeats.get(), slowestMs.get() / 1e3);
    }
}
