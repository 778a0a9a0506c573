package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.ice.TcpRemote;
import org.rotunda.media.testkit.SimulatedPeer;

/** Tests calls of a client whose packets go over TCP connections. The connections themselves are simulated. */
class CallTcpTest {
    private static final InetSocketAddress FIRST = new InetSocketAddress("192.0.2.1", 40_001);
    private static final InetSocketAddress SECOND = new InetSocketAddress("192.0.2.1", 40_002);

    private final Calls call = new Calls(61);
    private final SimulatedPeer alice = call.room.joined("alice");
    private final SimulatedPeer bob = call.room.joined("bob");

    /** Makes Alice and Bob see each other, and waits until they do. */
    private void begin() {
        call.publishVideo(alice, 2);
        call.publishVideo(bob, 2);
        call.subscribeVideo(alice, bob);
        call.subscribeVideo(bob, alice);
        awaitNewFrames();
    }

    private void awaitNewFrames() {
        long sinceNanos = call.simulation.nowNanos();
        call.simulation.await(
                "new frames in both directions",
                5_000,
                () -> List.of("v-bob-alice", "v-alice-bob").stream().allMatch(id -> {
                    SimulatedPeer subscriber = id.endsWith("alice") ? alice : bob;
                    return subscriber.receives(id)
                            && !subscriber.received(id).frames().isEmpty()
                            && subscriber.received(id).lastFrame().captureNanos() > sinceNanos;
                }));
    }

    private TcpRemote moveToTcp(InetSocketAddress address) {
        TcpRemote connection = call.router.acceptTcp(address);
        alice.moveToAddress(address);
        call.simulation.await(
                "a check over TCP", 5_000, () -> call.router.core().isValidated(connection));
        return connection;
    }

    private List<MediaEvent.State> statesOfAlice() {
        return call.router.events(MediaEvent.StateChanged.class, alice.id()).stream()
                .map(MediaEvent.StateChanged::state)
                .toList();
    }

    @Test
    void aCallGoesFromUdpToTcpAndBack() {
        begin();
        InetSocketAddress udp = alice.address();
        assertThat(call.router.sentByTcp()).isZero();

        moveToTcp(FIRST);
        long sentByTcp = call.router.sentByTcp();
        call.simulation.runMs(2_000);
        awaitNewFrames();
        assertThat(call.router.sentByTcp()).isGreaterThan(sentByTcp + 100);

        alice.moveToAddress(udp);
        call.simulation.runMs(3_000); // A check comes every 2.5 s.
        sentByTcp = call.router.sentByTcp();
        call.simulation.runMs(2_000);
        awaitNewFrames();
        assertThat(call.router.sentByTcp()).isEqualTo(sentByTcp);
        assertThat(statesOfAlice()).containsExactly(MediaEvent.State.CONNECTED);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aClientWhoseConnectionEndsComesBackOnAnother() {
        begin();
        moveToTcp(FIRST);
        awaitNewFrames();

        call.router.endTcp(FIRST);
        assertThat(statesOfAlice()).containsExactly(MediaEvent.State.CONNECTED, MediaEvent.State.DISCONNECTED);
        long sentByTcp = call.router.sentByTcp();
        long sent = call.router.sent();
        call.simulation.runMs(500);
        assertThat(call.router.sentByTcp()).as("nothing is sent to Alice").isEqualTo(sentByTcp);
        assertThat(call.router.sent()).as("Bob is served").isGreaterThan(sent);

        moveToTcp(SECOND);
        awaitNewFrames();
        assertThat(statesOfAlice())
                .containsExactly(MediaEvent.State.CONNECTED, MediaEvent.State.DISCONNECTED, MediaEvent.State.CONNECTED);
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aDatagramFromTheAddressOfAConnectionIsNotOfThatConnection() {
        begin();
        TcpRemote connection = moveToTcp(FIRST);
        long unknown = call.router.drops("unknown_source");
        byte[] rtp = new byte[200];
        rtp[0] = (byte) 0x80;
        call.router.core().onDatagram(Unpooled.wrappedBuffer(rtp), FIRST, call.simulation.nowNanos());
        assertThat(call.router.drops("unknown_source")).isEqualTo(unknown + 1);
        assertThat(call.router.core().isValidated(FIRST)).isFalse();
        assertThat(call.router.core().isValidated(connection)).isTrue();
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void aConnectionIsOfNoUseAfterItsTransportOrItsConsent() {
        begin();
        TcpRemote ofConsent = moveToTcp(FIRST);
        TcpRemote ofTransport = moveToTcp(SECOND);
        assertThat(call.router.core().isValidated(ofConsent)).isTrue();
        call.simulation.runMs(31_000);
        assertThat(call.router.core().isValidated(ofConsent)).isFalse();
        assertThat(call.router.core().isValidated(ofTransport)).isTrue();

        call.room.close(alice, true);
        call.simulation.runMs(100);
        assertThat(call.router.core().isValidated(ofTransport)).isFalse();
        call.closeAndCheckForLeaks(bob);
        alice.vanish();
    }
}
