package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests a client that opens data channels without end. */
class ChannelFloodTest {
    private static final int CHANNELS_MAX = 192;

    private final Calls call = new Calls(5);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");

    private List<MediaEvent.HandoverChanged> handoversOf(SimulatedPeer peer) {
        return call.router.events(MediaEvent.HandoverChanged.class, peer.id());
    }

    private void open(int first, int count) {
        for (int i = first; i < first + count; i++) {
            alice.openChannel("%036d".formatted(i), ChannelParameters.RELIABLE);
        }
    }

    @Test
    void channelsThatOpenTogetherCauseOneReport() {
        open(0, 1);
        call.simulation.await("data", 5_000, alice::isDataUp);
        call.simulation.runMs(500);
        int before = handoversOf(alice).size();
        open(1, 20);
        call.simulation.runMs(500);

        List<MediaEvent.HandoverChanged> after = handoversOf(alice);
        // The client's first packet after the opening causes a report at once. If its other packets arrive later, they
        // cause a second report.
        assertThat(after).hasSizeBetween(before + 1, before + 2);
        assertThat(after.get(after.size() - 1).handover().channels()).hasSize(21);
    }

    @Test
    void clientThatOpensChannelsWithoutEndHasFewAndCausesFewReports() {
        call.publishVideo(alice, 1);
        call.publishVideo(bob, 1);
        SimulatedPeer carol = call.room.joined("carol");
        String toCarol = call.subscribeVideo(carol, bob);
        call.awaitFrames(carol, toCarol, 10);
        open(0, 1);
        call.simulation.await("data", 5_000, alice::isDataUp);
        int before = handoversOf(alice).size();
        for (int round = 0; round < 10; round++) {
            open(1 + 40 * round, 40);
            call.simulation.runMs(200);
        }

        List<MediaEvent.HandoverChanged> reports = handoversOf(alice);
        TransportHandover last =
                Objects.requireNonNull(reports.get(reports.size() - 1)).handover();
        assertThat(last.channels()).hasSize(CHANNELS_MAX);
        // The ten rounds take 2 s, and there is at most one report in 100 ms.
        assertThat(reports).hasSizeLessThan(before + 25);
        assertThat(call.router.drops("sctp_channel_limit") + call.router.drops("sctp_channel_rate"))
                .isGreaterThanOrEqualTo(200);
        Calls.assertUnbroken(carol.received(toCarol));
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    /** Each round closes the channels that it has opened, so the number of open channels stays small. */
    @Test
    void clientThatOpensAndClosesChannelsWithoutEndIsSlowedDown() {
        open(0, 1);
        call.simulation.await("data", 5_000, alice::isDataUp);
        for (int round = 0; round < 20; round++) {
            open(1 + 40 * round, 40);
            call.simulation.runMs(100);
            for (int i = 1 + 40 * round; i < 1 + 40 * (round + 1); i++) {
                alice.closeChannel("%036d".formatted(i));
            }
            call.simulation.runMs(150);
        }

        assertThat(call.router.drops("sctp_channel_rate")).isGreaterThan(300);
        call.simulation.runMs(2_000);
        alice.openChannel("later", ChannelParameters.RELIABLE);
        call.simulation.runMs(500);
        List<MediaEvent.HandoverChanged> reports = handoversOf(alice);
        assertThat(reports.get(reports.size() - 1).handover().channels())
                .extracting(TransportHandover.Channel::label)
                .contains("later");
    }
}
