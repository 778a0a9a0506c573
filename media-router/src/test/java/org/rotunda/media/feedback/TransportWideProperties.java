package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.rtcp.RtcpCompound;
import org.rotunda.media.rtcp.TransportFeedback;

/**
 * Tests the send log and the receiver's feedback against each other. The link between them loses, delays and reorders
 * packets.
 */
class TransportWideProperties {
    private static final long MS = 1_000_000;

    /** Records what the log reports. The size of each packet is its number, which identifies the packet in a report. */
    private static final class Truth implements TransportWideSendLog.Sink {
        final Map<Integer, Long> acknowledged = new HashMap<>();
        final Set<Integer> lost = new HashSet<>();
        int complete;

        @Override
        public void onAcknowledged(long sendNanos, long arrivalNanos, int sizeBytes, int probeCluster) {
            assertThat(acknowledged.put(sizeBytes, arrivalNanos)).isNull();
            assertThat(probeCluster).isEqualTo(sizeBytes % 5);
        }

        @Override
        public void onLost(long sendNanos, int sizeBytes, int probeCluster) {
            assertThat(lost.add(sizeBytes)).isTrue();
        }

        @Override
        public void onFeedbackComplete(long nowNanos) {
            complete++;
        }
    }

    private final Truth truth = new Truth();
    private final TransportWideSendLog log = new TransportWideSendLog(truth);
    private final TransportWideFeedback feedback = new TransportWideFeedback(1);

    @Property(tries = 60)
    void everyPacketIsReportedWithItsFate(
            @ForAll @IntRange(max = 0xFFFF) int skipped,
            @ForAll @IntRange(max = 3) int lossMode,
            @ForAll Random random) {
        Truth heard = new Truth();
        TransportWideSendLog sendLog = new TransportWideSendLog(heard);
        TransportWideFeedback receiver = new TransportWideFeedback(1);
        for (int i = 0; i < skipped; i++) {
            // This packet is sent but never arrives. The receiver never reports it, because its reports begin with the
            // first packet that arrives.
            sendLog.onSent(0, 0, 0);
        }
        Map<Integer, Long> arrivals = new HashMap<>();
        List<long[]> inFlight = new ArrayList<>();
        int burst = 0;
        long nowNanos = 0;
        int packets = 6_000;
        for (int i = 1; i <= packets; i++) {
            nowNanos += 1 * MS;
            int sequence = sendLog.onSent(i, i % 5, nowNanos);
            burst = burst > 0 ? burst - 1 : lossMode == 2 && random.nextInt(500) == 0 ? 100 : 0;
            boolean lost = i > 1 && i < packets - 10 && (burst > 0 || (lossMode == 1 && random.nextInt(10) == 0));
            if (!lost) {
                long arrival = nowNanos + 20 * MS + (lossMode == 3 ? random.nextInt(8) * MS : 0);
                inFlight.add(new long[] {arrival, sequence, i});
            }
            deliver(inFlight, receiver, arrivals, nowNanos);
            drain(receiver, sendLog, nowNanos);
        }
        deliver(inFlight, receiver, arrivals, nowNanos + 100 * MS);
        drain(receiver, sendLog, nowNanos + 200 * MS);

        assertThat(heard.acknowledged.keySet()).isEqualTo(arrivals.keySet());
        Set<Integer> missing = new HashSet<>();
        for (int i = 1; i <= packets; i++) {
            if (!arrivals.containsKey(i)) {
                missing.add(i);
            }
        }
        assertThat(heard.lost).containsAll(missing);
        if (lossMode != 3) {
            assertThat(heard.lost).isEqualTo(missing);
        }
        // The receiver's time base is unknown. The reported and the true arrival time must therefore differ by the same
        // offset for all packets.
        Map<Integer, Long> offsets = new HashMap<>();
        heard.acknowledged.forEach((packet, arrival) -> arrivals.computeIfPresent(packet, (key, truly) -> {
            offsets.put(packet, arrival - truly);
            return truly;
        }));
        assertThat(Collections.max(offsets.values()) - Collections.min(offsets.values()))
                .isLessThanOrEqualTo(MS / 4);
        if (lossMode != 2) { // In mode 2, bursts of packets are lost, and a burst causes no reports.
            assertThat(heard.complete).isGreaterThan(6_000 / 60);
        }
        assertThat(sendLog.inFlightBytes()).isZero();
        assertThat(sendLog.messagesMissed()).isZero();
    }

