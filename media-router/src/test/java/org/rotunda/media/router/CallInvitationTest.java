package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/** Tests which clients are asked for a ClientHello. What a client does then is tested in {@code DtlsTransportTest}. */
class CallInvitationTest {
    private final Calls call = new Calls(31);

    @Test
    void aClientThatHasMovedIsAskedUntilItsClientHelloComes() {
        SimulatedPeer alice = call.room.joined("alice");
        call.publishVideo(alice, 1);
        call.simulation.runMs(500);
        SimulatedRouter next = inviting();
        alice.setHelloWithheld(true);

        call.room.moveTo(next, alice);
        call.simulation.await("the first invitation", 1_000, () -> alice.invitations() > 0);
        int first = alice.invitations();
        call.simulation.await("a further invitation", 10_000, () -> alice.invitations() > first);

        assertThat(alice.isConnected()).isFalse();
    }

    @Test
    void aClientThatHasNotAnsweredTheOfferIsNotAsked() {
        SimulatedPeer alice = call.room.joined("alice");
        call.publishVideo(alice, 1);
        call.simulation.runMs(500);
        SimulatedRouter next = inviting();
        alice.setHelloWithheld(true);
        alice.setDeaf(true);

        call.room.moveTo(next, alice);
        call.simulation.runMs(5_000);

        assertThat(alice.invitations()).isZero();
    }

    @Test
    void aNewClientIsNotAsked() {
        call.router.setInviting(true);
        SimulatedPeer alice = call.room.joined("alice");
        call.publishVideo(alice, 1);
        call.simulation.runMs(5_000);

        assertThat(alice.invitations()).isZero();
        assertThat(alice.isConnected()).isTrue();
    }

    private SimulatedRouter inviting() {
        SimulatedRouter next = new SimulatedRouter(call.simulation);
        next.setInviting(true);
        return next;
    }
}
