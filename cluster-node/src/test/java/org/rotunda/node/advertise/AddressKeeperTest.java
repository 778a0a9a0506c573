package org.rotunda.node.advertise;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Checks when the addresses of media are asked for, and what follows from the answers. */
class AddressKeeperTest {
    private static final List<String> FIRST = List.of("203.0.113.1:10000");
    private static final List<String> SECOND = List.of("203.0.113.2:10000");
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private static final ActorTestKit KIT = ActorTestKit.create(
            ConfigFactory.parseString("pekko.fail-mixed-versions = off") // MixedVersionsTest checks the versions.
                    .withFallback(ManualTime.config()));
    private static final ManualTime TIME = ManualTime.get(KIT.system());

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();
    private final AtomicReference<Lookup> answer = new AtomicReference<>(new Lookup.Missing("there is no Service"));
    private final CompletableFuture<List<String>> found = new CompletableFuture<>();

    @AfterAll
    static void close() {
        KIT.shutdownTestKit();
    }

    private void start(List<String> known) {
        KIT.spawn(AddressKeeper.keeper(
                () -> {
                    asked.incrementAndGet();
                    return answer.get();
                },
                Runnable::run,
                Duration.ofMinutes(2),
                known,
                found,
                stopped::incrementAndGet));
    }

    /** Lets time pass in steps until a condition holds, and returns the seconds. Each step takes a tenth of a second. */
    private static int secondsUntil(int step, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        int seconds = 0;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            TIME.timePasses(Duration.ofSeconds(step));
            seconds += step;
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return seconds;
    }

    @Test
    void asksUntilTheAddressesAreKnown() {
        start(List.of());
        secondsUntil(1, () -> asked.get() > 3);
        assertThat(found).isNotDone();
        answer.set(new Lookup.Found(FIRST));
        secondsUntil(1, found::isDone);

        assertThat(found).isCompletedWithValue(FIRST);
    }

    @Test
    void stopsTheNodeWhenTheAddressesHaveChanged() {
        answer.set(new Lookup.Found(FIRST));
        start(List.of());
        assertThat(found).succeedsWithin(DEADLINE).isEqualTo(FIRST);
        answer.set(new Lookup.Missing("the API server is away"));
        int asksBefore = asked.get();
        secondsUntil(5, () -> asked.get() > asksBefore);
        assertThat(stopped).hasValue(0);
        answer.set(new Lookup.Found(SECOND));

        assertThat(secondsUntil(5, () -> stopped.get() > 0)).isGreaterThanOrEqualTo(25);
        assertThat(stopped).hasValue(1);
    }

    @Test
    void aNodeThatStartsAgainKeepsTheAddressesOfItsRouter() {
        start(FIRST);

        assertThat(found).succeedsWithin(DEADLINE).isEqualTo(FIRST);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aServiceThatDoesNotFitIsAFaultOfTheConfiguration() {
        answer.set(new Lookup.Unusable("Service media-3 names 1 of 2 ports"));
        start(List.of());

        assertThat(found)
                .failsWithin(DEADLINE)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageContaining("names 1 of 2 ports");
    }

    @Test
    void givesUpWithTheLastReason() {
        start(List.of());
        secondsUntil(30, found::isDone);

        assertThat(found)
                .failsWithin(DEADLINE)
                .withThrowableThat()
                .withMessageContaining("not known after 120 s: there is no Service");
    }
}
