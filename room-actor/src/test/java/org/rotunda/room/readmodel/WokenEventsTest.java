package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests how events that are read from the journal become groups. */
class WokenEventsTest {
    private final ActorTestKit actors = ActorTestKit.create();
    private final BlockingQueue<List<Integer>> written = new LinkedBlockingQueue<>();
    private final AtomicInteger reads = new AtomicInteger();

    @AfterEach
    void stop() {
        actors.shutdownTestKit();
    }

    @Test
    void whatOneReadFindsIsOneGroupUnlessItIsTooMuch() throws InterruptedException {
        BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        BoundedSourceQueue<Boolean> wakeUps = WokenEvents.groups(this::read)
                .to(Sink.foreach(group -> sizes.add(group.size())))
                .run(actors.system());

        for (int count : new int[] {3, 0, 250, 1}) {
            written.add(IntStream.range(0, count).boxed().toList());
        }
        for (int expected : new int[] {3, 100, 100, 50, 1}) {
            Integer size;
            do {
                wakeUps.offer(true);
                size = sizes.poll(20, TimeUnit.MILLISECONDS);
            } while (size == null);
            assertThat(size).isEqualTo(expected);
        }
    }

    @Test
    void nothingIsReadWithoutAWakeUp() {
        WokenEvents.groups(this::read).to(Sink.ignore()).run(actors.system());

        actors.createTestProbe().expectNoMessage(Duration.ofMillis(300));

        assertThat(reads).hasValue(0);
    }

    private Source<Integer, NotUsed> read() {
        reads.incrementAndGet();
        List<Integer> found = written.poll();
        return Source.from(found == null ? List.of() : found);
    }
}
