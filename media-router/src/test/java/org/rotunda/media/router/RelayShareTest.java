package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelayShareTest {
    private final RelayShare share = new RelayShare();

    @Test
    void packetsUnderWayAreLimited() {
        for (int i = 0; i < RelayShare.PACKETS_MAX; i++) {
            assertThat(share.hasRoom(1)).isTrue();
            share.onPassed(1);
        }
        assertThat(share.hasRoom(1)).isFalse();
        share.onTaken(1);
        assertThat(share.hasRoom(1)).isTrue();
    }

    @Test
    void bytesUnderWayAreLimitedButOneLongMessageMayPass() {
        assertThat(share.hasRoom(2 * RelayShare.BYTES_MAX)).isTrue();
        share.onPassed(RelayShare.BYTES_MAX - 10);
        assertThat(share.hasRoom(10)).isTrue();
        assertThat(share.hasRoom(11)).isFalse();
        share.onTaken(RelayShare.BYTES_MAX - 10);
        assertThat(share.hasRoom(11)).isTrue();
    }
}
