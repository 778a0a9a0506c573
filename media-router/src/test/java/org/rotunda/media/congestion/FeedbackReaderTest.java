package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeedbackReaderTest {
    private static final long MS = 1_000_000;
    private static final double LOST = -1;

    private final SendHistory history = new SendHistory(0);
    private final FeedbackReader reader = new FeedbackReader(history);
    private final FeedbackMessages messages = new FeedbackMessages();

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            history.add(i, 1_000 + i, 0, i * (10 * MS));
        }
    }

    @Test
    void shouldTellReceivedPacketsWithBothTimes() {
        send(3);
        assertThat(reader.read(messages.about(0, 1_000, 1_010.25, 1_020))).isTrue();
        assertThat(reader.received()).isEqualTo(3);
        assertThat(reader.sentNanos(1)).isEqualTo(10 * MS);
        assertThat(reader.arrivalNanos(1) - reader.arrivalNanos(0)).isEqualTo(10_250_000);
        assertThat(reader.sizeBytes(2)).isEqualTo(1_002);
        assertThat(reader.receivedBytes()).isEqualTo(3_003);
        assertThat(reader.oldestSentNanos()).isZero();
        assertThat(reader.newestSentNanos()).isEqualTo(20 * MS);
    }

    @Test
    void shouldTellPacketsInTheOrderOfArrival() {
        send(3);
        reader.read(messages.about(0, 1_030, 1_010, 1_020));
        assertThat(reader.sizeBytes(0)).isEqualTo(1_001);
        assertThat(reader.sizeBytes(1)).isEqualTo(1_002);
        assertThat(reader.sizeBytes(2)).isEqualTo(1_000);
    }

    @Test
    void shouldTellARepeatedPacketOnce() {
        send(3);
        reader.read(messages.about(0, 1_000, 1_010, 1_020));
        assertThat(reader.read(messages.about(1, 1_010, 1_020))).isFalse();
        assertThat(reader.received()).isZero();
    }

    @Test
    void shouldCountALossOnlyWhenTheNextMessageStillMissesThePacket() {
        send(5);
        reader.read(messages.about(0, 1_000, LOST, 1_020));
        assertThat(reader.lostPackets()).isZero();
        reader.read(messages.about(3, 1_030, 1_040));
        assertThat(reader.lostPackets()).isEqualTo(1);
        assertThat(reader.lostBytes()).isEqualTo(1_001);
    }

    @Test
    void shouldNotCountAnOvertakenPacketAsLost() {
        send(5);
        reader.read(messages.about(0, 1_000, LOST, 1_020));
        reader.read(messages.about(1, 1_025, 1_020, 1_030));
        assertThat(reader.received()).isEqualTo(2);
        assertThat(reader.lostPackets()).isZero();
        assertThat(reader.recoveredPackets()).isZero();
    }

    @Test
    void shouldTakeBackALossWhenThePacketComesAfterAll() {
        send(5);
        reader.read(messages.about(0, 1_000, LOST, 1_020));
        reader.read(messages.about(3, 1_030));
        reader.read(messages.about(1, 1_035));
        assertThat(reader.recoveredPackets()).isEqualTo(1);
        assertThat(reader.recoveredBytes()).isEqualTo(1_001);
        assertThat(reader.received()).isEqualTo(1);
    }

    @Test
    void shouldCountLostMessagesAndNotTheirPackets() {
        send(5);
        reader.read(messages.about(0, 1_000));
        messages.loseOne();
        reader.read(messages.about(3, 1_030));
        assertThat(reader.feedbacksLost()).isEqualTo(1);
        reader.read(messages.about(4, 1_040));
        assertThat(reader.feedbacksLost()).isZero();
        assertThat(reader.lostPackets()).isZero(); // Nothing is known about packets 1 and 2.
    }

    @Test
    void shouldReadMessagesThatOvertookEachOther() {
        send(5);
        var first = messages.about(0, 1_000, 1_010);
        var second = messages.about(2, 1_020, 1_030);
        reader.read(second);
        assertThat(reader.read(first)).isTrue();
        assertThat(reader.received()).isEqualTo(2);
        assertThat(reader.feedbacksLost()).isZero();
    }

    @Test
    void shouldIgnorePacketsThatWereNeverSent() {
        send(2);
        reader.read(messages.about(1, 1_000, 1_010, 1_020));
        assertThat(reader.received()).isEqualTo(1);
        assertThat(reader.read(messages.about(20_000, 1_100))).isFalse();
    }

    @Test
    void shouldFollowAReferenceTimeThatWraps() {
        send(2);
        double wrapMs = 64.0 * (1 << 23); // The signed 24 bits of the reference time end here.
        reader.read(messages.about(0, wrapMs - 10));
        long before = reader.arrivalNanos(0);
        reader.read(messages.about(1, wrapMs + 90));
        assertThat(reader.arrivalNanos(0) - before).isEqualTo(100 * MS);
    }
}