    @Property(tries = 100)
    void survivesAnyOrderOfNumbersAndTimes(@ForAll Random random) {
        TransportWideFeedback receiver = new TransportWideFeedback(1);
        ByteBuf out = Unpooled.buffer(1_500);
        long nowNanos = 0;
        int sequence = random.nextInt();
        for (int i = 0; i < 3_000; i++) {
            nowNanos += random.nextInt(30) == 0 ? random.nextInt(2_000) * MS : random.nextInt(300_000);
            sequence += random.nextInt(50) == 0 ? random.nextInt(0x10000) : random.nextInt(5) - 1;
            receiver.onPacket(sequence & 0xFFFF, 5, nowNanos);
            int messages = 0;
            while (receiver.writeDue(out.clear(), nowNanos)) {
                RtcpCompound compound = new RtcpCompound();
                assertThat(compound.wrap(out)).isNull();
                assertThat(compound.next()).isTrue();
                assertThat(TransportFeedback.isValid(compound)).isTrue();
                assertThat(out.readableBytes()).isLessThanOrEqualTo(1_200);
                assertThat(++messages).isLessThan(300);
            }
            assertThat(receiver.nextDeadlineNanos()).isGreaterThan(nowNanos);
        }
    }

    @Example
    void aMessageEveryFiftyMillisecondsAndSoonerWhenManyWait() {
        feedback.onPacket(1, 5, 0);
        assertThat(feedback.nextDeadlineNanos()).isEqualTo(50 * MS);
        assertThat(feedback.writeDue(Unpooled.buffer(), 49 * MS)).isFalse();
        assertThat(feedback.writeDue(Unpooled.buffer(), 50 * MS)).isTrue();
        assertThat(feedback.writeDue(Unpooled.buffer(), 50 * MS)).isFalse();
        assertThat(feedback.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        for (int i = 0; i < TransportWideFeedback.PENDING_PACKETS_MAX; i++) {
            feedback.onPacket(2 + i, 5, 60 * MS);
        }
        assertThat(feedback.nextDeadlineNanos()).isEqualTo(60 * MS);
    }

    @Example
    void feedbackOnPacketsNeverSentIsCountedAndIgnored() {
        feedback.onPacket(10, 5, 0);
        feedback.onPacket(12, 5, 0);
        drain(feedback, log, 50 * MS);
        assertThat(log.statusesUnknown()).isEqualTo(3);

        log.onSent(1, 1, 60 * MS);
        feedback.onPacket(14, 5, 60 * MS);
        drain(feedback, log, 120 * MS);
        assertThat(log.statusesUnknown()).isEqualTo(5);
        assertThat(truth.acknowledged).isEmpty();
        assertThat(log.inFlightBytes()).isEqualTo(1);
    }

    @Example
    void lostFeedbackIsCountedAndItsPacketsLeaveTheFlight() {
        for (int i = 0; i < 30; i++) {
            log.onSent(100 + i, i % 5, i * MS);
        }
        for (int i = 0; i < 30; i++) {
            feedback.onPacket(i, 5, (20 + i) * MS);
            if (i % 10 == 9) {
                ByteBuf out = Unpooled.buffer();
                assertThat(feedback.writeDue(out, (80 + i) * MS)).isTrue();
                if (i != 19) {
                    read(out, log, 0);
                }
            }
        }

        assertThat(truth.acknowledged).hasSize(20);
        assertThat(log.messagesMissed()).isEqualTo(1);
        assertThat(log.inFlightBytes()).isZero();
    }

    @Example
    void aWindowWithoutFeedbackBoundsTheFlight() {
        for (int i = 0; i < 3 * TransportWideSendLog.WINDOW_PACKETS; i++) {
            log.onSent(1, 0, i);
        }

        assertThat(log.inFlightBytes()).isEqualTo(TransportWideSendLog.WINDOW_PACKETS);
    }

    private static void deliver(
            List<long[]> inFlight, TransportWideFeedback receiver, Map<Integer, Long> arrivals, long nowNanos) {
        inFlight.sort((a, b) -> Long.compare(a[0], b[0]));
        while (!inFlight.isEmpty() && inFlight.get(0)[0] <= nowNanos) {
            long[] packet = inFlight.remove(0);
            receiver.onPacket((int) packet[1], 5, packet[0]);
            arrivals.put((int) packet[2], packet[0]);
        }
    }

    private static void drain(TransportWideFeedback receiver, TransportWideSendLog log, long nowNanos) {
        ByteBuf out = Unpooled.buffer();
        while (receiver.writeDue(out.clear(), nowNanos)) {
            read(out, log, nowNanos);
        }
    }

    private static void read(ByteBuf message, TransportWideSendLog log, long nowNanos) {
        RtcpCompound compound = new RtcpCompound();
        assertThat(compound.wrap(message)).isNull();
        assertThat(compound.next()).isTrue();
        assertThat(TransportFeedback.isValid(compound)).isTrue();
        log.onFeedback(compound, nowNanos);
    }
}
