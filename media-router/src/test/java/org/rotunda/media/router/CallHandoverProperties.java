package org.rotunda.media.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.testkit.PeerOptions;
import org.rotunda.media.testkit.ReceivedStream;
import org.rotunda.media.testkit.SimulatedPeer;
import org.rotunda.media.testkit.SimulatedRouter;

/** Properties of a call whose node dies. Its connections continue at another node. */
class CallHandoverProperties {
    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void callGoesOnAtAnotherNode(
            @ForAll long seed, @ForAll @IntRange(max = 5) int lossPercent, @ForAll boolean subscriberHasRtx) {
        Calls call = new Calls(seed);
        SimulatedPeer alice = call.room.joined("alice");
        SimulatedPeer bob = call.room.joined("bob", subscriberHasRtx ? PeerOptions.CHROMIUM : PeerOptions.WITHOUT_RTX);
        call.publishVideo(alice, 3);
        call.publishAudio(alice);
        alice.openChannel("data-1", ChannelParameters.RELIABLE);
        call.room.publish(alice, "MT-data", "data-1", TrackKind.DATA);
        call.room.openChannel(bob, "hints");
        String video = call.subscribeVideo(bob, alice);
        String audio = call.subscribeAudio(bob, alice);
        call.room.subscribe(bob, "d-bob", "MT-data", TrackKind.DATA, alice);
        call.awaitFrames(bob, video, 30);
        call.awaitFrames(bob, audio, 30);
        call.simulation.await(
                "channels", 5_000, () -> bob.channelsOfRouter().keySet().containsAll(Set.of("hints", "d-bob")));
        alice.send("data-1", "before");
        call.simulation.runMs(500);
        for (SimulatedPeer peer : new SimulatedPeer[] {alice, bob}) {
            peer.link().up().loss(lossPercent / 100.0);
            peer.link().down().loss(lossPercent / 100.0);
        }
        int oldVideo = bob.received(video).ssrc();
        int oldAudio = bob.received(audio).ssrc();

        call.router.kill();
        SimulatedRouter next = new SimulatedRouter(call.simulation);
        call.room.moveTo(next, alice);
        call.room.moveTo(next, bob);
        call.simulation.await(
                "media at the new node",
                10_000,
                () -> bob.received(video).ssrc() != oldVideo
                        && bob.received(audio).ssrc() != oldAudio
                        && bob.received(video).frames().size() > 60
                        && bob.received(audio).frames().size() > 60);
        alice.send("data-1", "after");
        bob.send("hints", "still here");
        call.room.sendText(bob, "hints", "so are we");
        call.simulation.runMs(5_000);

        for (ReceivedStream stream : new ReceivedStream[] {bob.received(video), bob.received(audio)}) {
            assertThat(stream.violations()).as(stream.toString()).isEmpty();
        }
        assertThat(bob.receives(video)).isTrue(); // An m-line of Bob still carries the track.
        assertThat(bob.messages("d-bob")).containsExactly("before", "after");
        assertThat(bob.messages("hints")).containsExactly("so are we");
        assertThat(bob.closedChannels()).isEmpty();
        assertThat(alice.closedChannels()).isEmpty();
        assertThat(alice.isDataDown() || bob.isDataDown()).isFalse();
        assertThat(next.events())
                .contains(new MediaEvent.ChannelMessage(bob.id(), "hints", "still here"))
                .contains(new MediaEvent.ChannelChanged(bob.id(), "hints", true));
        call.room.close(alice, true);
        call.room.close(bob, true);
        call.simulation.runMs(500);
        alice.vanish();
        bob.vanish();
        next.core().close();
        assertThat(call.simulation.bytesInUse()).isZero();
    }
}
