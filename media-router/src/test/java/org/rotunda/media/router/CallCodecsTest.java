package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/** Tests a client without H.264 in a room that allows only H.264. */
class CallCodecsTest {
    private final Calls call = new Calls(9);
    private final SimulatedPeer alice;
    private final SimulatedPeer bob;

    CallCodecsTest() {
        call.room.setVideoCodecs(VideoCodec.H264);
        alice = call.room.joined("alice");
        bob = call.room.joined("bob", PeerOptions.CHROMIUM.withVideoCodecs(VideoCodec.VP8));
    }

    private List<MediaEvent.CodecsMissing> missing(SimulatedRouter router, SimulatedPeer peer) {
        return router.events(MediaEvent.CodecsMissing.class, peer.id());
    }

    @Test
    void kindsWithoutACodecAreReportedBeforeTheAnswerAndOnRequest() {
        var expected = new MediaEvent.CodecsMissing(bob.id(), Set.of(TrackKind.VIDEO));
        assertThat(missing(call.router, bob)).containsExactly(expected);
        assertThat(missing(call.router, alice)).isEmpty();
        assertThat(call.router.events().stream()
                        .filter(event -> event.equals(expected) || event instanceof MediaEvent.LocalDescription)
                        .filter(event -> event.transport().equals(bob.id())))
                .element(0)
                .isEqualTo(expected);

        call.router.command(new MediaCommand.ReportTransport(bob.id(), call.room.epoch()));
        assertThat(missing(call.router, bob)).containsExactly(expected, expected);
    }

    @Test
    void soundAndDataGoOnWithoutVideo() {
        call.publishAudio(alice);
        call.publishAudio(bob);
        String toBob = call.subscribeAudio(bob, alice);
        String toAlice = call.subscribeAudio(alice, bob);
        bob.openChannel("data-1", ChannelParameters.RELIABLE);
        call.room.publish(bob, "MD-bob", "data-1", TrackKind.DATA);
        call.room.subscribe(alice, "d-alice", "MD-bob", TrackKind.DATA, bob);
        call.awaitFrames(bob, toBob, 20);
        call.awaitFrames(alice, toAlice, 20);
        call.simulation.await(
                "the channel", 5_000, () -> alice.channelsOfRouter().containsKey("d-alice"));
        bob.send("data-1", "hello");
        call.simulation.await(
                "the message", 2_000, () -> alice.messages("d-alice").contains("hello"));
        call.closeAndCheckForLeaks(alice, bob);
    }

    @Test
    void kindsWithoutACodecAreReportedAgainAfterAMove() {
        SimulatedRouter next = new SimulatedRouter(call.simulation);
        call.room.moveTo(next, alice);
        call.room.moveTo(next, bob);
        call.simulation.runMs(2_000);

        assertThat(missing(next, bob)).containsExactly(new MediaEvent.CodecsMissing(bob.id(), Set.of(TrackKind.VIDEO)));
        assertThat(missing(next, alice)).isEmpty();
    }
}
