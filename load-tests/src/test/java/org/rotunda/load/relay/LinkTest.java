package org.rotunda.load.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final long MS = 1_000_000;
    // A datagram with its headers has 8,000 bits on the wire.
    private static final int PAYLOAD_BYTES = 1_000 - Link.OVERHEAD_BYTES;

    private final List<Integer> arrived = new ArrayList<>();
    private int sent;

    private static Link link(LinkSchedule schedule) {
        return new Link(schedule, new SplittableRandom(1), 0);
    }

    private static Link link(LinkConditions conditions) {
        return link(LinkSchedule.always(conditions));
    }

    private void send(Link link, long nowNanos) {
        link.onDatagram(Unpooled.buffer().writeInt(sent++).writeZero(PAYLOAD_BYTES - Integer.BYTES), nowNanos);
    }

    private void drain(Link link, long nowNanos) {
        link.drainTo(
                (ByteBuf datagram) -> {
                    arrived.add(datagram.getInt(0));
                    datagram.release();
                },
                nowNanos);
    }

    @Test
    void aClearLinkDeliversAtOnce() {
        Link link = link(LinkConditions.CLEAR);

        send(link, 5);

        assertThat(link.nextDeadlineNanos()).isEqualTo(5);
        drain(link, 5);
        assertThat(arrived).containsExactly(0);
        assertThat(link.nextDeadlineNanos()).isEqualTo(Link.NO_DEADLINE);
    }

    @Test
    void aQueueGivenAsATimeHoldsWhatTheBottleneckSendsInThatTime() {
        LinkConditions conditions = LinkConditions.CLEAR.withRate(800_000, Duration.ofMillis(300));
        assertThat(conditions.queueBytes()).isEqualTo(30_000); // 30 datagrams, each of which takes 10 ms.
        Link link = link(conditions);

        for (int i = 0; i < 40; i++) {
            send(link, 0);
        }

        assertThat(link.counts().queueDrops()).isEqualTo(10);
        drain(link, 300 * MS);
        assertThat(arrived).hasSize(30);
    }

    @Test
    void aBurstLeavesAtTheRateOfTheBottleneck() {
        Link link = link(LinkConditions.CLEAR.withRate(800_000, 10_000)); // Each datagram takes 10 ms.

        for (int i = 0; i < 3; i++) {
            send(link, 0);
        }

        drain(link, 10 * MS);
        assertThat(arrived).containsExactly(0);
        drain(link, 29 * MS);
        assertThat(arrived).containsExactly(0, 1);
        drain(link, 30 * MS);
        assertThat(arrived).containsExactly(0, 1, 2);
    }

    @Test
    void theTailOfTooLongABurstIsDropped() {
        Link link = link(LinkConditions.CLEAR.withRate(800_000, 3_000));

        for (int i = 0; i < 5; i++) {
            send(link, 0);
        }
        drain(link, 1_000 * MS);

        assertThat(arrived).containsExactly(0, 1, 2);
        assertThat(link.counts().queueDrops()).isEqualTo(2);
    }

    @Test
    void conditionsChangeInTheMiddleOfAQueue() {
        Link link = link(LinkSchedule.always(LinkConditions.CLEAR.withRate(800_000, 10_000))
                .from(Duration.ofMillis(15), LinkConditions.CLEAR.withRate(8_000_000, 10_000)));

        for (int i = 0; i < 4; i++) {
            send(link, 0);
        }

        drain(link, 20 * MS); // The link began to send the second datagram at the old rate.
        assertThat(arrived).containsExactly(0, 1);
        drain(link, 22 * MS);
        assertThat(arrived).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aCutLinkLosesEverythingUntilItIsMended() {
        Link link = link(LinkConditions.CUT);
        send(link, 0);
        link.setSchedule(LinkSchedule.CLEAR, 10);
        send(link, 10);
        drain(link, 10);

        assertThat(arrived).containsExactly(1);
        assertThat(link.counts().lost()).isEqualTo(1);
    }

    @Test
    void aDatagramThatIsHeldBackIsOvertaken() {
        Link link = link(LinkSchedule.always(LinkConditions.CLEAR.withReordering(1, Duration.ofMillis(30)))
                .from(Duration.ofMillis(1), LinkConditions.CLEAR));

        send(link, 0);
        send(link, 10 * MS);
        drain(link, 40 * MS);

        assertThat(arrived).containsExactly(1, 0);
    }

    @Test
    void theConfiguredSharesAreLostAndDuplicated() {
        Link link = link(LinkConditions.CLEAR.withLoss(0.1).withDuplication(0.05));

        for (int i = 0; i < 20_000; i++) {
            send(link, i);
        }
        drain(link, 20_000);

        assertThat(link.counts().lost() / 20_000.0).isCloseTo(0.1, within(0.01));
        assertThat(link.counts().duplicated() / 18_000.0).isCloseTo(0.05, within(0.01));
    }

    @Test
    void datagramsBeyondTheLimitOnTheWireAreDropped() {
        Link link = link(LinkConditions.CLEAR.withDelay(Duration.ofSeconds(10), Duration.ZERO));

        for (int i = 0; i < Link.IN_FLIGHT_MAX + 3; i++) {
            send(link, i);
        }

        assertThat(link.counts().overflowDrops()).isEqualTo(3);
        assertThat(link.counts().waiting()).isEqualTo(Link.IN_FLIGHT_MAX);
        link.close();
    }

    @Test
    void impossibleConditionsAreRefused() {
        assertThatThrownBy(() -> LinkConditions.CLEAR.withLoss(1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinkConditions.CLEAR.withLoss(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinkConditions.CLEAR.withRate(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinkConditions.CLEAR.withDelay(Duration.ofHours(1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
