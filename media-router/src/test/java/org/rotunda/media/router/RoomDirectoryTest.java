package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;

class RoomDirectoryTest {
    private final RoomDirectory directory = new RoomDirectory();

    private static RoomDirectory.Entry entry(int loop, long order) {
        return new RoomDirectory.Entry(
                "MT1", loop, new TransportId("RM1", "PA1", "pc" + order), order, order, TrackKind.VIDEO, null);
    }

    @Test
    void newerTransportCarriesTheTrackOnWhateverLoop() {
        assertThat(directory.offer(entry(0, 5))).isTrue();
        assertThat(directory.offer(entry(1, 4))).isFalse();
        assertThat(directory.find("MT1")).isEqualTo(entry(0, 5));
        assertThat(directory.offer(entry(1, 6))).isTrue();
        assertThat(directory.offer(entry(0, 5))).isFalse();
        assertThat(directory.find("MT1")).isEqualTo(entry(1, 6));
    }

    @Test
    void loopReplacesItsOwnEntryByAnOlderTransport() {
        directory.offer(entry(0, 5));
        assertThat(directory.offer(entry(0, 4))).isTrue();
        assertThat(directory.find("MT1")).isEqualTo(entry(0, 4));
    }

    @Test
    void onlyTheLoopThatWroteAnEntryWithdrawsIt() {
        directory.offer(entry(0, 5));
        assertThat(directory.withdraw("MT1", 1)).isFalse();
        assertThat(directory.withdraw("MT1", 0)).isTrue();
        assertThat(directory.withdraw("MT1", 0)).isFalse();
        assertThat(directory.find("MT1")).isNull();
    }

    @Test
    void versionRisesWithChangesOnly() {
        directory.offer(entry(0, 5));
        long version = directory.version();
        directory.offer(entry(0, 5));
        directory.offer(entry(1, 4));
        directory.withdraw("MT1", 1);
        assertThat(directory.version()).isEqualTo(version);
        directory.withdraw("MT1", 0);
        assertThat(directory.version()).isGreaterThan(version);
    }
}
