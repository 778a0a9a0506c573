package org.rotunda.room.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JournalWakeUpsTest {
    private final JournalWakeUps wakeUps = new JournalWakeUps(0);
    private boolean isReading = true;
    private int wakes;
    private int othersWakes;

    private boolean wake() {
        wakes++;
        return isReading;
    }

    private boolean wakeOther() {
        othersWakes++;
        return true;
    }

    @Test
    void aReaderIsWokenAtOnceAndByWritesWithItsTag() {
        wakeUps.add("room-1", this::wake);
        wakeUps.add("room-2", this::wakeOther);
        assertThat(wakes).isEqualTo(1);

        wakeUps.written("room-1");
        wakeUps.written("room-3");

        assertThat(wakes).isEqualTo(2);
        assertThat(othersWakes).isEqualTo(1);
    }

    /** An event may be written while a new reader looks for the first time. */
    @Test
    void aReaderIsWokenByWhatIsWrittenWhileItLooks() {
        wakeUps.add("room-1", () -> {
            if (wakes++ == 0) {
                wakeUps.written("room-1");
            }
            return true;
        });

        assertThat(wakes).isEqualTo(2);
    }

    @Test
    void aReaderThatHasEndedIsNotWokenAgain() {
        wakeUps.add("room-1", this::wake);
        isReading = false;
        wakeUps.written("room-1");
        wakeUps.written("room-1");

        assertThat(wakes).isEqualTo(2);
    }

    /** A wake-up may be lost, and the writes of other nodes are not heard. */
    @Test
    void allReadersAreWokenOftenIfOtherNodesWriteAndRarelyOtherwise() {
        wakeUps.add("room-1", this::wake);
        long now = 0;
        for (int i = 0; i < 10; i++) {
            now += JournalWakeUps.SHARED_NANOS;
            wakeUps.onTimeout(false, now);
        }
        assertThat(wakes).isEqualTo(1 + 10);

        long end = now + 3 * JournalWakeUps.ALONE_NANOS;
        while (now < end) {
            now += JournalWakeUps.SHARED_NANOS;
            wakeUps.onTimeout(true, now);
        }
        assertThat(wakes).isEqualTo(1 + 10 + 3);
    }
}
