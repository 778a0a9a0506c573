package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/** Tests messages on data channels while the connections move to another node. */
class CallMoveDataTest {
    private final Calls call = new Calls(31);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");
    private final SimulatedRouter next = new SimulatedRouter(call.simulation);
    private final List<String> sent = new ArrayList<>();

    @BeforeEach
    void openChannels() {
        alice.openChannel("data-1", ChannelParameters.RELIABLE);
        call.room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
        call.room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, alice);
        call.room.openChannel(bob, "hints");
        call.simulation.await(
                "channels", 5_000, () -> bob.channelsOfRouter().keySet().containsAll(List.of("d-bob", "hints")));
        call.simulation.runMs(300); // Within this time the router learns that the channels are open.
    }

    private void sendForMs(long ms) {
        for (long at = 0; at < ms; at += 50) { // The loop sends 20 messages per second.
            sent.add("message " + sent.size());
            alice.send("data-1", sent.get(sent.size() - 1));
            call.simulation.runMs(50);
        }
    }

    /**
     * Checks that all messages came in order. The last messages before the move may come twice. Returns the number of
     * messages that came twice.
     */
    private int assertAllInOrder(List<String> received) {
        List<String> first = new ArrayList<>();
        HashSet<String> seen = new HashSet<>();
        for (String message : received) {
            if (seen.add(message)) {
                first.add(message);
            }
        }
        assertThat(first).isEqualTo(sent);
        return received.size() - first.size();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 13, 21, 34, 48})
    void everyMessageArrivesInOrderWhileBothMove(int offsetMs) {
        alice.link().up().delayMs(20);
        bob.link().down().delayMs(30);
        sendForMs(1_000);
        call.simulation.runMs(offsetMs);
        call.room.leaveTo(next, alice, bob);
        sendForMs(3_000);
        call.simulation.runMs(2_000);

        assertThat(assertAllInOrder(bob.messages("d-bob")))
                .as("a message whose confirmation was under way")
                .isLessThanOrEqualTo(2);
        assertThat(bob.closedChannels()).isEmpty();
        assertThat(call.router.snapshot().transports()).isZero();
        endAt(next);
    }

    /**
     * Tests that order is kept when Bob reaches the next node before Alice. The old node hands over the messages that
     * Alice sends meanwhile.
     */
    @Test
    void messagesOfAPublisherWhoMovesLaterComeFirst() {
        sendForMs(500);
        alice.setDeaf(true); // The offer that moves Alice is lost.
        call.room.leaveTo(next, alice, bob);
        sendForMs(1_500);
        assertThat(connected(bob)).isTrue();
        assertThat(connected(alice)).isFalse();
        alice.setDeaf(false);
        next.command(new MediaCommand.ReportTransport(alice.id(), call.room.epoch())); // The offer is sent again.
        sendForMs(2_000);
        call.simulation.runMs(2_000);

        assertAllInOrder(bob.messages("d-bob"));
        endAt(next);
    }

    @Test
    void newMessagesWaitForTheRepeatsButNotForEver() {
        call.router.kill();
        call.room.moveTo(next, alice);
        call.room.moveTo(next, bob);
        call.simulation.await("both are there", 5_000, () -> connected(alice) && connected(bob));
        call.simulation.runMs(300);
        call.room.sendText(bob, "hints", "new");
        call.simulation.runMs(900);
        assertThat(bob.messages("hints")).isEmpty();
        call.simulation.runMs(200);
        assertThat(bob.messages("hints")).containsExactly("new");

        next.command(new MediaCommand.RepeatMessages(
                bob.id(), call.room.epoch(), List.of(message("hints", "late"), message("unknown", "lost"))));
        call.simulation.runMs(200);
        assertThat(bob.messages("hints")).containsExactly("new", "late");
        assertThat(next.drops("data_unrouted")).isEqualTo(1);
        endAt(next);
    }

    @Test
    void nothingWaitsOnceTheRoomSaysThatNothingIsRepeated() {
        call.router.kill();
        call.room.moveTo(next, bob);
        next.command(new MediaCommand.RepeatMessages(bob.id(), call.room.epoch(), List.of()));
        call.simulation.await("he is there", 5_000, () -> connected(bob));
        call.room.sendText(bob, "hints", "new");
        call.simulation.runMs(200);
        assertThat(bob.messages("hints")).containsExactly("new");
        endAt(next);
    }

    @Test
    void repeatsComeBeforeNewerMessages() {
        call.router.kill();
        call.room.moveTo(next, bob);
        call.room.sendText(bob, "hints", "new");
        next.command(new MediaCommand.RepeatMessages(
                bob.id(), call.room.epoch(), List.of(message("hints", "one"), message("hints", "two"))));
        call.simulation.await("they arrive", 5_000, () -> bob.messages("hints").size() == 3);
        assertThat(bob.messages("hints")).containsExactly("one", "two", "new");
        endAt(next);
    }

    /**
     * Tests new messages to Bob, which wait at the next node until the old node hands over its undelivered messages. If
     * Bob's transport closes before that, the next node must hand over the waiting messages.
     */
    @Test
    void waitingMessagesAreHandedOverToo() {
        call.router.kill();
        call.room.moveTo(next, bob);
        call.room.sendText(bob, "hints", "new");
        next.command(new MediaCommand.CloseTransport(bob.id(), call.room.epoch(), false));
        assertThat(next.events(MediaEvent.Unacknowledged.class, bob.id()))
                .containsExactly(new MediaEvent.Unacknowledged(bob.id(), List.of(message("hints", "new"))));
        assertThat(next.events()).endsWith(new MediaEvent.StateChanged(bob.id(), MediaEvent.State.CLOSED));
        bob.vanish();
        alice.vanish();
    }

    @Test
    void channelThatHoldsTooMuchWaitsNoLonger() {
        call.router.kill();
        call.room.moveTo(next, bob);
        String text = "x".repeat(60 * 1024);
        for (int i = 0; i < 5; i++) {
            call.room.sendText(bob, "hints", i + text);
        }
        call.simulation.await("they arrive", 5_000, () -> bob.messages("hints").size() == 5);
        assertThat(bob.messages("hints"))
                .extracting(message -> message.substring(0, 1))
                .containsExactly("0", "1", "2", "3", "4");
        endAt(next);
    }

    @Test
    void theHandedOverMessagesAreBounded() {
        bob.link().down().cut(true);
        String text = "x".repeat(60 * 1024);
        for (int i = 0; i < 18; i++) {
            call.room.sendText(bob, i < 9 ? "hints" : "more", i + text);
            if (i == 0) {
                bob.link().down().cut(false);
                call.room.openChannel(bob, "more");
                call.simulation.await(
                        "more", 5_000, () -> bob.channelsOfRouter().containsKey("more"));
                call.simulation.runMs(500);
                bob.link().down().cut(true);
            }
        }
        call.router.command(new MediaCommand.CloseTransport(bob.id(), call.room.epoch(), false));
        List<DataMessage> messages = call.router
                .events(MediaEvent.Unacknowledged.class, bob.id())
                .get(0)
                .messages();
        assertThat(messages)
                .hasSize(17)
                .first()
                .satisfies(message -> assertThat(message.payload()[0]).isEqualTo((byte) '1'));
        assertThat(messages.stream()
                        .mapToInt(message -> message.payload().length)
                        .sum())
                .isLessThanOrEqualTo(MediaEvent.UNACKNOWLEDGED_BYTES_MAX);
        alice.vanish();
        bob.vanish();
    }

    private boolean connected(SimulatedPeer peer) {
        return next.events(MediaEvent.StateChanged.class, peer.id()).stream()
                .anyMatch(changed -> changed.state() == MediaEvent.State.CONNECTED);
    }

    private static DataMessage message(String label, String text) {
        return new DataMessage(label, false, text.getBytes(StandardCharsets.UTF_8));
    }

    private void endAt(SimulatedRouter router) {
        call.room.close(alice, true);
        call.room.close(bob, true);
        call.simulation.runMs(500);
        alice.vanish();
        bob.vanish();
        router.core().close();
        call.router.core().close();
        assertThat(call.simulation.bytesInUse()).isZero();
    }
}
