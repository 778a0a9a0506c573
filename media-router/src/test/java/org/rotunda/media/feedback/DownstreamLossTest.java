package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DownstreamLossTest {
    private final DownstreamLoss loss = new DownstreamLoss();

    @Test
    void theFirstReportIsTheBeginning() {
        loss.onReport(0x1_0064, 7, 100, 0x64);

        assertThat(loss.expected()).isZero();
        assertThat(loss.takeLoss()).isZero();
    }

    @Test
    void countsWhatTheReceiverMissesOfWhatWasSent() {
        loss.onReport(0x1_0064, 0, 100, 0x64);

        loss.onReport(0x1_0064 + 200, 20, 300, 0x64 + 200);

        assertThat(loss.expected()).isEqualTo(200);
        assertThat(loss.lost()).isEqualTo(20);
        assertThat(loss.takeLoss()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void aHoleThatThePublisherLeftIsNoLossOfOurs() {
        loss.onReport(0x1_0064, 0, 100, 0x64);

        // Of 200 numbers, 20 packets never came from the publisher, so only 180 packets were sent.
        loss.onReport(0x1_0064 + 200, 20, 280, 0x64 + 200);

        assertThat(loss.lost()).isZero();
    }

    @Test
    void packetsOnTheWayAreNotLost() {
        loss.onReport(0x1_0064, 0, 100, 0x64);

        loss.onReport(0x1_0064 + 100, 0, 250, 0x64 + 150);

        assertThat(loss.expected()).isEqualTo(100);
        assertThat(loss.lost()).isZero();
    }

    @Test
    void aShareIsKeptUntilTheNextReport() {
        loss.onReport(0x1_0000, 0, 1, 0);
        loss.onReport(0x1_0000 + 10, 5, 11, 10);
        assertThat(loss.takeLoss()).isCloseTo(0.5, within(1e-9));

        assertThat(loss.takeLoss()).isCloseTo(0.5, within(1e-9));
        loss.onReport(0x1_0000 + 20, 5, 21, 20);
        assertThat(loss.takeLoss()).isZero();
    }

    @Test
    void aReceiverThatStartsAnewDoesNotCount() {
        loss.onReport(0x3_0000, 0, 1_000, 0);

        loss.onReport(0x0_0010, 9, 1_016, 16);
        loss.onReport(0x0_0020, 9, 1_032, 32);

        assertThat(loss.expected()).isEqualTo(16);
        assertThat(loss.lost()).isZero();
    }

    @Test
    void duplicatesAndLatePacketsMakeNoNegativeLoss() {
        loss.onReport(0x1_0000, 10, 1, 0);

        loss.onReport(0x1_0000 + 5, -10, 6, 5);

        assertThat(loss.lost()).isZero();
        assertThat(loss.takeLoss()).isZero();
    }
}
