package org.rotunda.media.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalGroupsTest {
    private static final long MS = 1_000_000;

    private final ArrivalGroups groups = new ArrivalGroups();

    private boolean packet(double sentMs, double arrivalMs) {
        return groups.onPacket((long) (sentMs * MS), (long) (arrivalMs * MS), (long) (arrivalMs * MS));
    }

    @Test
    void shouldCompareTheLastPacketsOfTwoGroups() {
        packet(0, 50);
        packet(2, 60);
        assertThat(packet(10, 75)).isFalse(); // One whole group is no difference yet.
        packet(13, 90);
        assertThat(packet(30, 110)).isTrue();
        assertThat(groups.sentDeltaNanos()).isEqualTo(11 * MS);
        assertThat(groups.arrivalDeltaNanos()).isEqualTo(30 * MS);
    }

    @Test
    void shouldMergeABurstOfTheNetwork() {
        packet(0, 50);
        packet(10, 100);
        // Sent 10 ms later but arrived 1 ms later: the network held both.
        assertThat(packet(20, 101)).isFalse();
        assertThat(packet(30, 130)).isTrue();
        assertThat(groups.sentDeltaNanos()).isEqualTo(20 * MS);
        assertThat(groups.arrivalDeltaNanos()).isEqualTo(51 * MS);
    }

    @Test
    void shouldIgnoreAPacketOfAnEarlierGroup() {
        packet(0, 50);
        packet(10, 60);
        assertThat(packet(5, 61)).isFalse();
        assertThat(packet(20, 75)).isTrue();
        assertThat(groups.arrivalDeltaNanos()).isEqualTo(10 * MS);
    }

    @Test
    void shouldForgetEverythingWhenTheClockOfTheReceiverJumps() {
        packet(0, 50);
        packet(10, 60);
        packet(20, 70);
        groups.onPacket(30 * MS, 5_000 * MS, 80 * MS);
        assertThat(groups.onPacket(40 * MS, 5_010 * MS, 90 * MS)).isFalse();
        assertThat(groups.onPacket(50 * MS, 5_020 * MS, 100 * MS)).isFalse();
        assertThat(groups.onPacket(60 * MS, 5_030 * MS, 110 * MS)).isFalse();
        assertThat(groups.onPacket(70 * MS, 5_040 * MS, 120 * MS)).isTrue();
    }

    @Test
    void shouldForgetEverythingAfterThreeReorderedGroups() {
        packet(0, 500);
        packet(10, 510);
        for (int i = 2; i < 8; i++) {
            assertThat(packet(i * 10, 500 - i * 10)).isFalse();
        }
    }
}
