package org.rotunda.load.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;

class EgressRigTest {
    private static final EgressShape SHAPE = new EgressShape(3, 9, 1_150, 30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @ParameterizedTest
    @EnumSource
    void everyReceiverGetsAndDecryptsEveryPacketOnceAndInOrder(EgressPace pace) {
        EgressRig rig = EgressRig.open(SHAPE, true);
        EgressSample sample;
        List<Long> packetsBefore;
        try (rig) {
            packetsBefore =
                    rig.receivers().stream().map(peer -> stream(peer).packets()).toList();
            sample = rig.send(pace, SHORT);
        }
        List<SimulatedPeer> receivers = rig.replay();

        assertThat(sample.packets()).isPositive().isEqualTo(sample.packets() / SHAPE.packetsOut() * SHAPE.packetsOut());
        assertThat(sample.lost()).isZero();
        assertThat(sample.faults()).as("packets with a wrong length or number").isZero();
        for (int i = 0; i < SHAPE.receivers(); i++) {
            ReceivedStream stream = stream(receivers.get(i));
            assertThat(receivers.get(i).srtpFailures()).isZero();
            assertThat(stream.packets() - packetsBefore.get(i)).isEqualTo(sample.packets() / SHAPE.receivers());
            assertThat(stream.violations()).isEmpty();
            assertThat(stream.duplicates()).isZero();
            assertThat(stream.lost() + stream.undecodable()).isZero();
            assertThat(stream.paddedPackets()).as("packets that were not equal").isZero();
        }
    }

    private static ReceivedStream stream(SimulatedPeer receiver) {
        return receiver.received(EgressRig.SUBSCRIPTION);
    }

    @Test
    void pacedBurstsLeaveAtTheirRateInOneSendForEachReceiver() {
        try (EgressRig rig = EgressRig.open(SHAPE)) {
            EgressSample sample = rig.measure(EgressPace.PACED, Duration.ofSeconds(1));

            assertThat(rig.isSegmenting()).isTrue();
            assertThat(sample.packets()).isEqualTo(30L * SHAPE.packetsOut());
            long others = sample.datagrams() - sample.packets(); // Reports and answered checks leave one by one.
            assertThat(sample.sends() - others).isLessThanOrEqualTo(30L * SHAPE.receivers());
            assertThat(sample.cpuNanos()).isPositive().isLessThan(sample.elapsedNanos());
        }
    }

    @Test
    void aMeasurementIsNotLongerThanConsent() {
        try (EgressRig rig = EgressRig.open(SHAPE.withReceivers(1))) {
            assertThatThrownBy(() -> rig.measure(EgressPace.PACED, Duration.ofSeconds(21)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("consent");
        }
    }
}
