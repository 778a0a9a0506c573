package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomEpochsTest {
    private static final long NOW = 7_000_000_000L;

    private final RoomEpochs epochs = new RoomEpochs();

    @Test
    void highestEpochCountsWhileTheRoomIsOpen() {
        assertThat(epochs.admits("RM1", 4, NOW)).isTrue();
        epochs.onOpened("RM1");
        assertThat(epochs.admits("RM1", 5, NOW)).isTrue();
        assertThat(epochs.admits("RM1", 4, NOW)).isFalse();
        assertThat(epochs.admits("RM1", 5, NOW)).isTrue();
        assertThat(epochs.admits("RM2", 1, NOW)).isTrue(); // Each room has its own epoch.
    }

    @Test
    void emptyRoomIsRememberedForAWhile() {
        epochs.admits("RM1", 5, NOW);
        epochs.onOpened("RM1");
        epochs.onEmpty("RM1", NOW);
        long last = NOW + RoomEpochs.EMPTY_KEPT_NANOS - 1;
        assertThat(epochs.admits("RM1", 4, last)).isFalse();
        assertThat(epochs.admits("RM1", 4, last + RoomEpochs.EMPTY_KEPT_NANOS - 1))
                .as("as long as the replaced owner speaks, it is remembered")
                .isFalse();
        assertThat(epochs.admits("RM1", 4, last + 2 * RoomEpochs.EMPTY_KEPT_NANOS))
                .isTrue();
    }

    @Test
    void epochOfACommandThatOpensNothingCounts() {
        assertThat(epochs.admits("RM1", 5, NOW)).isTrue();
        assertThat(epochs.admits("RM1", 4, NOW)).isFalse();
        epochs.onOpened("RM1");
        assertThat(epochs.admits("RM1", 4, NOW)).isFalse();
    }

    @Test
    void theRoomWithTheOldestCommandIsForgottenWhenFull() {
        for (int i = 0; i < RoomEpochs.EMPTY_MAX; i++) {
            assertThat(epochs.admits("RM" + i, 5, NOW)).isTrue();
        }
        assertThat(epochs.admits("RM0", 5, NOW)).isTrue(); // Now RM1 is the room with the oldest command.
        assertThat(epochs.admits("RM-one-more", 5, NOW)).isTrue();
        assertThat(epochs.emptyCount()).isEqualTo(RoomEpochs.EMPTY_MAX);
        assertThat(epochs.admits("RM0", 4, NOW)).isFalse();
        assertThat(epochs.admits("RM2", 4, NOW)).isFalse();
        assertThat(epochs.admits("RM1", 4, NOW)).isTrue();
    }

    @Test
    void openRoomIsNeverForgotten() {
        epochs.admits("RM-open", 5, NOW);
        epochs.onOpened("RM-open");
        for (int i = 0; i <= RoomEpochs.EMPTY_MAX; i++) {
            epochs.admits("RM" + i, 1, NOW);
        }
        assertThat(epochs.admits("RM-open", 4, NOW + 10 * RoomEpochs.EMPTY_KEPT_NANOS))
                .isFalse();
    }
}
