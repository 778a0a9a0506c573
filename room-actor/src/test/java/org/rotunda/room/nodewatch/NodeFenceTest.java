package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeFenceTest {
    private final AtomicLong clock = new AtomicLong();
    private final NodeFence fence = new NodeFence(clock::get, 1_000);

    @Test
    void isHeldFromTheMomentTheWatchIsOverdue() {
        clock.set(1_000);
        assertThat(fence.isHeld()).isFalse();

        clock.set(1_001);

        assertThat(fence.isHeld()).isTrue();
    }

    @Test
    void staysHeldUntilTheWatchHasHandledThatItWasSeenOverdue() {
        clock.set(1_001);
        assertThat(fence.isHeld()).isTrue();

        fence.tick(1_001, false, false);
        assertThat(fence.isHeld()).isTrue();
        assertThat(fence.isSeenOverdue()).isTrue();

        fence.tick(1_002, false, true);
        assertThat(fence.isHeld()).isFalse();
    }
}
