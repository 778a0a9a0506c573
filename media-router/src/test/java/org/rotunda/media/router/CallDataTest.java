package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests data tracks and the channels that the room opens. */
class CallDataTest {
    private static final ChannelParameters UNRELIABLE =
            new ChannelParameters(false, 0, ChannelParameters.UNLIMITED, "");

    private final Calls call = new Calls(4);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");

    private void publish(ChannelParameters parameters) {
        alice.openChannel("data-1", parameters);
        call.room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
    }

    private void subscribe(SimulatedPeer peer, String id) {
        call.room.subscribe(peer, id, "MT-data", TrackKind.DATA, alice);
        call.simulation.await(
                "the channel of " + id, 5_000, () -> peer.channelsOfRouter().containsKey(id));
    }

    @Test
    void reliableMessagesArriveInOrderDespiteLoss() {
        publish(ChannelParameters.RELIABLE);
        subscribe(bob, "d-bob");
        alice.link().up().loss(0.05);
        bob.link().down().loss(0.05);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add("message " + i);
            alice.send("data-1", "message " + i);
            call.simulation.runMs(20);
        }
        alice.link().up().loss(0);
        bob.link().down().loss(0);
        call.simulation.runMs(5_000);

        assertThat(bob.messages("d-bob")).isEqualTo(sent);
        assertThat(bob.channelsOfRouter()).containsEntry("d-bob", ChannelParameters.RELIABLE);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void unreliableMessagesKeepTheirParameters() {
        publish(UNRELIABLE);
        subscribe(bob, "d-bob");
        for (int i = 0; i < 50; i++) {
            alice.send("data-1", "message " + i);
            call.simulation.runMs(20);
        }
        call.simulation.runMs(500);

        assertThat(bob.messages("d-bob")).hasSize(50);
        assertThat(bob.channelsOfRouter()).containsEntry("d-bob", UNRELIABLE);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void lateSubscriberGetsTheMessagesThatFollow() {
        publish(ChannelParameters.RELIABLE);
        subscribe(bob, "d-bob");
        alice.send("data-1", "early");
        call.simulation.runMs(500);
        SimulatedPeer carol = call.room.joined("carol");
        subscribe(carol, "d-carol");
        alice.send("data-1", "late");
        call.simulation.runMs(500);

        assertThat(bob.messages("d-bob")).containsExactly("early", "late");
        assertThat(carol.messages("d-carol")).containsExactly("late");
        call.closeAndCheckForLeaks(alice, bob, carol);
    }

    @Test
    void unpublishClosesTheSubscribersChannel() {
        publish(ChannelParameters.RELIABLE);
        subscribe(bob, "d-bob");
        call.room.unpublish(alice, "MT-data");
        call.room.unsubscribe(bob, "d-bob");
        call.simulation.await("closed", 3_000, () -> bob.closedChannels().contains("d-bob"));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void channelThatItsPublisherClosesIsClosedForSubscribers() {
        publish(ChannelParameters.RELIABLE);
        subscribe(bob, "d-bob");
        alice.closeChannel("data-1");
        call.simulation.await("closed", 3_000, () -> bob.closedChannels().contains("d-bob"));
        call.closeAndCheckForLeaks(alice, bob);
    }

    /**
     * Tests messages that arrive before the room has stored the publication. Such messages are usual, because the data
     * channel opens earlier.
     */
    @Test
    void messagesBeforeThePublicationAreHeldForIt() {
        call.room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, alice);
        alice.openChannel("data-1", ChannelParameters.RELIABLE);
        call.simulation.runMs(1_000);
        alice.send("data-1", "one");
        alice.send("data-1", "two");
        call.simulation.runMs(1_000);
        assertThat(bob.messages("d-bob")).isEmpty();

        call.room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
        alice.send("data-1", "three");
        call.simulation.runMs(1_000);

        assertThat(bob.messages("d-bob")).containsExactly("one", "two", "three");
        assertThat(call.router.drops("data_unrouted")).isZero();
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Tests the bounds of HeldMessages: 64 messages and 64 KiB per channel, and 256 KiB per client. */
    @Test
    void heldMessagesAreBoundedAndTheRestIsCounted() {
        call.room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, alice);
        alice.openChannel("data-1", ChannelParameters.RELIABLE);
        call.simulation.runMs(1_000);
        for (int i = 0; i < 100; i++) {
            alice.send("data-1", "message " + i);
        }
        call.simulation.runMs(2_000);
        assertThat(call.router.drops("data_unrouted")).isEqualTo(36);

        // Each message has 60 KiB, so with the fifth message the total would exceed 256 KiB.
        for (int channel = 2; channel <= 6; channel++) {
            alice.openChannel("data-" + channel, ChannelParameters.RELIABLE);
            call.simulation.runMs(200);
            alice.send("data-" + channel, "x".repeat(60 * 1024));
            call.simulation.runMs(1_000);
        }
        assertThat(call.router.drops("data_unrouted")).isEqualTo(37);

        call.room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
        call.simulation.runMs(1_000);
        assertThat(bob.messages("d-bob")).hasSize(64).startsWith("message 0").endsWith("message 63");
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void signalingChannelsOpenCarryTextAndClose() {
        call.room.openChannel(bob, "render-hints");
        call.simulation.await("open", 5_000, () -> bob.channelsOfRouter().containsKey("render-hints"));
        bob.send("render-hints", "{\"type\":\"ready\"}");
        call.simulation.runMs(200);
        call.room.sendText(bob, "render-hints", "{\"type\":\"answer\"}");
        call.simulation.runMs(200);

        assertThat(call.router.events(MediaEvent.ChannelChanged.class, bob.id()))
                .containsExactly(new MediaEvent.ChannelChanged(bob.id(), "render-hints", true));
        assertThat(call.router.events(MediaEvent.ChannelMessage.class, bob.id()))
                .containsExactly(new MediaEvent.ChannelMessage(bob.id(), "render-hints", "{\"type\":\"ready\"}"));
        assertThat(bob.messages("render-hints")).containsExactly("{\"type\":\"answer\"}");

        call.room.closeChannel(bob, "render-hints");
        call.simulation.await("closed", 3_000, () -> bob.closedChannels().contains("render-hints"));
        call.room.sendText(bob, "render-hints", "nobody hears this");
        assertThat(call.router.drops("channel_not_open")).isEqualTo(1);
        call.closeAndCheckForLeaks(alice, bob);
    }

    /** Tests that the router opens a channel again after the client closed it, because the room still wants it. */
    @Test
    void signalingChannelThatTheClientClosesIsOpenedAgain() {
        call.room.openChannel(bob, "render-hints");
        call.simulation.await("open", 5_000, () -> bob.channelsOfRouter().containsKey("render-hints"));
        bob.closeChannel("render-hints");
        call.simulation.runMs(3_000);

        assertThat(bob.channelsOfRouter()).containsKey("render-hints");
        assertThat(call.router.events(MediaEvent.ChannelChanged.class, bob.id()))
                .extracting(MediaEvent.ChannelChanged::open)
                .containsExactly(true, false, true);
        call.closeAndCheckForLeaks(alice, bob);
    }
}
