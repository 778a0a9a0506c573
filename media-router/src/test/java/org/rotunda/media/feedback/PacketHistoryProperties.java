package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Properties of the history: it releases every packet exactly once, for packets of any order and age, and for jumps of
 * the sequence number.
 */
class PacketHistoryProperties {
    private static final long MS = 1_000_000;

    @Property(tries = 300)
    void holdsTheNewestAndGivesBackTheRest(@ForAll Random random) {
        PacketHistory history = new PacketHistory(PacketHistory.AUDIO_PACKETS);
        List<ByteBuf> all = new ArrayList<>();
        int sequence = random.nextInt(0x10000);
        long nowNanos = 0;
        for (int i = 0; i < 500; i++) {
            nowNanos += random.nextInt(200) == 0 ? 3_000 * MS : random.nextInt(20) * MS;
            sequence += random.nextInt(100) == 0 ? random.nextInt(0x10000) : random.nextInt(6) - 1;
            ByteBuf packet = packet(sequence & 0xFFFF);
            all.add(packet);
            history.put(sequence & 0xFFFF, packet, nowNanos);
            packet.release(); // Releases the test's own reference.

            ByteBuf found = history.get(sequence & 0xFFFF, nowNanos);
            if (found != null) {
                assertThat(found.getUnsignedShort(0)).isEqualTo(sequence & 0xFFFF);
            }
            long alive = all.stream().filter(kept -> kept.refCnt() > 0).count();
            assertThat(alive).isEqualTo(history.size()).isLessThanOrEqualTo(PacketHistory.AUDIO_PACKETS);
            assertThat(history.sizeBytes()).isEqualTo(history.size() * 100L);
        }
        history.close();

        assertThat(all).allMatch(packet -> packet.refCnt() == 0);
        assertThat(history.size()).isZero();
    }

    @Example
    void findsPacketsAcrossTheWrapUntilTheyAreOverwritten() {
        PacketHistory history = new PacketHistory(PacketHistory.AUDIO_PACKETS);
        for (int i = 0; i < 100; i++) {
            put(history, (65_500 + i) & 0xFFFF, i * MS);
        }

        assertThat(history.get(65_535, 100 * MS)).isNull();
        assertThat(history.get(0, 100 * MS)).isNotNull();
        assertThat(history.get(63, 100 * MS)).isNotNull();
        assertThat(history.get(64, 100 * MS)).isNull();
        history.close();
    }

    @Example
    void aSilentStreamGivesItsPacketsBackAtTheDeadline() {
        PacketHistory history = new PacketHistory(PacketHistory.AUDIO_PACKETS);
        put(history, 1, 0);
        put(history, 2, 500 * MS);

        assertThat(history.get(1, PacketHistory.AGE_NANOS_MAX + 1)).isNull();
        while (history.nextDeadlineNanos() != Long.MAX_VALUE) {
            history.onTimeout(history.nextDeadlineNanos());
        }
        assertThat(history.size()).isZero();
    }

    @Example
    void nothingIsKeptAfterClose() {
        PacketHistory history = new PacketHistory(PacketHistory.AUDIO_PACKETS);
        history.close();
        put(history, 1, 0);
        history.close();

        assertThat(history.size()).isZero();
    }

    private static void put(PacketHistory history, int sequence, long nowNanos) {
        ByteBuf packet = packet(sequence);
        history.put(sequence, packet, nowNanos);
        packet.release();
    }

    private static ByteBuf packet(int sequence) {
        return Unpooled.buffer(100).writeShort(sequence).writeZero(98);
    }
}
