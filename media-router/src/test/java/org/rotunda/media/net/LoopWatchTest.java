package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tests what is counted and logged about slow turns. The tests pass the time to the watch as numbers. */
class LoopWatchTest {
    private static final long MS = 1_000_000L;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LoopWatch.class);
    private final MediaNetStatistics statistics = new MediaNetStatistics();
    private @Nullable Object handled;
    private final LoopWatch watch = new LoopWatch(3, () -> handled, statistics, (held, now) -> {});

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void turnsBelowTheLimitAreNotCounted() {
        for (int i = 0; i < 100; i++) {
            watch.begin(i * 100L * MS);
            watch.look(i * 100L * MS + 49 * MS);
            watch.end(i * 100L * MS + LoopWatch.SLOW_NANOS - 1);
        }
        assertThat(statistics.slowTurns()).isZero();
        assertThat(log.list).isEmpty();
    }

    /** Tests a turn in which the core goes on to another transport after the watch has looked. */
    @Test
    void aSlowTurnIsBlamedOnTheTransportThatWasSeenInIt() {
        watch.begin(0);
        handled = "mallory";
        watch.look(60 * MS);
        handled = "alice";
        watch.end(80 * MS);

        assertThat(statistics.slowTurns()).isEqualTo(1);
        assertThat(log.list)
                .singleElement()
                .asString()
                .contains("media loop 3 was held for 80 ms by mallory (1 slow turns so far)");
    }

    @Test
    void aSlowTurnWithoutALookIsBlamedOnTheLastTransport() {
        watch.begin(0);
        watch.look(20 * MS);
        handled = "mallory";
        watch.end(55 * MS);

        assertThat(log.list).singleElement().asString().contains("by mallory");
    }

    @Test
    void aSightingInAnEarlierTurnIsNotBlamedForALaterTurn() {
        watch.begin(0);
        handled = "alice";
        watch.look(30 * MS);
        watch.end(40 * MS);
        watch.begin(50 * MS);
        handled = "mallory";
        watch.end(110 * MS);

        assertThat(log.list).singleElement().asString().contains("by mallory");
    }

    @Test
    void theLooksOfTheWatchdogFindTheTransportInEverySlowTurn() {
        for (long first = 0; first < LoopWatch.LOOK_NANOS; first += MS) {
            LoopWatch fresh = new LoopWatch(3, () -> handled, statistics, (held, now) -> {});
            log.list.clear();
            fresh.begin(0);
            handled = "mallory";
            for (long now = first; now < LoopWatch.SLOW_NANOS; now += LoopWatch.LOOK_NANOS) {
                fresh.look(now);
            }
            handled = "alice";
            fresh.end(LoopWatch.SLOW_NANOS);

            assertThat(log.list)
                    .as("first look after %d ns", first)
                    .singleElement()
                    .asString()
                    .contains("by mallory");
        }
    }

    @Test
    void oneLineASecondIsLoggedAndAllTurnsAreCounted() {
        for (int i = 0; i < 20; i++) {
            watch.begin(i * 100L * MS);
            watch.end(i * 100L * MS + 60 * MS);
        }
        assertThat(statistics.slowTurns()).isEqualTo(20);
        assertThat(log.list).hasSize(2);
    }

    @Test
    void aTurnThatDoesNotEndIsLoggedOnce() {
        handled = "mallory";
        watch.begin(0);
        for (long now = 0; now < 5_000 * MS; now += 10 * MS) {
            watch.look(now);
        }
        assertThat(log.list).singleElement().asString().contains("media loop 3 is still held by mallory after 1000 ms");
        assertThat(statistics.slowTurns()).isZero();
        watch.end(5_000 * MS);
        assertThat(statistics.slowTurns()).isEqualTo(1);
    }

    @Test
    void onlyATurnOfASecondIsAWarning() {
        watch.begin(0);
        watch.end(900 * MS);
        watch.begin(5_000 * MS);
        watch.end(6_000 * MS);
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO, Level.WARN);
    }

    @Test
    void anIdleLoopIsNotBlamed() {
        watch.begin(0);
        watch.end(MS);
        watch.look(5_000 * MS);
        assertThat(log.list).isEmpty();
    }
}
